// What holds for every form.

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

// A form that is on its way cannot be sent again; when the answer is there, or the page comes back, it can.
const buttons = (form) => [...form.elements].filter((part) => part.type === "submit");
const hold = (form, held) => buttons(form).forEach((button) => (button.disabled = held));

document.addEventListener("submit", (event) => {
  // htmx takes its forms over and tells of them below. Disabled at once, the button's own name would not be sent.
  if (!event.defaultPrevented && event.target.method === "post") setTimeout(hold, 0, event.target, true);
});
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  if (elt.matches("form[method=post]")) hold(elt, true);
});
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => {
  if (elt.matches("form[method=post]")) hold(elt, false);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[method=post]").forEach((form) => hold(form, false));
});

// What arrives while a finger is down waits for it: a button that moves beneath it would not be pressed.
let pressed = false;
for (const name of ["pointerdown", "pointerup", "pointercancel"])
  addEventListener(name, () => (pressed = name === "pointerdown"), true);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asker = detail.requestConfig.elt.closest("[hx-swap]");
  const swap = detail.swapOverride ?? asker?.getAttribute("hx-swap") ?? "innerHTML";
  if (pressed) detail.swapOverride = `${swap} swap:300ms`;
});
