// <button data-print>: the browser's print dialog.
document.querySelector("[data-print]").addEventListener("click", () => window.print());

// <button data-copy="text" hidden>: puts the text on the clipboard and says so.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
