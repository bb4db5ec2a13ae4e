"""The register of a day: compiled by the desk, reviewed by the superior, archived the next morning, then corrected."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import factories
from tests.pages.company import Company
from tests.pages.complaints import fill
from tests.pages.live import CHINESE_PLAIN, Way, in_turn
from tests.pages.reception import RegisterDay, VisitPage, WalkIn, fits

pytestmark = pytest.mark.browser
DAY = "2026-03-02"
GUEST = {
    "visitor_name": "尉迟安",
    "phone": "13522223333",
    "company": "安信税务",
    "purpose": "年度审计取资料",
    "party_size": "1",
    "department": "tech",
}


@pytest.mark.clause("RC-17")
@in_turn(CHINESE_PLAIN)
def test_a_day_is_compiled_reviewed_archived_and_corrected(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    desk = company("desk1").allows(422)
    visit = WalkIn.open(desk).records("C", **GUEST).does("seat").does("meet")
    number = visit.number

    register = RegisterDay.today(desk, DAY).is_("open").does("compile").is_("compiled")
    lead = company("lead.admin")
    review = RegisterDay.from_my_day(lead, DAY, "register-review")
    review.tries("review").is_refused("RC-17")
    lead.reads(number)

    company.on(f"Mon {DAY} 10:00")
    VisitPage.open(company("desk1"), number).does("leave", satisfaction="satisfied").does("check").is_(
        "closed"
    )
    review = RegisterDay.from_my_day(company("lead.admin"), DAY, "register-review")
    fits(lead)
    review.does("review", note="当日登记齐全").is_("reviewed")

    register = RegisterDay.from_my_day(company("desk1"), DAY, "register-archive")
    register.tries("archive").is_refused("RC-17")
    company.on("Tue 2026-03-03 09:05")
    register = (
        RegisterDay.from_my_day(company("desk1"), DAY, "register-archive").does("archive").is_("archived")
    )
    fits(desk)

    visit = VisitPage.open(desk, number).is_("archived")
    expect(visit.article.get_by_role("link", name=desk.word("Edit"), exact=True)).to_have_count(0)
    answer = desk.page.goto(f"{desk.server.url}/reception/visits/{number}/edit")
    assert answer is not None
    assert answer.status == 409
    expect(desk.page.locator("h1")).to_contain_text("RC-17")

    desk.goes(f"/reception/register/{DAY}")
    register.entry(number).get_by_role("link", name=desk.word("Correct")).click()
    desk.is_at(f"/reception/register/{DAY}/correct/{number}")
    form = desk.page.locator("main form[data-guard]")
    said = {"field": "company", "should_be": "安信会计师事务所", "reason": "名片上为事务所名称"}
    fill(form, **said, password="wrong")
    desk.button("Sign the correction").click()
    expect(form.locator("#password-error")).to_be_visible()
    expect(form.locator("[name=should_be]")).to_have_value(said["should_be"])
    fits(desk)
    fill(form, password=factories.PASSWORD)
    desk.button("Sign the correction").click()
    desk.is_told("The correction is signed; the entry stays as it was.")
    for words in (GUEST["company"], said["should_be"], said["reason"]):
        expect(register.entry(number)).to_contain_text(words)
    fits(desk)
    VisitPage.open(desk, number)
    desk.reads(said["should_be"])
    company.is_told("lead.admin", "DJ-", "An entry of an archived register was corrected.")
    assert factories.history_faults(app) == []
