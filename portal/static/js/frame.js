// What every page's frame does: how htmx works, messages, menus, the drawer, one-letter keys, copying.

// How htmx works here, told before it starts (scripts that wait for the page run before DOMContentLoaded, it starts then).
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  defaultSettleDelay: 0, // in between, what was swapped in is no form of htmx's yet, and whoever is quick leaves the page
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  historyRestoreAsHxRequest: false,
  responseHandling: [
    { code: "[23]04", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
// Says on <html> that htmx has taken the page over: before that, a typed key would be lost to it.
document.body.addEventListener("htmx:load", () => (document.documentElement.dataset.ready = ""), { once: true });

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

const CLAUSE = /\b([A-Z]{2}-\d\d)\b/; // leads to the handbook
const linked = (said, place) =>
  place % 2 ? Object.assign(document.createElement("a"), { href: template.dataset.handbook + said, textContent: said }) : said;

function show(text, tone = "good") {
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.dataset.tone = tone;
  toast.querySelector("span").append(...text.split(CLAUSE).map(linked));
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

// A menu is a <details>; with script it also closes by Escape (the focus goes back to it) and by a click elsewhere.
const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target) && !event.target.closest(".rail")) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// On a wide screen the link of a list row opens its page in a drawer beside the list; otherwise it is a plain link.
const ROW = "a[data-row], .rows td:first-child a";
const drawer = document.getElementById("drawer");
const body = drawer.querySelector(".drawer-body");
const wide = matchMedia("(min-width: 64rem)");
let address = "";
let changed = false;

const mayLeave = () => !body.querySelector("[data-dirty]") || confirm(document.body.dataset.unsaved);
const row = () => [...document.querySelectorAll(ROW)].find((link) => link.getAttribute("href") === address);

function follow(link) {
  if (!mayLeave()) return;
  const asked = link.getAttribute("href");
  const said = () => undefined; // a page that could not be had: the toast has told the person
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
  const link = event.target.closest(ROW);
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || !wide.matches) return;
  event.preventDefault();
  follow(link);
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
  if (outside) document.elementFromPoint(event.clientX, event.clientY)?.closest(ROW)?.click();
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

// One-letter keys: / search, n new, j and k from row to row, ? the list of keys; whatever bears data-key has one of its
// own. They can be turned off (WCAG 2.1.4).
const help = document.getElementById("keys");
const wanted = help.querySelector("[data-keys-on]");

function step(by) {
  const rows = [...document.querySelectorAll(ROW)];
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
  const own = !drawer.open && document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!own && !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  own ? own.click() : KEYS[event.key]();
});

wanted.checked = localStorage.getItem("keys") !== "off";
wanted.addEventListener("change", () => localStorage.setItem("keys", wanted.checked ? "on" : "off"));
document.querySelector("[data-show-keys]").addEventListener("click", () => help.showModal());

// <button data-copy="text">: puts the text on the clipboard and says so with data-copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  show(button.dataset.copied);
});

// A part that needs a script of its own brings its address; fragments cannot load one.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  elt.querySelectorAll?.("[data-script]").forEach((part) => import(part.dataset.script));
});
