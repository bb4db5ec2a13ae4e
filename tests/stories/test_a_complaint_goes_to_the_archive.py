"""The main path of a complaint, from the phone to the archive and out of it, by the people whose work it is."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import State
from tests import factories
from tests.pages.company import Company
from tests.pages.complaints import CALL, CasePage, Intake
from tests.pages.live import CHINESE, ENGLISH, ENGLISH_SCRIPT, PHONE, Colleague, Come, Way, in_turn

pytestmark = pytest.mark.browser


@pytest.mark.clause("CP-20")
@in_turn(ENGLISH_SCRIPT)
def test_a_complaint_goes_from_the_phone_to_the_archive_and_is_disposed_of(
    app: Flask, come: Come, company: Company, way: Way
) -> None:
    desk, lead, handler = (come(name, way) for name in ("desk1", "lead.tech", "emp.tech"))

    lead.allows(422)

    case = Intake.open(desk).fills().registers().is_("registered")
    desk.looks()
    number = case.number
    case.does("route").is_("routed")

    CasePage.from_my_day(lead, number, "accept").does("accept", handler="emp.tech").is_("accepted")

    work = CasePage.from_my_day(handler, number, "propose")
    work.does("contact", note="已致电，下午上门")
    work.does("promise", due_at="2026-03-02T16:00", note="下午四点前回复")
    proposal = {"findings": "墨盒开裂", "finding": "mistake", "solution": ["换新墨盒", "换一台机器"]}
    work.does("propose", **proposal).is_("proposed")
    handler.reads("换一台机器").looks()

    decision = CasePage.from_my_day(lead, number, "approve").tries("return", note="  ")
    lead.page.locator("form[id=return] .error").wait_for()
    decision.does("return", note="请写明费用").is_("returned")

    CasePage.from_my_day(handler, number, "propose").does("propose", **proposal).is_("proposed")

    phone = come("lead.tech", Way(way.lang, way.script, PHONE))
    approve_in_two_touches(phone, number)

    work = (
        CasePage.from_my_day(handler, number, "resolve").does("resolve", result="已更换墨盒").is_("resolved")
    )
    work.does("report", answer="已修好，请放心使用").is_("reported")

    closing = CasePage.from_my_day(desk, number, "follow-up").does("follow-up", outcome="satisfied")
    CasePage.open(lead, number).does("file")
    closing = (
        CasePage.open(desk, number).does("confirm").does("archive", evaluation="处理及时").is_("archived")
    )
    desk.looks()
    closing.tells("已致电，下午上门", "请写明费用", "已更换墨盒", "处理及时")
    assert factories.history_faults(app) == []

    company.way = way
    company.disposes(number, "Thu 2027-03-04 09:00", CALL["content"], "请写明费用", "已更换墨盒", "处理及时")


def approve_in_two_touches(phone: Colleague, number: str) -> None:
    """From the message to the done approval: open it, approve; the button lies within one scroll."""
    phone.goes("/notifications/").looks()
    row = phone.page.get_by_role("row").filter(has_text=number).first
    press = row.get_by_role("button").tap if phone.way.script else row.get_by_role("button").click
    press()
    case = CasePage(phone, number)
    button = phone.page.locator("form[id=approve] button[type=submit]")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box is not None
    assert box["y"] < 2 * PHONE[1], "the approval is further away than one scroll"
    assert box["height"] >= 40, "the button is too small for a thumb"
    phone.looks()
    button.click()
    case.is_("approved")


@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_the_notice_prints_on_one_sheet(app: Flask, come: Come, way: Way) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    lead = come("lead.tech", way)
    CasePage.open(lead, number)
    lead.link("Notice").click()
    lead.is_at(f"/complaints/{number}/notice").looks()
    lead.page.emulate_media(media="print")
    expect(lead.page.get_by_role("navigation")).to_have_count(0)
    expect(lead.page.locator(".signature:visible")).to_have_count(2)
    for words in ("GZ-20260302-0001", "QR-CP-10", number, CALL["content"], "示例公司"):
        lead.reads(words)
    sheets = re.findall(rb"/Type\s*/Page\b", lead.page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) == 1, f"{len(sheets)} sheets"
