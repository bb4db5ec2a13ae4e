"""A caller gives a name, half a number or two words, and the desk has the case while they speak."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import Category
from tests import factories
from tests.pages.complaints import CasesPage
from tests.pages.live import CHINESE, ENGLISH, PATIENCE, Come, Way

pytestmark = pytest.mark.browser


@pytest.fixture
def cases(app: Flask) -> list[str]:
    """Three callers."""
    told: tuple[dict[str, Any], ...] = (
        {"customer_name": "陈桂芳", "customer_phone": "13900001234", "content": "打印机漏墨"},
        {
            "customer_name": "王建军",
            "customer_phone": "13711118888",
            "content": "发票金额不对",
            "category": Category.PRICE,
        },
        {
            "customer_name": "Łukasz Nowak",
            "customer_phone": "010-62345678",
            "content": "The door does not close",
        },
    )
    return [factories.a_case(app, **fields) for fields in told]


@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_words_pinyin_and_the_end_of_a_phone_number_find_a_case(
    come: Come, cases: list[str], way: Way
) -> None:
    desk = come("desk1", way)
    page = CasesPage.open(desk).shows(*reversed(cases))
    desk.looks()
    page.finds("漏墨").shows(cases[0])
    desk.is_at(re.compile("words=%E6%BC%8F%E5%A2%A8"))
    page.finds("cgf").shows(cases[0])
    page.finds("8888").shows(cases[1])
    page.finds("没有这样的").shows()
    desk.looks().reads(desk.word("No case matches these filters"))
    page.finds("发票").shows(cases[1])
    desk.is_at(re.compile("words=%E5%8F%91%E7%A5%A8"))

    # The address is the list: opened again, gone back to.
    CasesPage.open(desk, desk.path.removeprefix("/complaints/")).shows(cases[1])
    expect(page.words).to_have_value("发票")
    desk.goes(f"/complaints/{cases[1]}")
    desk.page.go_back()
    desk.is_at(re.compile("words=%E5%8F%91%E7%A5%A8"))
    page.shows(cases[1])


def test_a_row_opens_beside_the_list_and_gives_the_focus_back(come: Come, cases: list[str]) -> None:
    desk = come("desk1")
    page = CasesPage.open(desk)
    drawer = desk.page.get_by_role("dialog", name=desk.word("Details"))
    page.row(cases[1]).click()
    expect(drawer.get_by_role("heading", level=1)).to_have_text(cases[1], timeout=PATIENCE)
    desk.looks()
    desk.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.row(cases[1])).to_be_focused()
    desk.is_at("/complaints/")


def test_the_list_is_worked_by_keys(come: Come, cases: list[str]) -> None:
    desk = come("desk1")
    page = CasesPage.open(desk)
    newest, middle, _ = reversed(cases)
    press = desk.page.keyboard.press
    drawer = desk.page.get_by_role("dialog", name=desk.word("Details"))
    press("j")
    expect(page.row(newest)).to_be_focused()
    press("j")
    press("k")
    press("j")
    expect(page.row(middle)).to_be_focused()
    press("Enter")
    expect(drawer.get_by_role("heading", level=1)).to_have_text(middle, timeout=PATIENCE)
    press("k")
    expect(drawer.get_by_role("heading", level=1)).to_have_text(newest, timeout=PATIENCE)
    press("Escape")
    expect(page.row(newest)).to_be_focused()
    press("?")
    expect(desk.page.get_by_role("dialog", name=desk.word("Keyboard shortcuts"))).to_be_visible()
    desk.looks()
    press("Escape")
    press("/")
    expect(desk.page.locator("#search")).to_be_focused()
    desk.page.locator("h1").click()
    press("n")
    desk.is_at("/complaints/new")
    expect(desk.page.locator("[name=customer_name]")).to_be_focused()
