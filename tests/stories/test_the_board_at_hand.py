"""What the board shows of itself: its tabs whole on a phone, what several need only once they are ticked."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.conftest import client_of
from tests.pages.live import CHINESE, ENGLISH, ENGLISH_SCRIPT, PHONE, Come, Way
from tests.pages.reception import Board
from tests.reception.visits import a_visit, do

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_what_is_done_to_several_is_offered_once_one_is_ticked(app: Flask, come: Come, way: Way) -> None:
    a_visit(client_of(app, "desk1"), "B", visitor_name="顾长风", host="emp.tech")
    desk = come("desk1", way)
    board = Board.open(desk)
    several = desk.page.locator("#several")
    if way.script:
        expect(several).to_be_hidden()
        board.row("waiting", "顾长风").get_by_role("checkbox").check()
    expect(several.get_by_role("button").first).to_be_visible()


def test_every_tab_of_reception_is_whole_on_a_phone(come: Come) -> None:
    desk = come("desk1", Way(size=PHONE))
    Board.open(desk)
    cut = desk.page.evaluate(
        "[...document.querySelectorAll('.tabs a')].filter((a) => {"
        " const at = a.getBoundingClientRect(), bar = a.parentElement.getBoundingClientRect();"
        " return at.right > bar.right + 1 || at.bottom > bar.bottom + 9; }).map((a) => a.textContent)"
    )
    assert cut == []


def test_the_columns_of_the_matrix_are_of_one_width(come: Come) -> None:
    desk = come("office1", CHINESE)
    desk.goes("/reception/matrix")
    widths = desk.page.evaluate(
        "[...document.querySelectorAll('thead th')].slice(1).map((th) => th.offsetWidth)"
    )
    assert len(widths) == 4
    assert max(widths) - min(widths) <= 2, widths


@pytest.mark.parametrize("way", [CHINESE, ENGLISH_SCRIPT], ids=str)
@pytest.mark.parametrize("wide", [1200, 1280, 1366])
def test_every_touch_of_the_board_stays_within_its_group(app: Flask, come: Come, way: Way, wide: int) -> None:
    clerk = client_of(app, "desk1")
    asked = a_visit(
        clerk, "D", visitor_name="顾长风", company="远帆文化传播", department="tech", purpose="推介"
    )
    do(clerk, asked, "ask", on_business="1")
    a_visit(
        clerk, "B", visitor_name="欧阳振华", company="青堤精密制造有限公司", host="emp.tech", place="large"
    )
    desk = come("desk1", Way(way.lang, size=(wide, 800)))
    Board.open(desk)
    beyond = desk.page.evaluate(
        "[...document.querySelectorAll('#board table')].map((t) => t.offsetWidth - t.parentElement.clientWidth)"
    )
    assert max(beyond) <= 0, beyond


def test_news_on_the_board_leaves_ticks_and_focus_where_they_were(app: Flask, come: Come) -> None:
    clerk = client_of(app, "desk1")
    first, second = (
        a_visit(clerk, "B", visitor_name=name, host="emp.tech") for name in ("顾长风", "欧阳振华")
    )
    desk = come("desk1", CHINESE).holds_the_clock()
    board = Board.open(desk)
    for name in ("顾长风", "欧阳振华"):
        board.row("waiting", name).get_by_role("checkbox").check()
    seat = board.row("waiting", "顾长风").locator("form[action$='/seat'] button")
    seat.focus()
    a_visit(clerk, "C", visitor_name="程小满", phone="13800001111", purpose="应聘")
    do(clerk, second, "seat", place="large")
    do(clerk, second, "meet")
    desk.page.clock.fast_forward(15_000)
    board.shows("waiting", "程小满").shows("meeting", "欧阳振华")
    for group, name in (("waiting", "顾长风"), ("meeting", "欧阳振华")):
        expect(board.row(group, name).get_by_role("checkbox")).to_be_checked()
    expect(board.row("waiting", "程小满").get_by_role("checkbox")).not_to_be_checked()
    expect(seat).to_be_focused()
    expect(desk.page.locator("#several")).to_be_visible()
    assert first in (seat.get_attribute("id") or "")


@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_touch_for_several_that_is_refused_says_for_whom_and_keeps_the_ticks(
    app: Flask, come: Come, way: Way
) -> None:
    clerk = client_of(app, "desk1")
    a_visit(clerk, "B", visitor_name="顾长风", host="emp.tech")
    unasked = a_visit(clerk, "C", visitor_name="程小满")
    desk = come("desk1", way).allows(409)
    board = Board.open(desk)
    for name in ("顾长风", "程小满"):
        board.row("waiting", name).get_by_role("checkbox").check()
    desk.page.locator("#several button[formaction$='/seat']").click()
    said = desk.page.locator("main [role=alert]")
    expect(said).to_contain_text("程小满")
    expect(said).to_contain_text(unasked)
    expect(said).to_contain_text("RC-10")
    for name in ("顾长风", "程小满"):
        expect(board.row("waiting", name).get_by_role("checkbox")).to_be_checked()
    desk.looks()
