"""A receptionist with a queue: from the ringing telephone to the routed case without touching the mouse."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import ReadBack, State
from tests import factories
from tests.pages.complaints import CALL, CasePage
from tests.pages.live import Come

pytestmark = pytest.mark.browser


def test_a_call_is_registered_and_routed_by_keys_alone(app: Flask, come: Come) -> None:
    desk = come("desk1").goes("/")
    press, write = desk.page.keyboard.press, desk.page.keyboard.type
    press("n")
    desk.is_at("/complaints/new")
    expect(desk.page.locator("[name=customer_name]")).to_be_focused()

    def on(name: str) -> None:
        press("Tab")
        expect(desk.page.locator(f"[name={name}]")).to_be_focused()

    write(CALL["customer_name"])
    on("customer_phone")
    write(CALL["customer_phone"])
    on("content")
    write(CALL["content"])
    on("demand")
    write(CALL["demand"])
    for name in ("kind", "channel"):  # as proposed: a complaint by phone
        on(name)
    on("category")
    press("ArrowDown")
    on("urgency")
    on("read_back")
    press("ArrowDown")
    on("read_back_reason")
    press("Enter")

    desk.is_at(re.compile(r"/complaints/TS-\d{8}-0001$"))
    case = CasePage(desk, "TS-20260302-0001").is_("registered")
    route = case.form("route").locator("button[type=submit]")
    for _ in range(40):
        if route.evaluate("e => e === document.activeElement"):
            break
        press("Tab")
    press("Enter")
    case.is_("routed")
    kept = factories.load(app, case.number)
    assert (kept.state, kept.read_back, kept.department) == (State.ROUTED, ReadBack.YES, "tech")
