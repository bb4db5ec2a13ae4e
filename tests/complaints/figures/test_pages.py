"""The board, the reports and the lists behind their numbers, as their readers see them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal import verification
from portal.blueprints.complaints.codes import Category, Kind, Outcome, State
from portal.blueprints.complaints.figures.models import PeriodReport
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import statements

NUMBER = re.compile(r'<a href="(/complaints/[^"]+)">(\d+)</a>')
TILE = re.compile(r'<a class="tile[^"]*" href="([^"]+)"><span>[^<]*</span><strong>(\d+)</strong>')


def numbers_on(page: str) -> Iterator[tuple[str, int]]:
    """Every number that leads somewhere, and where."""
    for address, n in (*NUMBER.findall(page), *TILE.findall(page)):
        yield unescape(address), int(n)


def a_company(app: Flask, at: At) -> None:
    """Cases in every state and department, one overdue, one nearly, one reopened, one tip-off, one about a lead."""
    for state in State:
        factories.a_case(app, state)
    factories.a_case(app, State.ARCHIVED, department="impl", category=Category.PRICE)
    factories.a_case(app, State.REGISTERED, kind=Kind.INQUIRY, customer_phone="")
    number = factories.a_case(app, State.REPORTED)
    factories.do(app, "desk2", "follow-up", number, outcome=Outcome.DISSATISFIED, note="仍漏墨")
    factories.a_case(app, State.ROUTED, confidential=True, by="office1", department="tech")
    factories.a_case(app, category=Category.ATTITUDE, concerned="lead.tech")
    at("Tue 2026-03-03 09:20")  # a day's answer is overdue; what follows is fresh
    factories.a_case(app, State.ROUTED)
    at("Tue 2026-03-03 09:45")
    factories.sweep(app)


@pytest.mark.clause("CP-21")
def test_every_number_leads_to_exactly_its_cases(app: Flask, as_: As, at: At) -> None:
    a_company(app, at)
    for username in ("office1", "desk1", "gm", "lead.tech"):
        browser, seen = as_(username), 0
        for page in (
            "/complaints/board",
            "/complaints/reports",
            "/complaints/reports?since=2026-03-01&until=2026-03-03",
        ):
            for address, n in dict(numbers_on(browser.get(page).text)).items():
                found = browser.get(address)
                assert found.status_code == 200, address
                rows = len(re.findall(r"<a (?:data-row )?href=\"?[^ >]*TS-[^ >]*>TS-", found.text))
                assert rows == n, f"{username} {page}: {address}"
                seen += 1
        assert seen > 25, username


@pytest.mark.clause("CP-21")
def test_the_board_is_the_general_offices_and_a_lead_sees_the_own_department(
    app: Flask, as_: As, at: At
) -> None:
    a_company(app, at)
    for username in ("emp.tech", "sup.tech"):
        for page in (
            "board",
            "reports",
            "figures/cases",
            "figures/cases.xlsx",
            "reports.xlsx",
            "reports/print",
        ):
            assert as_(username).get(f"/complaints/{page}").status_code == 403, page
        assert "/complaints/board" not in as_(username).get("/complaints/").text
    ever = as_("office1").get("/complaints/figures/cases").text  # an address without a day means all days
    assert f"{ever.count('data-row')} cases" in ever
    office = as_("office1").get("/complaints/figures/cases?live=overdue").text
    lead = as_("lead.impl").get("/complaints/figures/cases?live=overdue").text
    assert "data-row" in office
    assert "data-row" not in lead
    board = as_("lead.impl").get("/complaints/board").text
    assert "Technology" not in board
    assert as_("lead.impl").get("/complaints/figures/cases?department=tech").text.count("data-row") == 1
    assert "/complaints/board" in as_("office1").get("/complaints/").text


@pytest.mark.clause("CP-09")
@pytest.mark.clause("CP-04")
def test_nobody_learns_by_a_number_what_they_may_not_see(app: Flask, as_: As) -> None:
    factories.a_case(app, State.ROUTED, category=Category.ATTITUDE, concerned="lead.tech", department="tech")
    factories.a_case(app, State.ROUTED, confidential=True, by="office1", department="tech")
    assert dict(numbers_on(as_("lead.tech").get("/complaints/board").text)) == {}
    assert dict(numbers_on(as_("lead.tech").get("/complaints/reports").text)) == {}
    for username, n in (("office1", 2), ("desk1", 1), ("gm", 1)):
        tile = re.search(r"<strong>(\d+)</strong>", as_(username).get("/complaints/board").text)
        assert tile
        assert int(tile[1]) == n, username


@pytest.mark.clause("CP-22")
def test_a_report_tells_categories_causes_and_customers_who_come_again(app: Flask, as_: As) -> None:
    for _ in range(3):
        factories.a_case(app, State.PROPOSED)
    factories.a_case(app, category=Category.PRICE, customer_phone="13700000000")
    page = as_("office1").get("/complaints/reports?period=2026-Q1").text
    assert "Quarter 1 of 2026" in page
    assert re.search(r"139\*\*\*\*1234 陈桂芳</th><td class=\"num\"><a [^>]*>3</a>", page)
    assert not re.search("13700000000|13900001234", page), "nor in an address, which stands in logs (RC-20)"
    theirs = re.search(r'href="(\S+customer=3)"', page)
    assert theirs
    behind = unescape(theirs[1])
    assert as_("office1").get(behind).text.count("data-row") == 3
    other = factories.a_case(app, State.ROUTED, department="impl")
    hidden = as_("lead.impl").get(f"/complaints/figures/cases?customer={factories.load(app, other).id}")
    assert hidden.text.count("data-row") == 1
    assert "data-row" not in as_("lead.impl").get(behind).text, "by a case that is not theirs nobody is found"
    assert re.search(r"Product quality</th><td class=\"num\"><a [^>]*>3</a></td><td class=\"num\">75 %", page)
    assert re.search(r"Ordinary mistake</th><td class=\"num\"><a [^>]*>3</a>", page)
    one = as_("office1").get("/complaints/reports?period=2026-Q1&department=impl&kind=inquiry")
    assert one.status_code == 200
    assert list(numbers_on(one.text)) == []


@pytest.mark.clause("CP-27")
def test_the_goals_are_measured_and_their_denominator_is_a_figure(app: Flask, as_: As, at: At) -> None:
    factories.a_case(app, State.ARCHIVED)
    factories.a_case(app, State.ROUTED)
    running = text_of(as_("desk1").get("/complaints/reports"))
    assert "Cases with an outcome 50 % asked: 100 %" in running, "no fault while the month runs"
    at("Wed 2026-04-01 09:00")
    text = text_of(as_("office1").get("/complaints/reports?period=2026-03"))
    assert "Cases with an outcome 50 % goal missed · asked: 100 %" in text
    assert "Upheld complaints among the customers served 50 % goal missed · asked: under 1 %" in text
    as_("office1").send("/office/limits/goal.served/change", value="6000", reason="全年约七万人次")
    text = text_of(as_("office1").get("/complaints/reports?period=2026-03"))
    assert "Upheld complaints among the customers served 0.1 % goal reached" in text
    assert "CP-27" in text


@pytest.mark.parametrize("address", ["?period=2026-13", "?since=2026-03-05&until=2026-03-01"])
def test_a_period_that_cannot_be_read_is_told(as_: As, address: str) -> None:
    page = as_("office1").get(f"/complaints/reports{address}")
    assert page.status_code == 200
    assert 'role="alert"' in page.text


def lines_of(workbook: bytes) -> list[tuple[Any, ...]]:
    """The lines of a workbook's first sheet."""
    return list(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows(values_only=True))


def test_reports_leave_as_workbooks(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ARCHIVED)
    answer = as_("lead.tech").get("/complaints/reports.xlsx?period=2026-03")
    rows = lines_of(answer.data)
    assert ("By category", "Product quality", 1, None, "100 %", 0) in rows
    answer = as_("lead.tech").get("/complaints/figures/cases.xlsx?since=2026-03-01")
    rows = lines_of(answer.data)
    assert [row[0] for row in rows[1:]] == [number]


@pytest.mark.parametrize(
    "address", ["board", "reports", "reports?period=2026-Q1", "figures/cases", "reports/2026-03"]
)
def test_the_pages_cost_few_statements(app: Flask, as_: As, address: str) -> None:
    as_("office1").send("/complaints/reports/draft", period="2026-03")
    factories.a_case(app, State.ROUTED)
    one = statements(as_("office1"), f"/complaints/{address}")
    assert len(one) <= 8, "\n".join(one)
    for _ in range(8):
        factories.a_case(app, State.PROPOSED)
    assert len(statements(as_("office1"), f"/complaints/{address}")) == len(one)


# -- the report on a month or quarter --------------------------------------------------------------------------

TEXTS: dict[str, Any] = {
    "stood_out": "投影仪问题集中",
    "measures": "更换灯泡",
    "notice_board": "新服务台电话",
}


def drafted(browser: CarefulClient, period: str) -> str:
    answer = browser.send("/complaints/reports/draft", period=period)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


@pytest.mark.clause("CP-29")
def test_a_report_is_drafted_written_signed_and_then_only_corrected(app: Flask, as_: As, at: At) -> None:
    factories.a_case(app, State.ARCHIVED)
    office = as_("office1")
    here = drafted(office, "2026-Q1")
    assert drafted(office, "2026-Q1") == here
    assert ("2026-Q1", "sign") in factories.waiting(app, "office2")

    early = office.send(f"{here}/sign")
    assert early.status_code == 409
    for said in (
        "still runs",
        "What stood out is not",
        "measures are not",
        "notice board next quarter is not",
    ):
        assert said in text_of(early)
    assert "CP-29" in early.text
    assert office.send(f"{here}/write", **TEXTS).status_code == 303

    at("Wed 2026-04-01 09:00")
    office = client_of(app, "office1")
    assert office.send(f"{here}/erratum", text="x").status_code == 409
    assert as_("office2").send(f"{here}/sign").status_code == 303
    assert ("2026-Q1", "sign") not in factories.waiting(app, "office2")
    assert office.send(f"{here}/write", stood_out="x").status_code == 409

    page = as_("gm").get(here).text
    assert "投影仪问题集中" in page
    assert office.send(f"{here}/erratum", text="  ").status_code == 422
    assert office.send(f"{here}/erratum", text="三月应为二月").status_code == 303
    assert "三月应为二月" in as_("gm").get(here).text
    assert "Draft a notice from it" not in as_("gm").get(here).text
    draft = dict(re.findall(r'type="hidden" name="(kind|title|text)" value="([^"]+)"', office.get(here).text))
    kept = office.send("/office/notices/new", **draft)
    assert "新服务台电话" in office.get(kept.headers["Location"]).text
    printed = as_("gm").get(f"{here}/print").text
    assert "三月应为二月" in printed
    assert "QR-CP-29" in printed
    with app.app_context():
        (report,) = db.session.query(PeriodReport).all()
        assert report.signed_by_id == factories.viewer("office2").id
        assert list(verification.faults()) == []
    audit = as_("office2").get("/office/audit/?kind=case_report")
    assert "Report signed" in text_of(audit)


@pytest.mark.clause("CP-29")
def test_the_figures_of_a_signed_report_stay(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(app, State.REPORTED)
    office = as_("office1")
    here = drafted(office, "2026-03")
    office.send(f"{here}/write", **TEXTS)
    at("Wed 2026-04-01 09:00")
    office = client_of(app, "office1")
    office.send(f"{here}/sign")
    signed = text_of(office.get(here))
    factories.do(app, "desk2", "reopen", number, note="仍漏墨")
    assert text_of(office.get(here)) == signed
    assert office.get(f"{here}/print").status_code == 200


def test_a_report_is_the_offices_to_write_and_the_managers_to_read(as_: As) -> None:
    here = drafted(as_("office1"), "2026-03")
    assert as_("gm").get(here).status_code == 200
    for verb in ("write", "sign", "erratum"):
        assert as_("gm").send(f"{here}/{verb}", text="x").status_code == 403
        assert as_("desk1").send(f"{here}/{verb}", text="x").status_code == 404
    assert as_("desk1").send("/complaints/reports/draft", period="2026-02").status_code == 403
    for username in ("desk1", "lead.tech", "emp.tech"):
        assert as_(username).get(here).status_code == 404
    for period in ("2026-04", "2026-13", "x"):
        assert as_("office1").get(f"/complaints/reports/{period}").status_code == 404
    assert as_("office1").send("/complaints/reports/draft", period="2026-13").status_code == 422


def test_a_stale_report_shows_both_versions(as_: As) -> None:
    office = as_("office1")
    here = drafted(office, "2026-03")
    found = re.search(r'name="version"[^>]*value="(\d+)"', office.get(here).text)
    assert found
    assert as_("office2").send(f"{here}/write", **TEXTS).status_code == 303
    stale = office.send(f"{here}/write", version=found[1], **(TEXTS | {"measures": "换新机"}))
    assert stale.status_code == 409
    assert "换新机" in stale.text
    assert "更换灯泡" in stale.text
