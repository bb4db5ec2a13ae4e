"""A complaint about somebody's attitude whole: hidden from that person, judged, penalised, paid off, disposed of."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.blueprints.complaints import guide
from tests import factories
from tests.pages.company import CUSTOMER, Archive, Company
from tests.pages.complaints import CasePage, fill
from tests.pages.live import Colleague

pytestmark = pytest.mark.browser

RUDE = {"category": "attitude", "content": "安装师傅当面嘲讽客户", "read_back": "yes", **CUSTOMER}


def ticks(case: CasePage, code: str) -> None:
    """A step of the guide is taken."""
    step = case.who.word("Done: %(step)s", step=case.who.word(str(guide._BY_CODE[code].words.sentence)))
    case.who.page.get_by_role("button", name=step).click()
    case.who.is_told("Ticked.")


def finds_nothing(who: Colleague, number: str) -> None:
    """Neither by the address, nor in the list, nor in the search, nor on my day, nor in the inbox (CP-09)."""
    who.allows(404).goes(f"/complaints/{number}")
    who.reads(who.word("There is nothing here, or nothing that you have the right to see."))
    for address in ("/", "/complaints/", f"/search?q={number}", "/notifications/"):
        expect(who.goes(address).page.get_by_role("main")).to_be_visible()
        expect(who.page.get_by_role("main").get_by_role("link", name=number)).to_have_count(0)
        expect(who.page.get_by_role("main")).not_to_contain_text(RUDE["content"])


@pytest.mark.clause("CP-09")
@pytest.mark.clause("CP-24")
@pytest.mark.clause("CP-20")
@pytest.mark.clause("GO-04")
def test_a_complaint_about_a_person_ends_when_the_last_instalment_is_paid(company: Company) -> None:
    company.on("Mon 2026-03-02 09:00")
    case = company.takes("desk1", person_concerned="emp.impl", **RUDE)
    number = case.number
    ticks(case, "apology")
    finds_nothing(company("emp.impl"), number)
    company.does("desk1", number, "route").is_("routed")
    CasePage.from_my_day(company("lead.impl"), number, "accept").tries("accept", handler="emp.impl")
    company("lead.impl").is_refused("CP-09")
    ticks(company.does("lead.impl", number, "accept", handler="lead.impl").is_("accepted"), "in_person")
    proposal = {"findings": "安装师傅承认出言不逊", "finding": "breach", "responsible": "emp.impl"}
    company.does("lead.impl", number, "propose", solution="本人上门道歉", **proposal).is_("proposed")
    company.does("gm", number, "approve").is_("approved")
    factories.do(company.app, "lead.impl", "resolve", number, result="已当面道歉")
    factories.do(company.app, "lead.impl", "report", number, answer="我们已批评并致歉")
    company.does("desk1", number, "follow-up", outcome="satisfied")

    company.on("Tue 2026-03-03 16:30")  # the opinion is due by the end of the next working day
    company.does("lead.impl", number, "opinion", note="态度恶劣，须培训")
    company.is_told("office2", number, "An opinion on a member of staff was given, for the appraisal file.")
    assert not any("opinion" in line for line in factories.sweep(company.app) if number in line)
    company.finishes(number, lead="lead.impl")

    penalty = proposes_a_penalty(company, number)
    company.does_part("office1", penalty, "penalty-release", summary="对客户出言不逊")
    company.does_part("emp.impl", penalty, "penalty-statement", statement="我当时很累，愿意道歉")
    expect(company("emp.impl").page.get_by_role("main")).not_to_contain_text(RUDE["content"])
    decision = {
        "measure": "money",
        "month": "2026-03",
        "amount": "500",
        "bonus": "1000",
        "reason": "造成影响",
    }
    company.does_part("office2", penalty, "penalty-decide", **decision)
    company.does_part("office1", penalty, "penalty-publish")
    board = company("emp.tech").goes("/")
    unread = board.page.get_by_role("main").locator("a[href='/notices/']")
    expect(unread).to_contain_text("1")
    unread.click()
    board.page.get_by_role("button", name=board.word("I have read this")).click()
    board.reads(board.word("read"))
    own = company("emp.impl").goes(f"/complaints/penalties/{penalty}")
    for month, yuan in (("2026-03", "400.00"), ("2026-04", "100.00")):
        expect(own.page.locator("dl.facts div", has_text=month).filter(has_text=yuan)).to_be_visible()
    own.goes(f"/complaints/{number}")
    own.reads(own.word("There is nothing here, or nothing that you have the right to see."))

    company.on("Tue 2026-03-31 17:00")
    hands_over(company("office2"), "2026-03")
    company.on("Thu 2027-03-04 09:00")
    Archive.open(company("office1")).past_term().tries(number)
    company("office1").is_told("A penalty, its appeal or its instalments are still open.")
    personnel = company("office2").goes("/complaints/penalties/months/2026-04")
    fill(personnel.page.locator("form[action$='/bonuses']"), **{"emp.impl": "1000"})
    personnel.button("Keep the bonuses").click()
    hands_over(personnel, "2026-04")

    company.is_disposed_of(
        number, "Thu 2027-03-04 10:00", RUDE["content"], "安装师傅承认出言不逊", "态度恶劣"
    )
    sheet = company("office2").goes(f"/complaints/penalties/{penalty}")
    sheet.reads("400.00").reads("100.00")
    expect(sheet.page.get_by_role("main")).not_to_contain_text("出言不逊")


def proposes_a_penalty(company: Company, number: str) -> str:
    """The lead, from the case: a breach was found, and person and ground stand there already (CP-34); its number."""
    lead = company("lead.impl").goes(f"/complaints/{number}")
    lead.page.locator("article").get_by_role("link", name=lead.word("Penalties"), exact=True).click()
    lead.link("Propose a penalty").first.click()
    form = lead.page.locator("main form")
    expect(form.locator("[name=person]")).to_have_value("emp.impl")
    expect(form.locator("[name=ground]")).to_have_value("breach")
    fill(form, facts="出言不逊，客户陈桂芳当场投诉")
    lead.button("Propose").click()
    lead.is_at(re.compile(r"/complaints/penalties/CF-\d{8}-\d{4,}$"))
    return lead.path.rsplit("/", 1)[-1]


def hands_over(personnel: Colleague, month: str) -> None:
    """The sheet of a month goes to the pay office."""
    personnel.goes(f"/complaints/penalties/months/{month}").button("Hand the sheet to the pay office").click()
    personnel.reads(personnel.word("handed over"))
