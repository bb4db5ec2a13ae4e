"""The login, the language, the colours, the way out."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests import factories
from tests.pages.live import PATIENCE, Colleague


def log_in(who: Colleague, username: str, password: str = factories.PASSWORD) -> Colleague:
    """By the form of the login page, wherever it was shown."""
    page = who.page
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("#log-in").click()
    return who


def log_out(who: Colleague) -> Colleague:
    """By the menu behind one's own name."""
    who.page.locator("details.menu summary").click()
    who.page.get_by_role("button", name=who.word("Log out")).click()
    return who.is_at("/login")


def switch(who: Colleague, language: str) -> Colleague:
    """To the other language, by the two letters in the head of every page."""
    who.page.get_by_role("button", name=language).click()
    return who


def speaks(who: Colleague, lang: str) -> Colleague:
    """The page is written in that language."""
    expect(who.page.locator("html")).to_have_attribute("lang", lang, timeout=PATIENCE)
    return who


def choose(who: Colleague, colours: str) -> Colleague:
    """Light or dark, on one's own page; the button stays pressed."""
    button = who.page.get_by_role("main").get_by_role("button", name=who.word(colours), exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    return who.arrived()


def is_dark(who: Colleague) -> bool:
    """Whether the page lies dark before the eyes."""
    colour = who.page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) < 200
