// Loaded where a text for a customer is typed: marks in it what the check caught, puts a better line in by one touch, and
// keeps the check from disturbing.

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

// -- the words marked in the text area itself -------------------------------------------------------------------------

// Of each text area: the text behind it, the hits (from, to, how severe) of the text that it holds, and the one asked of.
const known = new WeakMap();
let sheet;

// Without its sheet the text behind would be seen.
function styled(address) {
  sheet ??= new Promise((ready) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: ready });
    document.head.append(link);
  });
  return sheet;
}

// Hits of one text as they lie in another: those behind the edit move with it, those it touched are dropped.
function moved(hits, was, now) {
  const most = Math.min(was.length, now.length);
  let head = 0;
  while (head < most && was[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && was[was.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const end = was.length - tail;
  const by = now.length - was.length;
  const lies = ([from, to, how]) => (to <= head ? [from, to, how] : from >= end ? [from + by, to + by, how] : null);
  return hits.map(lies).filter(Boolean);
}

// The hits of the last answer, as they lie in the text that it was asked of; of two in one place the first counts.
function told(area, text) {
  let free = 0;
  const hits = document.querySelector(`#${area.id}-check [data-hits]`)?.dataset.hits ?? "[]";
  return JSON.parse(hits).flatMap(([start, words, how]) => {
    const from = place(text, start, words);
    if (from < free) return [];
    free = from + words.length;
    return [[from, free, how]];
  });
}

function fit(area) {
  const { back } = known.get(area);
  back.classList.toggle("scrolls", area.scrollHeight > area.clientHeight);
  back.scrollTop = area.scrollTop;
}

function draw(area) {
  const { back, hits, text } = known.get(area);
  let at = 0;
  const parts = hits.flatMap(([from, to, how]) => {
    const mark = Object.assign(document.createElement("mark"), { textContent: text.slice(from, to) });
    mark.dataset.severity = how;
    const before = text.slice(at, from);
    at = to;
    return [before, mark];
  });
  // The last line break of a text area opens a line, elsewhere it opens none.
  back.replaceChildren(...(parts.length ? [...parts, `${text.slice(at)}\n`] : []));
  fit(area);
}

function typed(area) {
  const its = known.get(area);
  its.hits = moved(its.hits, its.text, area.value);
  its.text = area.value;
  draw(area);
}

function answered(area) {
  const its = known.get(area);
  its.hits = moved(told(area, its.asked), its.asked, area.value);
  its.text = area.value;
  draw(area);
}

const grows = new ResizeObserver((seen) => seen.forEach(({ target }) => fit(target)));

async function behind(area) {
  if (known.has(area)) return;
  const back = document.createElement("div");
  back.className = `${area.className} marks`;
  back.setAttribute("aria-hidden", "true");
  known.set(area, { back, hits: [], text: area.value, asked: area.value });
  await styled(area.dataset.sheet);
  area.before(back);
  grows.observe(area);
  answered(area);
}

const every = (part) => part.querySelectorAll?.("textarea[data-sheet]").forEach(behind);
every(document);
document.addEventListener("htmx:load", ({ detail: { elt } }) => every(elt));
document.addEventListener("input", ({ target }) => known.has(target) && typed(target));
// The text behind is scrolled by whoever looks for a word in the page: back with it.
document.addEventListener("scroll", ({ target }) => {
  for (const area of [target, target.nextElementSibling]) if (known.has(area)) fit(area);
}, true);
document.addEventListener("htmx:beforeSend", ({ detail: { elt } }) => {
  if (known.has(elt)) known.get(elt).asked = elt.value;
});
document.addEventListener("htmx:afterSwap", ({ detail: { requestConfig } }) => {
  if (known.has(requestConfig?.elt)) answered(requestConfig.elt);
});
