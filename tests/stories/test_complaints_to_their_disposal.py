"""Complaints whole, each by its own road: from the first word until the record is disposed of."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.pages.company import CUSTOMER, Archive, Company, improves
from tests.pages.complaints import CasePage
from tests.pages.live import ENGLISH_SCRIPT, PHONE, Way

pytestmark = pytest.mark.browser

PROPOSAL = {"findings": "墨盒开裂", "finding": "mistake", "solution": ["换新墨盒", "换一台机器"]}
COMPLAINT = {"category": "product", "content": "打印机漏墨，文件打不出来", "read_back": "yes", **CUSTOMER}
TEXTS = (COMPLAINT["content"], "墨盒开裂", "换一台机器", "已更换墨盒", "已修好")


def until_accepted(company: Company, handler: str, **chosen: object) -> str:
    """Taken at the desk, routed and signed for, as the story of the archive walks it; its number."""
    number = company.takes("desk1", **(COMPLAINT | chosen)).number
    factories.do(company.app, "desk1", "route", number)
    factories.do(company.app, "lead.tech", "accept", number, handler=handler)
    return number


def one_round(
    company: Company, number: str, outcome: str, *, handler: str = "emp.tech", lead: str = "lead.tech"
) -> None:
    """Proposed, approved, carried out, answered, as the story of the archive walks it; followed up by the first
    responder (CP-11, CP-17, CP-18)."""
    for who, verb, given in (
        (handler, "propose", PROPOSAL),
        (lead, "approve", {}),
        (handler, "resolve", {"result": "已更换墨盒"}),
        (handler, "report", {"answer": "已修好，请放心使用"}),
    ):
        factories.do(company.app, who, verb, number, **given)
    company.does("desk1", number, "follow-up", outcome=outcome, note="电话回访")


@pytest.mark.clause("CP-36")
@pytest.mark.clause("CP-16")
@pytest.mark.clause("CP-21")
@pytest.mark.clause("CP-20")
def test_a_major_complaint_is_handled_by_rank_decided_above_and_learned_from(company: Company) -> None:
    company.on("Mon 2026-03-02 09:00").way = ENGLISH_SCRIPT
    number = company.takes("desk1", major=True, **COMPLAINT).number
    company.is_told("office1", number, "A major complaint was reported.")
    company.does("desk1", number, "route").is_("routed")
    company.is_told("lead.tech", number, "A major complaint was reported.")
    CasePage.from_my_day(company("lead.tech"), number, "accept").tries("accept", handler="emp.tech")
    company("lead.tech").is_refused("CP-36")
    company.does("lead.tech", number, "accept", handler="lead.tech").is_("accepted")

    company.does_besides("lead.tech", number, "escalate", kind="major", reason="须总经办定夺")
    company.is_told("office1", number, "A major complaint was reported.")
    company.does("office1", number, "decide", note="整批更换").tells("整批更换")
    company.is_told("lead.tech", number, "What was handed up has been decided.")
    one_round(company, number, "satisfied", handler="lead.tech", lead="gm")
    company.finishes(number)

    improvement = improves(company, number)
    company.on("Wed 2027-03-03 09:00")
    expect(Archive.open(company("office1")).past_term().row(number)).to_have_count(0)
    company.on("Fri 2029-03-02 09:00")
    Archive.open(company("office1")).past_term().tries(number)
    company("office1").reads(f"{company('office1').word('Term is over')}").is_told(
        "The improvement case %(number)s is still open.", number=improvement
    )
    company.does_part("office2", improvement, "confirm-effect", evaluation="一年无同类投诉")
    company.is_disposed_of(number, "Fri 2029-03-02 15:00", *TEXTS, "整批更换")


@pytest.mark.clause("CP-13")
@pytest.mark.clause("CP-08")
@pytest.mark.clause("CP-04")
@pytest.mark.clause("CP-20")
def test_an_urgent_case_on_site_at_night_climbs_until_somebody_decides(company: Company) -> None:
    company.on("Sun 2026-03-01 23:30")
    case = company.takes(
        "desk1",
        **(COMPLAINT | {"channel": "onsite", "category": "operation", "urgency": "urgent", "read_back": ""}),
    )
    number = case.number
    case.does("route", department="tech", reason="设备故障引起").is_("routed")
    case.tells("CP-05")
    company.on("Sun 2026-03-01 23:41")
    swept = [line for line in factories.sweep(company.app) if number in line]
    assert any("on_site" in line and "overdue" in line for line in swept), swept
    company.is_told("lead.tech", number, "A limit has run out.")
    first = company("lead.tech").goes("/").page.locator("#waiting tbody tr").first
    expect(first).to_contain_text(number)
    expect(first.locator(".clock.over")).to_be_visible()
    company.does("lead.tech", number, "accept", handler="emp.tech").is_("accepted")
    company.does("emp.tech", number, "on-site", note="已断电，人员安全")
    company.does("desk1", number, "read-back", read_back="signed")

    page = CasePage.open(company("emp.tech"), number).tries("escalate", kind="unsolved", reason="原因不明")
    company("emp.tech").is_refused("CP-08")
    page.does("escalate", kind="unsolved", reason="原因不明", customer_type="venting")
    company.is_told("sup.tech", number, "A case was escalated to you: a result is due within one day.")
    company.on("Mon 2026-03-02 23:50")
    factories.sweep(company.app)
    company.is_told("lead.tech", number, "A limit has run out.")
    company.on("Tue 2026-03-03 23:50")
    factories.sweep(company.app)
    company.is_told("gm", number, "A limit has run out.")
    company.does("sup.tech", number, "decide", note="更换电源，当晚完成")
    one_round(company, number, "satisfied")
    company.finishes(number).tells("已断电，人员安全", "更换电源，当晚完成", "原因不明")
    company.is_disposed_of(number, "Sat 2029-03-03 09:00", *TEXTS, "更换电源")


@pytest.mark.clause("CP-06")
@pytest.mark.clause("CP-20")
@pytest.mark.parametrize(
    ("asks", "decides"), [("desk1", "office1"), ("emp.tech", "lead.tech"), ("lead.tech", "gm")]
)
def test_a_complaint_that_does_not_stand_is_agreed_by_two(company: Company, asks: str, decides: str) -> None:
    company.on("Mon 2026-03-02 09:00").way = Way(size=PHONE)
    if asks == "desk1":
        number = company.takes("desk1", **COMPLAINT).number
    else:
        number = until_accepted(company, "emp.tech")
    answer = "您的机型不在保修范围，已为您讲解使用方法"
    page = CasePage.open(company(asks), number).does("not-upheld", reason="客户误用", answer=answer)
    company(asks).looks()
    row = company.waits_for(asks, number)
    expect(row.get_by_role("link", name=company(asks).word("Complaint does not stand"))).to_have_count(0)
    page = company.does(decides, number, "not-upheld", decision="yes").is_("not_upheld")
    company(decides).looks()
    page.tells("客户误用")
    company.is_told(asks, number, "Your request on a case was decided.")
    if asks != "desk1":
        company.does_besides("lead.tech", number, "file")
    company.does("desk1", number, "archive", evaluation="已取得客户谅解").is_("archived")
    company.is_disposed_of(number, "Thu 2027-03-04 09:00", COMPLAINT["content"], answer, "客户误用")


@pytest.mark.clause("CP-17")
@pytest.mark.clause("CP-18")
@pytest.mark.clause("CP-20")
def test_a_case_is_reopened_twice_until_the_customer_is_satisfied(company: Company) -> None:
    company.on("Mon 2026-03-02 09:00")
    number = until_accepted(company, "emp.tech")
    for again in (2, 3):
        one_round(company, number, "dissatisfied")
        case = company.does("desk1", number, "reopen", note=f"第{again - 1}次仍漏墨").is_("reopened")
        case.tells(f"第{again - 1}次仍漏墨")
        company.is_told("emp.tech", number, "The customer is not satisfied: another round begins.")
    one_round(company, number, "satisfied")
    board = company("office1").goes("/complaints/board")
    board.reads(board.word("round %(n)s", n=3))
    company.finishes(number).tells("第1次仍漏墨", "第2次仍漏墨")

    company.on("Wed 2027-03-03 09:00")
    row = Archive.open(company("office1")).row(number)
    expect(row).to_contain_text(company("office1").word("Important, kept longer"))
    expect(Archive.open(company("office1")).past_term().row(number)).to_have_count(0)
    company.is_disposed_of(number, "Fri 2029-03-02 09:00", *TEXTS, "仍漏墨")
