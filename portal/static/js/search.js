// The arrows go from the search field to its hits and from hit to hit, Escape goes back; loaded with the first hits.
const field = document.getElementById("search");
const found = document.getElementById("search-found");

// Those of the field while it has any, else those of the page.
const hits = () => [...document.querySelectorAll(found.firstElementChild ? "#search-found a" : "[data-hits] a:not(.btn)")];

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const inside = event.target === field || found.contains(event.target);
  if (event.key === "Escape" && inside && found.firstElementChild) {
    event.preventDefault();
    found.replaceChildren();
    field.focus();
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = hits();
  const here = links.indexOf(event.target);
  if (!by || !links.length || (event.target !== field && here < 0)) return;
  event.preventDefault();
  (here + by < 0 ? field : links[here + by])?.focus();
});

// Whoever goes on to something else leaves the hits behind.
field.form.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget && !field.form.contains(relatedTarget)) found.replaceChildren();
});
document.addEventListener("click", ({ target }) => {
  if (!field.form.contains(target)) found.replaceChildren();
});
