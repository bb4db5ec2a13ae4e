"""A tablet in the lobby: a visitor who is expected announces himself, the desk greets him by one touch."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import factories
from tests.pages.live import CHINESE, ENGLISH, Come, Way
from tests.pages.reception import Board, Booking, Tablet, VisitPage, fits

pytestmark = pytest.mark.browser
GUEST = {
    "visitor_name": "司马文远",
    "company": "江南仪表",
    "phone": "13611112222",
    "starts_at": "2026-03-02T09:30",
    "ends_at": "2026-03-02T10:30",
    "purpose": "校准流水线传感器",
}


@pytest.mark.clause("RC-18")
@pytest.mark.clause("RC-20")
@pytest.mark.clause("RC-23")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_visitor_announces_himself_and_is_greeted_by_one_touch(app: Flask, come: Come, way: Way) -> None:
    host, desk, office = (come(name, way) for name in ("emp.tech", "desk1", "office1"))
    lobby = come("", Way(way.lang, way.script, (800, 1280))).allows(422)
    name = GUEST["visitor_name"]

    number = Booking.open(host).records("B", **GUEST).is_("expected").number
    host.goes(f"/reception/visits/{number}/pass").looks()
    code = host.page.locator(".sheet-code strong").inner_text()

    tablet = Tablet.set_up(office, lobby, "大厅平板").touches("I have an appointment")
    tablet.sends("Continue", code="AAAA2222")
    expect(lobby.page.locator("#code-error")).to_be_visible()
    fits(lobby)
    known = {"code": code.lower()} if way.script else {"code": "", "tail": "2222", "name": "司马"}
    tablet.sends("Continue", **known)
    lobby.is_at("/reception/kiosk/confirm").reads("司***")
    expect(lobby.page.locator("body")).not_to_contain_text(name)
    tablet.sends("Yes, I am here", party_size="2")
    expect(lobby.page.locator("#agree-error")).to_contain_text("RC-20")
    fits(lobby)
    Board.open(desk).shows("expected", name)
    tablet.sends("Yes, I am here", agree=True)
    lobby.is_at("/reception/kiosk/done")
    fits(lobby)
    tablet.touches("Done")
    lobby.is_at("/reception/kiosk")

    desk.goes("/notifications/")
    told = desk.page.get_by_role("row").filter(has_text=number)
    expect(told.first).to_contain_text(desk.word("Somebody announced themselves at the kiosk."))
    board, late = Board.open(desk).shows("waiting", name), desk.word("not greeted")
    expect(board.row("waiting", name)).to_contain_text(late)
    fits(desk)
    board.touches("waiting", name, "greet")
    expect(board.row("waiting", name)).not_to_contain_text(late)

    VisitPage.open(desk, number).is_("arrived").tells(desk.word("Greeted"))
    desk.reads(desk.word("From the kiosk")).looks()
    assert factories.history_faults(app) == []
