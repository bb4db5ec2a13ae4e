"""A shift changes hands: offered from the own shifts, taken by a colleague who may, approved by the head on a phone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.duty.swaps.codes import State
from tests import factories
from tests.duty.leave.making import a_desk
from tests.pages.company import Company
from tests.pages.duty import SwapPage
from tests.pages.live import ENGLISH_SCRIPT, PHONE, Way, in_turn
from tests.pages.reception import fits

pytestmark = pytest.mark.browser
NUMBER = "HB-20260302-0001"


@pytest.mark.clause("DR-21")
@in_turn(ENGLISH_SCRIPT)
def test_it_is_offered_taken_and_approved(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 09:00")
    desk = a_desk(app, "desk1 03 day", "desk2 02 night", "emp.admin 05 day")
    shift = desk.shifts["desk1 03 day"]
    giver = company("desk1")
    SwapPage.offered(giver, shift, note="孩子家长会").is_(State.OFFERED)
    here = re.sub(r"^https?://[^/]+", "", giver.page.url)
    fits(giver)

    tired = company("desk2").goes(here)
    expect(tired.page.get_by_role("main")).to_contain_text(tired.word("You cannot take this shift:"))
    expect(tired.page.locator("main form[action$='/accept']")).to_have_count(0)

    company.is_told("emp.admin", NUMBER, "A shift is offered that you may take.")
    taker = company("emp.admin").goes(here)
    SwapPage(taker).does("accept", NUMBER).is_(State.TAKEN)

    # The head has the phone at hand: one touch on my day, one on the page.
    head = company("lead.admin")
    head.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page = SwapPage.from_my_day(head, NUMBER, "approve-swap")
    fits(head)
    page.does("approve", NUMBER).is_(State.APPROVED)
    assert desk.whose("desk1 03 day") == "emp.admin"

    company.is_told("desk1", NUMBER, "A swap is approved; the shifts have changed hands.")
    expect(
        giver.goes("/duty/swaps/").page.locator(f"main a[href='/duty/swaps/new?shift={shift}']")
    ).to_have_count(0)
    row = taker.goes(f"/duty/rosters/{desk.roster}/").page.locator(
        "table.roster tbody tr", has=taker.page.locator(f"a[href='/duty/swaps/new?shift={shift}']")
    )
    expect(row).to_have_count(1)
    assert factories.history_faults(app) == []
