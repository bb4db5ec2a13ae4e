"""A morning at the desk: a guest without appointment, an interviewee, a salesman who is declined."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kernel.rights import Position
from tests import factories
from tests.pages.live import CHINESE, ENGLISH, PHONE, Come, Way
from tests.pages.reception import Board, VisitPage, WalkIn

pytestmark = pytest.mark.browser
WAYS = pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)


@pytest.mark.clause("RC-08")
@pytest.mark.clause("RC-13")
@WAYS
def test_a_guest_without_appointment_is_received_from_the_board(app: Flask, come: Come, way: Way) -> None:
    factories.a_seat(app, Position.CLERK, "admin", holder="emp.admin")
    desk, clerk = come("desk1", way), come("emp.admin", way)
    guest = (
        WalkIn.open(desk)
        .records("B", visitor_name="顾长风", company="华东机电", host="emp.tech")
        .is_("arrived")
    )
    desk.looks()

    board = Board.open(desk).shows("waiting", "顾长风")
    board.touches("waiting", "顾长风", "seat").touches("waiting", "顾长风", "meet").shows("meeting", "顾长风")
    desk.looks()
    board.touches("meeting", "顾长风", "leave").shows("left", "顾长风")
    board.touches("left", "顾长风", "undo").shows("meeting", "顾长风")
    board.touches("meeting", "顾长风", "leave").touches("left", "顾长风", "check")
    VisitPage.from_my_day(clerk, guest.number).does("check").is_("closed")
    clerk.looks()
    assert factories.history_faults(app) == []


@pytest.mark.clause("RC-10")
@WAYS
def test_an_interviewee_is_registered_first_and_seated_then(come: Come, way: Way) -> None:
    desk = come("desk1", way).allows(409, 422)
    visit = WalkIn.open(desk).records("C", visitor_name="程一诺", department="tech").is_("arrived")
    visit.tries("seat")
    desk.is_refused("RC-10")
    desk.link("Edit").first.click()
    edit = desk.page.locator("main form[data-guard]")
    edit.locator("[name=phone]").fill("13800001111")
    edit.locator("[name=purpose]").fill("应聘嵌入式工程师")
    edit.get_by_role("button", name=desk.word("Keep the changes")).click()
    visit.does("seat").is_("waiting").does("meet").is_("meeting")
    visit.does("leave", satisfaction="satisfied").does("check").is_("closed")
    visit.tells(desk.word("Led to the place"))


@pytest.mark.clause("RC-11")
@WAYS
def test_a_salesman_is_declined_by_the_lead_on_a_phone_and_leaves_a_leaflet(come: Come, way: Way) -> None:
    desk = come("desk1", way)
    lead = come("lead.market", Way(way.lang, way.script, PHONE))
    visit = WalkIn.open(desk).records("D", visitor_name="钱多多", department="market", purpose="推介团建方案")
    visit.does("ask", on_business=True).is_("asked")

    answer = VisitPage.from_my_day(lead, visit.number)
    lead.looks()
    answer.does("decline", note="本季度没有安排").is_("declined")

    visit = VisitPage.open(desk, visit.number).is_("declined")
    desk.reads("本季度没有安排")
    visit.does("leave", material="画册一本")
    desk.reads("画册一本").looks()
