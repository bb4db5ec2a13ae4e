// <button data-copy="text">: puts the text on the clipboard and says so with data-copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: button.dataset.copied, tone: "good" } }));
});
