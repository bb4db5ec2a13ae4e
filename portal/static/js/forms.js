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

// Only what the chosen category needs is asked first: its button lists the fields in data-asks. Others are folded away
// unless something stands in them or a message beside them; [data-asks-all] brings them back.
const FOLDED = ["phone", "company", "host", "department", "party_size", "purpose", "place", "refreshment", "errand"];

function fold(form) {
  const chosen = form.querySelector("[data-asks]:checked");
  const all = form.querySelector("[data-asks-all]");
  if (!chosen || !all) return;
  const asked = chosen.dataset.asks.split(" ");
  let folded = false;
  for (const name of FOLDED) {
    const part = form.elements[name];
    const needless = !asked.includes(name) && part.value === (part.dataset.usual ??= usual(part)) && !part.hasAttribute("aria-invalid");
    part.closest(".field").hidden = needless;
    folded ||= needless;
  }
  all.hidden = !folded;
}
const usual = (part) => part.options?.[0].value ?? part.min ?? "";

document.addEventListener("change", ({ target }) => target.matches("[data-asks]") && fold(target.form));
document.addEventListener("click", ({ target }) => {
  const all = target.closest("[data-asks-all]");
  if (!all) return;
  all.closest("form").querySelectorAll(".field[hidden]").forEach((part) => (part.hidden = false));
  all.hidden = true;
});
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  (elt.querySelectorAll ? [...elt.querySelectorAll("form:has([data-asks])")] : []).forEach(fold);
});
