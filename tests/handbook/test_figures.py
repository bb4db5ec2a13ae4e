"""How a clause is kept: the share in each span, the lists behind it, and who is led there."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.reception.codes import Category
from portal.kernel import clause_figures
from portal.kernel.clause_figures import Kept
from tests import factories
from tests.conftest import As, At
from tests.house.test_statements import MOST, statements


def _cell(page: str, words: str) -> list[str]:
    """The cells of a figure's row, as text."""
    row = re.search(rf"<tr><td>{words}</td>(.*?)</tr>", page, re.DOTALL)
    assert row, words
    return [re.sub(r"<[^>]+>| +", " ", cell) for cell in re.findall(r"<td>(.*?)</td>", row[1], re.DOTALL)]


@pytest.mark.parametrize(
    ("good", "of", "said"),
    [
        (0, 0, "—"),
        (0, 3, "0 %"),
        (27, 28, "96.4 %"),
        (28, 28, "100 %"),
        (9999, 10000, "99.9 %"),
        (1, 10000, "0.1 %"),
    ],
)
def test_a_share_never_says_more_than_is_true(good: int, of: int, said: str) -> None:
    assert Kept(good, of).percent == said


SPANS = {  # this month, the last one, this quarter, the last one
    "2026-01-31": "01-01 01-31, 12-01 12-31, 01-01 03-31, 10-01 12-31",
    "2028-02-29": "02-01 02-29, 01-01 01-31, 01-01 03-31, 10-01 12-31",
    "2026-12-01": "12-01 12-31, 11-01 11-30, 10-01 12-31, 07-01 09-30",
}


@pytest.mark.parametrize(("day", "spans"), SPANS.items())
def test_spans_are_whole_months_and_quarters(day: str, spans: str) -> None:
    today = date.fromisoformat(day)
    found = [*clause_figures.spans_at(today), clause_figures.last_quarter(today)]
    assert ", ".join(f"{span.since:%m-%d} {span.until:%m-%d}" for span in found) == spans


def test_codes_of_a_figure_are_read_as_words(app: Flask, as_: As) -> None:
    for address in ("/handbook/RC-02", "/office/limits/"):
        page = as_("office1").get(address).text
        assert ("Large meeting room, Office of a leader" in page, "large office" in page) == (True, False), (
            address
        )


def test_words_say_when_a_figure_moved_on_after_them(app: Flask, as_: As) -> None:
    moved = "Figures were changed after these words were approved"
    assert moved not in as_("emp.tech").get("/handbook/RC-11").text
    as_("office1").send("/office/limits/limit.visit_decision/change", value="8 min", reason="太紧")
    assert moved in as_("emp.tech").get("/handbook/RC-11").text


def test_limits_of_cases_lead_to_exactly_their_cases(any_app: Flask, at: At, as_: As) -> None:
    early, slow = "", ""
    for began, contacted in (("09:00", "09:20"), ("10:00", "10:40"), ("11:00", "11:10")):
        at(f"Mon 2026-03-02 {began}")
        number = factories.a_case(any_app, State.ACCEPTED)
        at(f"Mon 2026-03-02 {contacted}")
        factories.do(any_app, "emp.tech", "contact", number, note="已联系")
        early, slow = (number, slow) if not early else (early, slow or number)
    page = as_("office1").get("/handbook/CP-12").text
    month, before, quarter = _cell(page, "First contact")
    assert ("66.7 %" in month, "nothing yet" in before, "66.7 %" in quarter) == (True, True, True)
    good, late = (unescape(url) for url in re.findall(r'href="(/complaints/figures/cases[^"]+)"', page)[:2])
    assert (early in as_("office1").get(good).text, slow in as_("office1").get(good).text) == (True, False)
    assert (early in as_("office1").get(late).text, slow in as_("office1").get(late).text) == (False, True)
    told = as_("emp.admin").get("/handbook/CP-12").text
    assert "66.7 %" in told
    assert "/complaints/figures/cases" not in told, "who has no figures is led nowhere"
    at("Wed 2026-04-01 09:00")
    month, before, quarter = _cell(as_("desk1").get("/handbook/CP-12").text, "First contact")
    assert ("nothing yet" in month, "66.7 %" in before, "nothing yet" in quarter) == (True, True, True)


@pytest.mark.clause("CP-04")
def test_a_tip_off_stands_in_the_figures_of_the_general_office_alone(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(app, confidential=True)
    at("Fri 2026-03-06 17:00")
    factories.sweep(app)
    assert number
    assert "nothing yet" not in _cell(as_("office1").get("/handbook/CP-14").text, "First answer")[0]
    assert "nothing yet" in _cell(as_("desk1").get("/handbook/CP-14").text, "First answer")[0]


def test_other_limits_lead_the_general_office_to_what_they_ran_on(any_app: Flask, at: At, as_: As) -> None:
    number = factories.a_visit(any_app, category=Category.D, purpose="送样品")
    factories.on_visit(any_app, number, "ask", on_business=True)
    at("Mon 2026-03-02 09:03")
    factories.on_visit(any_app, number, "agree", by="lead.tech")
    page = as_("office1").get("/handbook/RC-11").text
    assert "100 %" in _cell(page, "Decision on a visitor")[0]
    (url,) = {unescape(url) for url in re.findall(r'href="(/handbook/RC-11/limits[^"]+)"', page)[:1]}
    assert number in as_("office1").get(url).text
    assert number not in as_("office1").get(f"{url}&late=1").text
    assert "/limits?" not in as_("desk1").get("/handbook/RC-11").text
    assert as_("desk1").get(url).status_code == 403


def test_penalties_are_counted_for_the_general_office_alone(app: Flask, as_: As) -> None:
    assert "Statement on a penalty" in as_("office1").get("/handbook/CP-24").text
    assert "<td>Statement on a penalty</td><td>" not in as_("gm").get("/handbook/CP-24").text


COSTLY = (
    "/handbook/CP-21",
    "/handbook/CP-24",
    "/handbook/DR-13",
    "/handbook/CP-13?figure=limit.solution&limit=1+wd",
    "/handbook/CP-12/limits",
)


@pytest.mark.parametrize("address", COSTLY)
def test_a_clause_costs_few_statements_however_many_figures_it_has(app: Flask, as_: As, address: str) -> None:
    factories.a_case(app, State.PROPOSED)
    one = statements(as_("office1"), address)
    assert len(one) <= MOST, "\n".join(one)
    factories.a_case(app, State.PROPOSED)
    assert len(statements(as_("office1"), address)) == len(one)
