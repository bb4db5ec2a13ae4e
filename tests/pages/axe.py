"""Axe on a page as it stands, and nothing of it twice: what was looked at once is fine wherever it comes again."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# The server of the tests gives it out, so that the browser keeps it compiled from page to page.
ADDRESS, SCRIPT = "/axe.js", AXE_SCRIPT.encode()
_FETCH = """address => new Promise((there, missing) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => there(script.remove());
    script.onerror = () => missing(new Error('axe was not fetched'));
    document.head.append(script);
})"""
_RUN = Path(__file__).with_name("axe.js").read_text(encoding="utf-8")
# The bar with the areas is on every page: it is looked at once for each look, area, and menu that is open in it.
_BAR = "header.top"
_OUTER = "bar => document.querySelector(bar)?.outerHTML ?? ''"
_HIDDEN = re.compile(r'<input[^>]* type="hidden"[^>]*>')
_VARIES = re.compile(r"\d+|\?[^\"]*")  # counts, and where one comes back to
_LOOKED_AT: set[int] = set()
# Colours of text on what it stands on, and its size. The whole look measures each text anew.
_GOOD_CONTRAST: set[str] = set()
WHOLE = os.environ.get("TESTSWHOLE") == "1"


def assert_accessible(page: Page) -> None:
    """No axe finding on the page as it stands; one that was the same to its last word was looked at before."""
    dark, there = page.evaluate("[matchMedia('(prefers-color-scheme: dark)').matches, 'axe' in window]")
    look = (str(page.viewport_size), dark)
    same = hash((_HIDDEN.sub("", page.content()), look))
    if same in _LOOKED_AT:
        return
    bar = page.evaluate(_OUTER, _BAR)
    this_bar = hash((_VARIES.sub("", _HIDDEN.sub("", bar)), look))
    if not there:
        page.evaluate(_FETCH, ADDRESS)
    without = _BAR if bar and this_bar in _LOOKED_AT else ""
    found, measured = page.evaluate(_RUN, [without, [] if WHOLE else list(_GOOD_CONTRAST)])
    told = [
        f"{v['id']} ({v['impact']}): {v['help']}: " + "; ".join(n["html"][:160] for n in v["nodes"][:3])
        for v in found
    ]
    assert not told, f"axe at {page.url}: " + "\n".join(told)
    _LOOKED_AT.update((same, this_bar))
    _GOOD_CONTRAST.update(measured)
