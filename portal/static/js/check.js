// Loaded where a text for a customer is typed: puts a better line in by one touch, and keeps the check from disturbing.

// Where the words stand that the check caught: at the place it told (in characters, not in halves of them), or nearest.
function place(text, start, words) {
  const told = [...text].slice(0, start).join("").length;
  let best = -1;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (best < 0 || Math.abs(at - told) < Math.abs(best - told)) best = at;
  }
  return best;
}

function put(area, at, length, better) {
  const caret = area.selectionStart;
  area.focus();
  area.setSelectionRange(at, at + length);
  // As if it were typed, so that it can be undone; it tells of the input by itself.
  if (!document.execCommand("insertText", false, better)) {
    area.setRangeText(better);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const moved = caret >= at + length ? caret + better.length - length : Math.min(caret, at + better.length);
  area.setSelectionRange(moved, moved);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-better]");
  const area = button && document.getElementById(button.dataset.better);
  if (!area) return;
  event.preventDefault();
  const [, start, words, better] = JSON.parse(button.value);
  const at = place(area.value, start, words);
  if (at >= 0) put(area, at, words.length, better);
});

// Nobody who types is disturbed by a check that failed or by a session that ended: sending tells it soon enough.
const checking = (event) => event.detail.elt?.matches?.("[data-checked]");
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => checking(event) && event.stopImmediatePropagation(), true);
}
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (checking(event) && event.detail.xhr.status !== 200) event.preventDefault();
}, true);
