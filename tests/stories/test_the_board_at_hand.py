"""What the board shows of itself: its tabs whole on a phone, what several need only once they are ticked."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.conftest import client_of
from tests.pages.live import CHINESE, ENGLISH, PHONE, Come, Way
from tests.pages.reception import Board
from tests.reception.visits import a_visit

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
