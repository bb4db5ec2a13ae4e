"""An inquiry and a suggestion whole: from the first word until the record is disposed of."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.pages.company import CUSTOMER, Company
from tests.pages.complaints import CasePage
from tests.pages.live import ENGLISH, PATIENCE

pytestmark = pytest.mark.browser


@pytest.mark.clause("CP-02")
@pytest.mark.clause("CP-14")
@pytest.mark.clause("CP-20")
def test_an_inquiry_is_asked_inside_answered_in_time_and_proposed_as_a_phrase(company: Company) -> None:
    company.on("Mon 2026-03-02 09:00")
    desk = company("desk1")
    question = "新款打印机能否使用旧墨盒"
    case = company.takes(
        "desk1", kind="inquiry", category="product", content=question, read_back="yes", **CUSTOMER
    )
    number = case.number
    case.does("assist", department="tech", note="旧墨盒能否通用？")
    case.tries("report", answer="应该可以吧")
    desk.is_refused("CP-02")

    company.does("lead.tech", number, "assisted", note="型号K3可以通用").tells("型号K3可以通用")
    company.is_told("desk1", number, "The helping department has answered.")
    company.on("Mon 2026-03-02 16:00")
    case = company.does("desk1", number, "report", answer="K3型号可以使用旧墨盒").is_("reported")
    case.does("phrase")
    assert not CasePage.open(company("desk1"), number).offers("phrase"), "an answer is proposed once"
    company.is_told("office1", number, "An answer was proposed as a phrase.")

    company.on("Tue 2026-03-03 10:00")
    assert [line for line in factories.sweep(company.app) if number in line] == [], "it was answered in time"
    case = company.does("desk1", number, "archive", evaluation="一次答复清楚").is_("archived")
    company("desk1").looks()
    case.tells("旧墨盒能否通用？", "型号K3可以通用", "一次答复清楚")

    company.is_disposed_of(number, "Thu 2027-03-04 10:00", question, "K3型号可以使用旧墨盒", "型号K3可以通用")


@pytest.mark.clause("CP-26")
@pytest.mark.clause("CP-15")
@pytest.mark.clause("CP-20")
def test_a_suggestion_is_adopted_with_an_answer_date_and_published_with_thanks(company: Company) -> None:
    company.on("Mon 2026-03-02 09:00").way = ENGLISH
    idea = "A bell at the desk would help when nobody sits there"
    number = company.takes(
        "desk1", kind="suggestion", category="service", content=idea, read_back="yes", **CUSTOMER
    ).number
    company.does("desk1", number, "route").is_("routed")
    company.does("lead.admin", number, "accept", handler="emp.admin").is_("accepted")
    case = company.does(
        "lead.admin", number, "adopt", note="A bell for the desk", due_at="2026-03-04T12:00"
    ).is_("approved")
    published = {"what": "A bell at the desk", "measure": "Bought and put up in March"}
    case.does("publish", **published)

    reader = company("emp.impl").goes("/complaints/")
    reader.page.get_by_role("link", name=reader.word("Adopted suggestions"), exact=True).click()
    reader.is_at("/complaints/suggestions/").reads("Thank you").reads(published["what"])
    reader.reads(published["measure"])

    company.on("Wed 2026-03-04 10:30")
    assert any(number in line and "promise" in line for line in factories.sweep(company.app))
    company.is_told("emp.admin", number, "A limit is about to run out.")
    company.does("emp.admin", number, "resolve", result="The bell hangs").is_("resolved")
    company.does("emp.admin", number, "report", answer="We hung up a bell; thank you").is_("reported")
    waits = company.waits_for("emp.admin", number)
    expect(waits).to_have_count(0, timeout=PATIENCE)
    company.finishes(number, lead="lead.admin").tells("The bell hangs")

    company.is_disposed_of(number, "Fri 2027-03-05 09:00", idea, "We hung up a bell")
    company("emp.impl").goes("/complaints/suggestions/").reads(published["measure"])
