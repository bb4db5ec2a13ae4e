"""A special guest of this afternoon: the arrangement form comes late, the office lets it through, two check the room."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.kernel.rights import Position
from tests import factories
from tests.pages.company import Company
from tests.pages.live import CHINESE, Way, in_turn
from tests.pages.reception import Board, Booking, VisitPage, fits

pytestmark = pytest.mark.browser
ROOM = {"zh-CN": "大会议室", "en": "Large meeting room"}
GUEST = {
    "visitor_name": "欧阳振华",
    "company": "远航集团",
    "phone": "13700008888",
    "starts_at": "2026-03-02T14:00",
    "ends_at": "2026-03-02T15:30",
    "host": "emp.tech",
    "purpose": "签署合作协议",
}


@pytest.mark.clause("RC-04")
@pytest.mark.clause("RC-07")
@pytest.mark.clause("RC-13")
@pytest.mark.clause("RC-16")
@in_turn(CHINESE)
def test_a_visit_of_this_afternoon_comes_with_a_late_form(app: Flask, company: Company, way: Way) -> None:
    factories.a_seat(app, Position.CLERK, "admin", holder="emp.admin")
    company.way = way
    desk = company("desk1").allows(422)

    booking = Booking.open(desk).fills("A", **GUEST, topic="合作协议").sends()
    booking.objects("late_reason", "RC-04", visitor_name=GUEST["visitor_name"], starts_at=GUEST["starts_at"])
    fits(desk)
    booking.fills("A", late_reason="客户临时来访")
    number = booking.sends().opens().is_("expected").number

    host = company("emp.tech")
    VisitPage.from_my_day(host, number).does("confirm", place="large")
    host.reads(ROOM[way.lang])

    office = company("office1")
    late = VisitPage.from_my_day(office, number)
    office.reads("客户临时来访")
    fits(office)
    late.does("approve-late", note="同意")
    left = company.waits_for("office1", number).get_by_role("link", name=office.word("Approve the late form"))
    expect(left).to_have_count(0)

    sheet = desk.goes(f"/reception/visits/{number}/arrangement")
    for words in (number, "QR-RC-04 · V1", desk.word("Late, approved"), "客户临时来访", ROOM[way.lang]):
        sheet.reads(words)
    desk.looks()

    company.on("Mon 2026-03-02 13:40")
    clerk = company("emp.admin")
    VisitPage.from_my_day(clerk, number)
    clerk.button("All four hold").click()
    clerk.reads(clerk.word("The place is ready"))

    company.on("Mon 2026-03-02 13:55")
    name = GUEST["visitor_name"]
    board = Board.open(company("desk1")).touches("expected", name, "arrive")
    board.touches("waiting", name, "seat").touches("waiting", name, "meet").shows("meeting", name)

    company.on("Mon 2026-03-02 15:20")
    Board.open(company("desk1")).touches("meeting", name, "leave").shows("left", name)
    fits(desk)
    visit = VisitPage.open(desk, number).does("farewell", satisfaction="satisfied")
    visit.does("check").is_("left").withholds("check", "RC-13")
    VisitPage.from_my_day(company("emp.admin"), number).does("check").is_("closed")
    clerk.reads(clerk.word("Late, approved"))
    assert factories.history_faults(app) == []
