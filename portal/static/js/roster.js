// The grid by keyboard: arrows move, a letter sets, Delete clears, Enter opens the cell's page (a plain link).
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function beside(cell, [down, right]) {
  const place = cell.closest("td").cellIndex + right;
  let row = cell.closest("tr");
  if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
  return row?.cells[place]?.querySelector("a");
}

function send(cell, letter) {
  const form = document.getElementById("cell-form");
  const { person, day, was } = cell.dataset;
  for (const [name, value] of Object.entries({ person, day, was, letter })) form.elements[name].value = value;
  form.requestSubmit();
}

document.addEventListener(
  "keydown",
  (event) => {
    const cell = event.target.closest?.("[data-roster] td a");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in STEPS) beside(cell, STEPS[event.key])?.focus();
    else if (event.key === "Delete" || event.key === "Backspace") send(cell, "");
    else if (event.key.length === 1 && /\p{L}|\p{N}/u.test(event.key)) send(cell, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation(); // a letter of the grid is none of the page's keys
  },
  true,
);
