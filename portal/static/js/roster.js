// The grid of a roster. By keyboard: arrows move, a letter sets, Delete clears, Space picks a shift up and puts it down,
// Enter opens the cell's page. By mouse or finger a shift is dragged; a finger first rests on it, so that the grid still
// scrolls. Nothing changes on the page before the server has answered.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const FAR = 6; // pixels that make a drag of a press
const EDGE = 24; // pixels from the edge of the pane where it scrolls under a drag
const LONG = 350; // milliseconds that a finger rests

const CELL = "[data-roster] td a";
const on = (what, act, how) => document.addEventListener(what, act, how);
let lifted = null; // the shift on its way
let target = null; // the cell under it
let drag = null; // a press that is or may become a drag

function beside(cell, [down, right]) {
  const place = cell.closest("td").cellIndex + right;
  let row = cell.closest("tr");
  if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
  return row?.cells[place]?.querySelector("a");
}

function submit(id, values) {
  const form = document.getElementById(id);
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.requestSubmit();
}

function set(cell, letter) {
  const { person, day, was } = cell.dataset;
  held = cell.id;
  submit("cell-form", { person, day, was, letter });
}

function move(cell, to) {
  const { person, day, was } = cell.dataset;
  to.focus();
  held = to.id;
  submit("move-form", { person, day, was, to_person: to.dataset.person, to_day: to.dataset.day, to_was: to.dataset.was });
}

function say(what) {
  const line = document.querySelector("[data-said]");
  if (line) line.textContent = what ? line.dataset[what] : "";
}

function aim(cell) {
  target?.classList.remove("target");
  target = cell && cell !== lifted ? cell : null;
  target?.classList.add("target");
}

function lift(cell) {
  lifted = cell;
  cell.classList.add("lifted");
}

function drop(put) {
  const [from, to] = [lifted, target];
  aim(null);
  lifted?.classList.remove("lifted");
  lifted = null;
  if (put && from && to) move(from, to);
}

const full = (cell) => cell?.dataset.was !== "off";

// -- keyboard

function key(cell, name) {
  if (name in STEPS) {
    const next = beside(cell, STEPS[name]);
    next?.focus();
    if (next && lifted) aim(next);
  } else if (name === " ") {
    if (lifted) drop(true);
    else if (full(cell)) {
      lift(cell);
      say("lifted");
    }
  } else if (lifted && name === "Escape") {
    drop(false);
    say("left");
  } else if (lifted) return name !== "Enter" && name !== "Tab";
  else if (name === "Delete" || name === "Backspace") set(cell, "");
  else if (name.length === 1 && /\p{L}|\p{N}/u.test(name)) set(cell, name);
  else return false;
  return true;
}

on(
  "keydown",
  (event) => {
    const cell = event.target.closest?.(CELL);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey || !key(cell, event.key)) return;
    event.preventDefault();
    event.stopPropagation(); // a letter of the grid is none of the page's keys
  },
  true,
);

// -- mouse and finger

function begin() {
  lift(drag.cell);
  drag.ghost = drag.cell.cloneNode(true);
  drag.ghost.removeAttribute("id");
  drag.ghost.setAttribute("aria-hidden", "true");
  drag.ghost.className = "roster-ghost";
  document.body.append(drag.ghost);
  follow(drag.x, drag.y);
}

function follow(x, y) {
  const pane = drag.cell.closest(".scroll");
  const { left, right, top, bottom } = pane.getBoundingClientRect();
  const [names, heads] = [pane.querySelector("th").offsetWidth, pane.querySelector("th").offsetHeight];
  pane.scrollBy(x > right - EDGE ? EDGE : x < left + names ? -EDGE : 0, y > bottom - EDGE ? EDGE : y < top + heads ? -EDGE : 0);
  drag.ghost.style.translate = `${x}px ${y}px`;
  aim(document.elementFromPoint(x, y)?.closest("td")?.querySelector(CELL));
}

function end(put) {
  clearTimeout(drag?.wait);
  drag?.ghost?.remove();
  if (drag?.ghost) drop(put);
  drag = null;
}

on("pointerdown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.button || !event.isPrimary || !full(cell)) return;
  if (lifted) drop(false);
  drag = { cell, x: event.clientX, y: event.clientY, finger: event.pointerType === "touch" };
  if (drag.finger) drag.wait = setTimeout(begin, LONG);
});

on("pointermove", (event) => {
  if (!drag || !event.isPrimary) return;
  const [x, y] = [event.clientX, event.clientY];
  const far = Math.hypot(x - drag.x, y - drag.y) > FAR;
  if (!drag.ghost && far) drag.finger ? end(false) : begin();
  if (drag?.ghost) follow(x, y);
});

on("pointerup", () => {
  if (!drag) return;
  const dragged = drag.ghost;
  end(true);
  if (!dragged) return;
  // The click that follows a drag opens nothing.
  const stop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  on("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, true));
});
on("pointercancel", () => end(false));
on("keydown", (event) => event.key === "Escape" && end(false));
on("dragstart", (event) => event.target.closest?.(CELL) && event.preventDefault());
on("contextmenu", (event) => drag?.finger && event.preventDefault());
on("touchmove", (event) => drag?.ghost && event.preventDefault(), { passive: false });

// -- the pane and the focus keep their place when the grid is drawn anew

let seen = [0, 0];
let held; // the cell to go on from, should the swap lose the focus
const pane = () => document.querySelector("#roster .scroll");
on("htmx:beforeSwap", () => (seen = [pane()?.scrollLeft, pane()?.scrollTop]));
on("htmx:afterSwap", () => pane()?.scrollTo(...seen));
on("htmx:afterSettle", () => {
  if (document.activeElement === document.body) document.getElementById(held)?.focus();
});
