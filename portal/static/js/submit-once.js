// A form that is on its way cannot be sent again; when the answer is there, or the page comes back, it can.
const buttons = (form) => form.querySelectorAll("[type=submit]");
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
