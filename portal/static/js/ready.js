// Says on <html> that htmx has taken the page over: before that, a typed key would be lost to it.
document.body.addEventListener("htmx:load", () => (document.documentElement.dataset.ready = ""), { once: true });
