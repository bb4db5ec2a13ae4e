"""CP-29: reports are drafted once their period is over, by whichever worker comes first."""

from __future__ import annotations

from datetime import date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.figures import actions, rules
from portal.blueprints.complaints.figures.models import PeriodReport
from portal.kernel.db import db
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.kernel.moments import at as moment


def reports(app: Flask) -> list[str]:
    """The periods that have a report."""
    with app.app_context():
        return sorted(report.period for report in db.session.query(PeriodReport))


def drafted(app: Flask, now: datetime | None = None) -> list[str]:
    """What a pass says of reports."""
    return [line.split("\t")[0] for line in factories.sweep(app, now) if "\tcase_report\t" in line]


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2026, 3, 31), ["2026-02", "2025-Q4"]),
        (date(2026, 4, 1), ["2026-03", "2026-Q1"]),
        (date(2026, 4, 30), ["2026-03", "2026-Q1"]),
        (date(2027, 1, 1), ["2026-12", "2026-Q4"]),
    ],
)
def test_the_last_month_and_quarter_that_are_over(today: date, codes: list[str]) -> None:
    assert [period.code for period in rules.finished(today)] == codes
    assert all(period.until < today for period in rules.finished(today))


@pytest.mark.clause("CP-29")
def test_a_period_that_is_over_is_drafted_once_and_waits_for_the_office(any_app: Flask, at: At) -> None:
    factories.a_case(any_app, State.ARCHIVED)
    assert drafted(any_app, at("Tue 2026-03-31 23:59")) == [], "the month still runs"
    assert drafted(any_app, at("Wed 2026-04-01 00:00")) == ["2026-03", "2026-Q1"]
    assert drafted(any_app) == []
    for username in ("office1", "office2"):
        waits = factories.waiting(any_app, username)
        assert {("2026-03", "sign"), ("2026-Q1", "sign")} <= set(waits)
    assert drafted(any_app, at("Fri 2026-05-01 10:00")) == ["2026-04"]
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CP-29")
def test_after_months_without_a_worker_only_the_last_of_each_kind_is_drafted(app: Flask, at: At) -> None:
    factories.a_case(app, State.ARCHIVED)
    assert drafted(app, at("Fri 2027-02-05 10:00")) == ["2027-01", "2026-Q4"]
    assert reports(app) == ["2026-Q4", "2027-01"]


def test_a_portal_that_held_no_case_by_then_reports_nothing(app: Flask, at: At) -> None:
    factories.a_case(app, State.ROUTED)  # in March
    assert drafted(app) == []
    assert reports(app) == []


def test_what_the_office_has_begun_is_left_alone(app: Flask, as_: As, at: At) -> None:
    factories.a_case(app, State.ARCHIVED)
    as_("office1").send("/complaints/reports/draft", period="2026-03")
    as_("office1").send("/complaints/reports/2026-03/write", stood_out="投影仪", version="1")
    assert drafted(app, at("Wed 2026-04-01 09:00")) == ["2026-Q1"]
    page = client_of(app, "office1").get("/complaints/reports/2026-03").text
    assert "投影仪" in page
    assert "drafted by the portal" not in page
    assert "drafted by the portal" in client_of(app, "office1").get("/complaints/reports/2026-Q1").text


def test_a_draft_of_the_portal_is_written_and_signed_as_any_other(app: Flask, as_: As, at: At) -> None:
    factories.a_case(app, State.ARCHIVED)
    drafted(app, at("Wed 2026-04-01 09:00"))
    office, here = client_of(app, "office1"), "/complaints/reports/2026-03"
    office.send(f"{here}/write", stood_out="投影仪", measures="更换灯泡")
    assert office.send(f"{here}/sign").status_code == 303
    assert "signed by" in text_of(office.get(here))
    assert ("2026-03", "sign") not in factories.waiting(app, "office2")
    assert "Report drafted" in text_of(office.get("/office/audit/?kind=case_report"))


def test_two_workers_draft_one_report(any_app: Flask, at: At) -> None:
    factories.a_case(any_app, State.ARCHIVED)
    now, together = moment("Wed 2026-04-01 09:00"), Barrier(2)
    said: list[Any] = []

    def work() -> None:
        with any_app.app_context():
            together.wait(10)
            said.extend(actions.draft_finished(now))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(line.split("\t")[0] for line in said) == ["2026-03", "2026-Q1"]
    assert reports(any_app) == ["2026-03", "2026-Q1"]
    assert factories.history_faults(any_app) == []
