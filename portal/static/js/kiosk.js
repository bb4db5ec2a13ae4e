// <body data-idle="60" data-start="/reception/kiosk">: so many seconds without a touch, and the start is back.
const { idle, start } = document.body.dataset;
let waiting = 0;

function wait() {
  clearTimeout(waiting);
  waiting = setTimeout(() => location.replace(start), idle * 1000);
}

if (idle) {
  for (const touch of ["pointerdown", "keydown", "input", "scroll"]) document.addEventListener(touch, wait, { passive: true });
  wait();
}
// A page that the browser kept shows nobody's words.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.replace(start ?? location.href));
