// Shows what the server said (HX-Trigger: {"toast": {"text", "tone"}}), and says so when it could not be reached.
const STAY = 8000; // milliseconds; a refusal stays until it is closed
const template = document.getElementById("toast");

function region() {
  // While a modal dialog is open, everything outside it is silent for a screen reader.
  return document.querySelector("dialog[open] [data-toasts]") ?? document.querySelector("[data-toasts]");
}

function expire(toast) {
  if (toast.dataset.tone !== "good") return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, STAY) : toast.remove());
  setTimeout(leave, STAY);
}

function show(text, tone = "good") {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("span").textContent = text;
  region().append(toast);
  expire(toast);
}

document.addEventListener("toast", ({ detail: { text, tone } }) => show(text, tone));
document.addEventListener("htmx:sendError", () => show(template.dataset.unreachable, "bad"));
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (!xhr.getResponseHeader("HX-Trigger")) show(template.dataset.failed, "bad");
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-toast]")) event.target.closest(".toast").remove();
});
document.querySelectorAll(".toast").forEach(expire);
