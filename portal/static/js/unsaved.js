// Asks before typed text is lost. A form that came back with errors is drawn with data-dirty by the server.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-guard]");
  if (form) form.dataset.dirty = "";
});
document.addEventListener("submit", ({ target }) => delete target.dataset.dirty);
document.addEventListener("htmx:afterRequest", ({ detail: { elt, failed } }) => {
  if (failed && elt.matches("form[data-guard]")) elt.dataset.dirty = "";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
