"""A tablet of the tests: set up by the office, opened by its link."""

from __future__ import annotations

import re

from flask import Flask

from tests.client import CarefulClient
from tests.conftest import client_of

START = "/reception/kiosk"


def a_link(app: Flask, name: str = "大堂平板") -> str:
    """The path of a fresh link."""
    page = client_of(app, "office1").send("/reception/kiosks/add", name=name)
    assert page.status_code == 200, page.text
    found = re.search(r'id="kiosk-link"[^>]*>https?://[^/]+([^<]+)<', page.text)
    assert found, "no link is shown"
    return found[1]


def a_tablet(app: Flask) -> CarefulClient:
    """A browser that is the kiosk."""
    link = a_link(app)
    browser = app.test_client()
    assert isinstance(browser, CarefulClient)
    browser.get(link)
    opened = browser.send(link)
    assert (opened.status_code, opened.headers["Location"]) == (303, START)
    return browser


def turn(browser: CarefulClient, page: str) -> str:
    """Open a form of the kiosk; the turn that it carries."""
    found = re.search(r'name="turn"[^>]*value="([^"]+)"', browser.get(f"{START}/{page}").text)
    assert found, "the form carries no turn"
    return found[1]
