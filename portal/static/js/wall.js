// A wall that cannot ask any more says so: what it shows may be old.
const lost = document.getElementById("lost");
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  lost.hidden = detail.xhr.status > 0 && detail.xhr.status < 400;
  if (detail.xhr.status === 404) location.reload(); // withdrawn
});
