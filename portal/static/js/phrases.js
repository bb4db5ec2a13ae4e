// Phrases: a line is copied from the library, or put into a reply at the cursor (PG-03). Keys: Alt+P opens the panel,
// letters search, arrows walk, Enter takes, Escape goes back.

const find = (box) => box.querySelector("[data-find]") ?? document.getElementById("find");
const lines = (box) => [...box.querySelectorAll("[data-say]")];
const boxOf = (part) => part.closest?.(".picker, [data-phrases]");
const lineOf = (asks) => asks.closest("li").querySelector("[data-say]");
const library = () => document.getElementById("phrases");

async function open(button) {
  const field = document.getElementById(button.dataset.pick);
  const there = button.parentElement.querySelector(".picker");
  if (there) return shut(there);
  const box = document.createElement("div");
  box.className = "picker";
  box.field = field;
  box.addEventListener("input", (event) => event.stopPropagation()); // not part of the reply
  button.after(box);
  button.setAttribute("aria-expanded", "true");
  await htmx.ajax("GET", button.getAttribute("href"), { source: box, target: box, swap: "innerHTML" });
  find(box)?.focus();
}

function shut(box) {
  box.previousElementSibling.removeAttribute("aria-expanded");
  box.field.focus();
  box.remove();
}

function insert(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const gap = /[\w.,;:!?)]$/.test(before) && /^\w/.test(text) ? " " : "";
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function take(line) {
  const open = [...line.dataset.say.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (open.length) ask(line, open);
  else give(line, line.dataset.say);
}

// What is not known yet is asked for.
function ask(line, open) {
  const box = boxOf(line);
  box.querySelector("li > .asks")?.remove();
  const asks = box.querySelector("template[data-holes]").content.firstElementChild.cloneNode(true);
  for (const label of asks.querySelectorAll("label")) if (!open.includes(label.dataset.blank)) label.remove();
  line.closest("li").append(asks);
  asks.querySelector("input").focus();
}

function fill(asks) {
  const typed = (name) => asks.querySelector(`[data-blank=${name}] input`).value.trim();
  const empty = asks.querySelector("input:invalid");
  if (empty) return empty.focus();
  const line = lineOf(asks);
  const text = line.dataset.say.replace(/\{(\w+)\}/g, (_hole, name) => typed(name));
  asks.remove();
  line.focus();
  give(line, text);
}

async function give(line, text) {
  const box = boxOf(line);
  count(line.dataset.use);
  if (box.field) {
    box.querySelector("[data-said]").textContent = text;
    return insert(box.field, text);
  }
  await navigator.clipboard.writeText(text);
  line.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: box.dataset.done } }));
}

function count(address) {
  const body = new URLSearchParams({ csrf_token: document.querySelector("[name=csrf_token]").value });
  fetch(address, { method: "POST", headers: { "HX-Request": "true" }, body, keepalive: true }).catch(() => undefined);
}

// The list answers a moment after the last letter: keys wait for it.
const late = (box) => (box.querySelector("[data-rows]")?.dataset.words ?? "") !== find(box).value.trim();

function takeFirst(box) {
  find(box).toggleAttribute("data-waits", late(box));
  if (!late(box) && lines(box)[0]) take(lines(box)[0]);
}

document.addEventListener("htmx:afterSettle", () => {
  const waiting = document.querySelector("[data-waits]");
  if (waiting) takeFirst(boxOf(waiting) ?? library());
});

document.addEventListener("click", (event) => {
  const part = event.target.closest("[data-pick], [data-say], [data-fill], [data-shut]");
  if (!part || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (part.matches("[data-pick]")) open(part);
  else if (part.matches("[data-fill]")) fill(part.closest(".asks"));
  else if (part.matches("[data-shut]")) shut(part.closest(".picker"));
  else take(part);
});

function step(box, from, by) {
  const next = lines(box)[lines(box).indexOf(from) + by];
  if (next || by < 0) (next ?? find(box)).focus();
}

// True when the key was ours.
function inBox(box, part, key) {
  const asks = part.closest(".asks");
  const word = part.matches("[data-find]");
  if (key === "Enter" && asks) fill(asks);
  else if (key === "Enter" && word) takeFirst(box);
  else if (key === "Escape" && asks) (lineOf(asks).focus(), asks.remove());
  else if (key === "Escape" && box.field) shut(box);
  else if (key === "ArrowDown" && !asks) late(box) || step(box, part, 1);
  else if (key === "ArrowUp" && !asks && !word) step(box, part, -1);
  else if (box.field && part.matches("[data-say]") && /^[\p{L}\d]$/u.test(key)) return void find(box).focus();
  else return false;
  return true;
}

// The library's own letters: / looks for a line, j and k walk.
function inLibrary(box, part, key) {
  if (part.closest("input, textarea, select") || localStorage.getItem("keys") === "off") return false;
  if (key === "/") (find(box).focus(), find(box).select());
  else if (key === "j") step(box, part, 1);
  else if (key === "k") step(box, part, -1);
  else return false;
  return true;
}

document.addEventListener(
  "keydown",
  (event) => {
    const { target, key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]:not(.drawer)")) return;
    if (event.altKey) {
      const button = event.code === "KeyP" && target.closest(".field")?.querySelector("[data-pick]");
      if (button) (event.preventDefault(), open(button));
      return;
    }
    const box = boxOf(target) ?? (target.id === "find" ? library() : null);
    const ours = (box && inBox(box, target, key)) || (library() && inLibrary(library(), target, key));
    if (ours) (event.preventDefault(), event.stopPropagation());
  },
  true,
);
