// On a wide screen the link of a list row opens its page in a drawer beside the list; otherwise it is a plain link.
const drawer = document.getElementById("drawer");
const body = drawer.querySelector("[data-drawer-body]");
const wide = matchMedia("(min-width: 64rem)");
let address = "";
let changed = false;

const mayLeave = () => !body.querySelector("[data-dirty]") || confirm(document.body.dataset.unsaved);
const row = () => [...document.querySelectorAll("a[data-row]")].find((link) => link.getAttribute("href") === address);

function show(link) {
  if (!mayLeave()) return;
  const asked = link.getAttribute("href");
  const said = () => undefined; // a page that could not be had: toast.js has told the person
  htmx.ajax("GET", asked, { source: body, target: body, swap: "innerHTML ignoreTitle:true" }).catch(said);
}

function mark(asked) {
  row()?.removeAttribute("aria-current");
  address = asked;
  row()?.setAttribute("aria-current", "true");
  drawer.querySelector("[data-drawer-page]").href = asked;
  body.scrollTop = 0;
  if (!drawer.open) drawer.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-row]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || !wide.matches) return;
  event.preventDefault();
  show(link);
});

body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === body) mark(detail.pathInfo.requestPath);
});
body.addEventListener("htmx:afterRequest", ({ detail }) => {
  changed ||= detail.xhr.status < 400 && detail.requestConfig.verb !== "get";
});

drawer.addEventListener("cancel", (event) => {
  if (!mayLeave()) event.preventDefault();
});
drawer.addEventListener("click", (event) => {
  const outside = event.target === drawer;
  if (!outside && !event.target.closest("[data-drawer-close]")) return;
  if (!mayLeave()) return;
  drawer.close();
  // A click beside the drawer on another row means that row.
  if (outside) document.elementFromPoint(event.clientX, event.clientY)?.closest("a[data-row]")?.click();
});
drawer.addEventListener("close", () => {
  body.replaceChildren();
  row()?.removeAttribute("aria-current");
  row()?.focus();
  if (!changed) return;
  changed = false;
  for (const list of document.querySelectorAll("[data-refresh]")) htmx.trigger(list, "refresh");
  document.addEventListener("htmx:afterSettle", () => row()?.focus(), { once: true });
});
