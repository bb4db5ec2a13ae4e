// One-letter keys: / search, n new, j and k from row to row, ? the list of keys. They can be turned off (WCAG 2.1.4).
const help = document.getElementById("keys");
const drawer = document.getElementById("drawer");
const wanted = help.querySelector("[data-keys-on]");

function step(by) {
  const rows = [...document.querySelectorAll("a[data-row]")];
  const here = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  if (drawer.open) next?.click();
  else next?.focus();
}

const KEYS = {
  "/": () => document.getElementById("search")?.focus(),
  n: () => document.querySelector("[data-new]")?.click(),
  j: () => step(1),
  k: () => step(-1),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (localStorage.getItem("keys") === "off" || help.open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (drawer.open && !["j", "k"].includes(event.key)) return;
  if (!Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

wanted.checked = localStorage.getItem("keys") !== "off";
wanted.addEventListener("change", () => localStorage.setItem("keys", wanted.checked ? "on" : "off"));
document.querySelector("[data-show-keys]").addEventListener("click", () => help.showModal());
