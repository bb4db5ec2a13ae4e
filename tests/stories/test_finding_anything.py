"""Somebody at the desk types a few signs anywhere, walks through the hits by the arrows and opens one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import factories
from tests.pages.live import CHINESE, ENGLISH, Come

pytestmark = pytest.mark.browser


def test_hits_come_while_one_types_and_the_arrows_lead_to_them(come: Come, app: Flask) -> None:
    number = factories.a_case(app, content="打印机漏墨")
    factories.a_visit(app, visitor_name="罗曼")
    desk = come("desk1", CHINESE)
    desk.goes("/complaints/")
    press, field = desk.page.keyboard.press, desk.page.locator("#search")
    press("/")
    desk.page.keyboard.type("漏墨")
    hits = desk.page.locator("#search-found a")
    expect(hits.first).to_contain_text(number)
    desk.looks()
    press("ArrowDown")
    expect(hits.first).to_be_focused()
    press("ArrowUp")
    expect(field).to_be_focused()
    press("Escape")
    expect(hits).to_have_count(0)

    press("Enter")
    desk.is_at(re.compile(r"/search\?q="))
    row = desk.page.locator(f"a[data-row][href='/complaints/{number}']")
    expect(desk.page.locator("mark").first).to_have_text("漏墨")
    desk.looks()
    field.focus()
    press("ArrowDown")
    expect(row).to_be_focused()
    press("Enter")
    expect(desk.page.get_by_role("dialog").get_by_role("heading", level=1)).to_have_text(number)
    press("Escape")

    # What was looked for is offered again; without script it is kept by a button.
    desk.goes("/search")
    expect(desk.link("漏墨")).to_be_visible()
    desk.looks()
    other = come("desk2", ENGLISH)
    other.goes("/search?q=luoman")
    expect(other.page.locator("[data-hits] a[data-row]")).to_have_count(1)
    other.button("Keep this search").click()
    expect(other.link("luoman")).to_be_visible()
    other.button("Forget all").click()
    expect(other.link("luoman")).to_have_count(0)
    other.goes("/search?q=没有这样的").reads(other.word("Nothing was found"))
