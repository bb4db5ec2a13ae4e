// Asks before typed text is lost. A form that came back with errors is drawn with data-dirty by the server.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-guard]");
  if (form) form.dataset.dirty = "";
});
document.addEventListener("submit", ({ target }) => delete target.dataset.dirty);
document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  // Refused (a 409 counts as no failure to htmx) or not answered at all: what was typed is still only here.
  if ((xhr.status === 0 || xhr.status >= 400) && elt.matches("form[data-guard]")) elt.dataset.dirty = "";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
