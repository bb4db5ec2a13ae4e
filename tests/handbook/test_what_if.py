"""What would have been: a table reckoned by hand with a wall calendar, and the page that asks it."""

from __future__ import annotations

import re
from datetime import datetime
from time import process_time

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.kernel import what_if
from portal.kernel.holidays import default_calendar
from portal.kernel.limits import Limit
from portal.kernel.what_if import Run
from tests import factories
from tests.conftest import As, At
from tests.kernel.moments import at as moment

CALENDAR = default_calendar()  # Monday to Friday 08:30-12:00, 13:30-17:30, with China's holidays
NOW = moment("Wed 2026-04-01 10:00")


def _run(started: str, met: str = "", ends: str = "", *paused: tuple[str, str]) -> Run:
    def read(written: str) -> datetime | None:
        return moment(written) if written else None

    pauses = tuple((moment(begins), read(until)) for begins, until in paused)
    return Run(moment(started), read(met), read(ends), pauses)


RUNS = (
    _run("Mon 2026-03-02 09:00", "Mon 2026-03-02 09:20"),  # 20 min
    _run("Mon 2026-03-02 11:50", "Mon 2026-03-02 13:45"),  # 115 min, of them 25 of work
    _run("Fri 2026-03-06 17:20", "Mon 2026-03-09 09:00"),  # 40 min of work, over a weekend
    _run(
        "Mon 2026-03-02 09:00", "Mon 2026-03-02 12:00", "", ("Mon 2026-03-02 09:10", "Mon 2026-03-02 11:45")
    ),
    _run("Tue 2026-03-03 09:00", "Tue 2026-03-03 11:00", "Tue 2026-03-03 11:30"),  # extended, and kept
    _run("Tue 2026-03-03 09:00", "Tue 2026-03-03 12:00", "Tue 2026-03-03 11:30"),  # extended, and overrun
    _run("Wed 2026-04-01 09:30"),  # still runs, for half an hour
    _run("Mon 2026-03-30 09:00", "", "", ("Mon 2026-03-30 09:05", "")),  # still rests
)


@pytest.mark.parametrize(
    ("limit", "late"),
    [
        # Which of the eight are late, counted from 1: 2 and 3 by plain time, 4 rested all but 25 minutes; 6 was named.
        ("20 min", 5),  # 2 3 4 6 7; the first is met at its very end
        ("25 min", 4),  # 2 3 6 7; the fourth used 25 minutes exactly
        ("19 min", 6),  # 1 2 3 4 6 7
        ("30 min", 3),  # 2 3 6; the seventh ends at this very moment
        ("0.5 wh", 2),  # 3 6
        ("1 wh", 1),  # 6
        ("0 wd", 2),  # 3 6: the third began on Friday with ten minutes left
        ("0 d", 2),  # 3 6
        ("1 wd", 1),  # 6
    ],
)
@pytest.mark.clause("GO-05")
def test_limits_are_reckoned_once_more_as_the_clocks_reckon_them(limit: str, late: int) -> None:
    assert what_if.late(RUNS, Limit.parse(limit), CALENDAR, NOW) == late


@pytest.mark.parametrize("limit", ["99999 wh", "9999 wd", "9999 d"])
def test_an_absurd_limit_costs_nothing(limit: str) -> None:
    begun = process_time()
    assert (
        what_if.late(RUNS * 1000, Limit.parse(limit), CALENDAR, NOW) == 1000
    )  # the sixth, whose end was named
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("figure", "kind"),
    [
        ("limit.first_contact.urgent", "first_contact"),
        ("limit.solution", "solution"),
        ("limit.follow_up_again", "follow_up"),
        ("limit.visit_undo", ""),
        ("ladder.solution", ""),
    ],
)
def test_a_limit_is_known_by_its_clock(figure: str, kind: str) -> None:
    assert what_if.kind_of(figure, ["first_contact", "solution", "follow_up"]) == kind


def _contacted(app: Flask, at: At, began: str, contacted: str, **chosen: object) -> str:
    at(began)
    number = factories.a_case(app, State.ACCEPTED, **chosen)  # type: ignore[arg-type]  # fields of a case
    at(contacted)
    factories.do(app, "emp.tech", "contact", number, note="已联系")
    return number


ASK = "/handbook/CP-12?figure=limit.first_contact.normal&limit="


def test_the_page_answers_for_last_quarter(any_app: Flask, at: At, as_: As) -> None:
    _contacted(any_app, at, "Mon 2026-03-02 09:00", "Mon 2026-03-02 09:20")
    slow = _contacted(any_app, at, "Mon 2026-03-02 10:00", "Mon 2026-03-02 10:40")
    paused = factories.a_case(any_app, State.ACCEPTED)
    at("Mon 2026-03-02 10:50")
    factories.do(any_app, "emp.tech", "pause", paused, reason="等客户提供照片")
    at("Mon 2026-03-02 15:00")
    factories.do(any_app, "emp.tech", "resume", paused, note="照片已收到")
    at("Mon 2026-03-02 15:05")
    factories.do(any_app, "emp.tech", "contact", paused, note="已联系")
    at("Wed 2026-04-01 10:00")
    _contacted(any_app, at, "Wed 2026-04-01 10:00", "Wed 2026-04-01 10:50")  # this quarter's
    for limit, late in (("20+min", 1), ("15+min", 2), ("10+min", 3), ("1+wh", 0)):
        page = as_("desk1").get(f"{ASK}{limit}")
        assert f"{late} would have been late last quarter" in page.text
        assert "3 in all, 1 late as it was" in page.text, limit
        assert slow not in page.text, "numbers, nobody's case"
    others = as_("desk1").get(ASK.replace("normal", "urgent") + "20+min")
    assert "No limit of this figure began" in others.text, "urgent cases have a figure of their own"


@pytest.mark.parametrize("limit", ["soon", "", "-1 min", "3 weeks", "1" * 30 + " min", "\x00"])
def test_a_limit_that_cannot_be_read_is_told_beside_its_field(app: Flask, as_: As, limit: str) -> None:
    page = as_("desk1").get(
        "/handbook/CP-12", query_string={"figure": "limit.first_contact.normal", "limit": limit}
    )
    assert page.status_code == 422
    assert re.search(r'id="limit-error"', page.text)


def test_only_limits_of_the_clause_are_asked_about(app: Flask, as_: As) -> None:
    assert as_("desk1").get("/handbook/CP-12?figure=limit.solution&limit=1+wd").status_code == 422
    assert as_("desk1").get("/handbook/RC-17?figure=limit.visit_undo&limit=1+min").status_code == 200
    assert "What if" not in as_("desk1").get("/handbook/RC-17").text


@pytest.mark.clause("CP-09")
def test_nobody_counts_what_is_about_them(app: Flask, at: At, as_: As) -> None:
    _contacted(
        app,
        at,
        "Mon 2026-03-02 09:00",
        "Mon 2026-03-02 09:25",
        person_concerned_id=factories.id_of(app, "emp.impl"),
        department="tech",
    )
    at("Wed 2026-04-01 10:00")
    assert "No limit of this figure began" in as_("emp.impl").get(f"{ASK}20+min").text
    assert "1 would have been late" in as_("emp.admin").get(f"{ASK}20+min").text
