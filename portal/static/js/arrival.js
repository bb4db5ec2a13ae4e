// Only what the chosen category of a visitor needs is asked first: its button lists the fields in data-asks. Others are folded away
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
