"""The first person of an empty portal, by keyboard alone: in, a second factor, and in again without the device."""

from __future__ import annotations

import re

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from portal.kernel import clock, first_run, reference
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import Role
from tests.pages.account import log_in, log_out
from tests.pages.live import CHINESE, PATIENCE, Come

pytestmark = pytest.mark.browser
PASSWORD = "nine dry towels"


def test_the_first_person_begins_and_comes_back_by_a_recovery_code(app: Flask, come: Come) -> None:
    with app.app_context(), db.write():
        db.session.execute(sa.update(Person).where(Person.role == Role.OFFICE).values(status=Status.DISABLED))
        reference.changed()
    chen = come("", CHINESE).allows(422)
    page = chen.goes("/login").looks().page
    chen.link("Enter the first person").press("Enter")
    chen.is_at("/first-run").looks()
    _types(page, "wrong", "陈晓", "chen.xiao", PASSWORD, PASSWORD)
    expect(page.locator(".summary")).to_be_focused(timeout=PATIENCE)
    chen.looks()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the message leads to its field
    with app.app_context():
        _types(page, first_run.code(app), "陈晓", "chen.xiao", PASSWORD, PASSWORD)
    chen.is_at(re.compile(r":\d+/(#code)?$")).goes("/account/second-factor").looks()
    secret = page.locator("#scan code").inner_text().replace(" ", "")
    page.locator("#confirm [type=password]").focus()
    with app.app_context():
        now = int(clock.now().timestamp())
    _types(page, PASSWORD, pyotp.TOTP(secret).at(now))
    codes = page.locator("#recovery-codes code")
    expect(codes.first).to_be_visible(timeout=PATIENCE)
    chen.looks()
    first = codes.first.inner_text()
    kept = chen.link("I have kept them")
    kept.focus()
    assert kept.evaluate("e => getComputedStyle(e).outlineStyle") == "solid", (
        "where the focus is can be seen on buttons"
    )
    kept.press("Enter")
    log_out(chen.is_at("/account").goes("/"))
    log_in(chen, "chen.xiao", PASSWORD).is_at("/login/code").looks()
    _types(page, "123456")
    expect(page.locator("#code-error")).to_be_visible(timeout=PATIENCE)
    chen.looks()
    _types(page, first)
    chen.is_at("/")


def _types(page: Page, *fields: str) -> None:
    """Into the field that has the focus and those behind it; Enter in the last."""
    for number, typed in enumerate(fields, start=1):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(typed)
        page.keyboard.press("Enter" if number == len(fields) else "Tab")
