"""A post changes hands: refused for a missing phone, mended, counted again, signed by both on one screen."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.duty.handover.codes import State
from tests import factories
from tests.duty.handover.making import EARLY, LATE, a_desk, a_handover, an_item
from tests.pages.company import Company
from tests.pages.duty import HandoverPage, ShiftLog
from tests.pages.live import CHINESE, ENGLISH_SCRIPT, Way, in_turn
from tests.pages.reception import fits

pytestmark = pytest.mark.browser


@pytest.mark.clause("DR-10")
@pytest.mark.clause("DR-11")
@in_turn(ENGLISH_SCRIPT)
def test_it_is_refused_for_a_missing_phone_mended_and_signed(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 13:40")
    desk = a_desk(app)
    phone = "电话机" if way is CHINESE else "Phone"
    an_item(app, desk.post, "电话机", 2, name_en="Phone")
    outgoing = company(EARLY)
    ShiftLog.open(outgoing).writes(text="上午来访十二批, 均已离开", category="visitor")
    fits(outgoing)

    company.on("Mon 2026-03-02 13:50")
    a_handover(app)
    incoming = company(LATE)
    page = HandoverPage.from_my_day(incoming, "handover-count").is_(State.OPEN)
    fits(incoming)
    page.does("count", "incoming", labelled={phone: "1"}).is_(State.COUNTED)
    page.tries("sign", "incoming")
    expect(incoming.page.locator("main [role=alert]").first).to_contain_text("DR-08")
    page.does("refuse", "incoming", ground="missing_property", note="柜台上只有一部电话机")
    page.is_(State.REFUSED)
    company.is_told(
        "lead.admin", "JJ-", "The takeover of a post was refused; the outgoing shift stays responsible."
    )

    company.on("Mon 2026-03-02 14:10")
    outgoing = company(EARLY).goes("/duty/")
    row = outgoing.page.locator("main table tbody tr").first
    expect(row).to_contain_text(outgoing.word("not handed over yet"))
    page = HandoverPage.from_my_day(outgoing, "handover-mend")
    other = {"username": LATE, "password": factories.PASSWORD}
    page.does("count", "incoming", labelled={phone: "2"}, **other).is_(State.COUNTED)
    page.does("sign", "outgoing")
    outgoing.allows(409, 422)
    page.tries("sign", "incoming", username=LATE, password="wrong")
    expect(page.form("sign", "incoming").locator(".error").first).to_be_visible()
    page.does("sign", "incoming", **other).is_(State.SIGNED)
    fits(outgoing)
    row = outgoing.goes("/duty/").page.locator("main table tbody tr").first
    expect(row).not_to_contain_text(outgoing.word("not handed over yet"))
    assert factories.history_faults(app) == []
