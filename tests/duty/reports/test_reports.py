"""The daily report: drafted from the records, signed by a person, read by the head, then fixed; summaries (DR-18)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.duty.inspections.codes import PlanKind, Rhythm
from portal.blueprints.duty.inspections.codes import State as RoundState
from portal.blueprints.duty.inspections.models import Plan, Round
from portal.blueprints.duty.reports import actions, rules
from portal.blueprints.duty.reports.models import DailyReport
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At, client_of
from tests.duty.handover.making import a_desk, a_note
from tests.duty.repairs.making import a_repair, do

WORDS: dict[str, Any] = {
    "done": "接待来访",
    "plan": "清点备品",
    "problems": "打印机卡纸",
    "improvements": "贴一张步骤图",
}


def begun(as_: As, username: str = "desk1", department: str = "admin", day: str = "2026-03-02") -> str:
    """The address of the report."""
    answer = as_(username).send("/duty/reports/begin", department=department, day=day)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def an_inspection(app: Flask, state: RoundState) -> None:
    """One of the administration that was done or missed just now."""
    with app.app_context(), db.write():
        plan = Plan(name="日巡检", kind=PlanKind.ROUND, rhythm=Rhythm.DAY, department="admin",
                    person_id=factories.viewer("emp.admin").id)  # fmt: skip
        db.session.add(plan)
        db.session.flush()
        now, done = clock.now(), state is RoundState.DONE
        db.session.add(
            Round(number=f"XJ-{plan.id}", plan_id=plan.id, department="admin", day=now.date(), state=state,
                  state_since=now, done_at=now if done else None)
        )  # fmt: skip


def desk_only(browser: CarefulClient) -> As:
    """Whoever is asked for: this browser."""
    return lambda _username: browser


@pytest.mark.clause("DR-18")
def test_the_figures_come_from_the_records_and_are_fixed_with_the_signature(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 10:00")
    desk = a_desk(app)
    a_note(app, desk.post)
    factories.a_visit(app)
    factories.a_case(app)
    number = a_repair(app)
    a_repair(app, department="tech")
    for verb, by in (
        ("assign", "lead.admin"),
        ("done", "emp.admin"),
        ("recheck", "lead.admin"),
        ("accept", "lead.admin"),
    ):
        do(app, number, verb, by)
    an_inspection(app, RoundState.DONE)
    an_inspection(app, RoundState.MISSED)
    url = begun(as_)
    assert as_("desk1").send(f"{url}/sign", **WORDS).status_code == 303
    a_note(app, desk.post)
    with app.app_context():
        lines = db.session.scalars(sa.select(DailyReport)).one().lines
    told = {kind: lines[kind] for kind in ("cases_taken", "visits", "log_entries", "handovers", "checks")}
    assert told == {"cases_taken": 1, "visits": 1, "log_entries": 1, "handovers": 0, "checks": 0}
    kept = ("rounds_done", "rounds_missed", "repairs_registered", "repairs_accepted")
    assert [lines[kind] for kind in kept] == [1, 1, 1, 1]
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-18")
def test_a_person_completes_it_the_head_reads_it_then_it_stays(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 17:00")
    url, desk, lead = begun(as_), as_("desk1"), as_("lead.admin")
    assert "Complete and sign the daily report" in desk.get("/").text
    refused = desk.send(f"{url}/sign", done="接待来访")
    assert (refused.status_code, "DR-18" in refused.text, "接待来访" in refused.text) == (409, True, True)
    assert desk.send(f"{url}/write", **WORDS, plan_="").status_code == 303
    assert lead.send(f"{url}/read").status_code == 409  # nobody has signed it
    assert desk.send(f"{url}/sign", **WORDS).status_code == 303
    assert desk.send(f"{url}/read").status_code == 403
    assert "Read the daily report" in lead.get("/").text
    assert lead.send(f"{url}/read").status_code == 303
    assert desk.send(f"{url}/write", **WORDS).status_code == 409
    assert desk.send(f"{url}/supplement", text="另有两位访客").status_code == 303
    page = lead.get(url).text
    assert "另有两位访客" in page
    assert "贴一张步骤图" in page
    assert lead.get(f"{url}/print").status_code == 200


@pytest.mark.clause("DR-18")
def test_nobody_reads_the_own_report(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 17:00")
    url = begun(as_, "lead.admin")
    lead = as_("lead.admin")
    assert lead.send(f"{url}/sign", **WORDS).status_code == 303
    refused = lead.send(f"{url}/read")
    assert (refused.status_code, "DR-18" in refused.text) == (409, True)
    assert as_("office1").send(f"{url}/read").status_code == 303


def test_two_who_begin_a_day_write_one_report(any_app: Flask, at: At) -> None:
    at("Mon 2026-03-02 17:00")
    with any_app.app_context():
        people = [factories.viewer(name) for name in ("desk1", "desk2")]
        made = [actions.begin("admin", date(2026, 3, 2), by=by, now=clock.now()) for by in people]
        assert len({row.number for row in made}) == 1
        actions.act(made[0].number, "sign", by=people[0], now=clock.now(), **WORDS)
        for change in ("done = 'x'", "state = 'draft'", "signed_by_id = NULL"):
            with pytest.raises(DBAPIError, match="append-only"), db.write():
                db.session.execute(sa.text(f"UPDATE daily_reports SET {change}"))


def test_who_reads_and_writes_whose(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 17:00")
    url = begun(as_)
    for username, status in (
        ("emp.tech", 404),
        ("lead.tech", 404),
        ("emp.admin", 200),
        ("office1", 200),
        ("gm", 200),
    ):
        assert as_(username).get(url).status_code == status, username
    for wrong in ({"department": "admin"}, {"department": "tech", "day": "2026-03-09"}, {"department": ""}):
        given: dict[str, Any] = {"day": "2026-03-02", **wrong}
        assert as_("emp.tech").send("/duty/reports/begin", **given).status_code == 422, wrong


@pytest.mark.clause("DR-18")
def test_a_summary_adds_up_and_collects_the_improvements(app: Flask, as_: As, at: At) -> None:
    for day, hint in (("Mon 2026-03-02", "步骤图"), ("Tue 2026-03-03", "加印时间")):
        at(f"{day} 16:00")
        factories.a_visit(app)
        desk = client_of(app, "desk1")
        url = begun(desk_only(desk), day=day[4:])
        desk.send(f"{url}/sign", **WORDS | {"improvements": hint})
    at("Wed 2026-03-04 16:00")
    assert "2026-03-04" in client_of(app, "desk1").get("/duty/reports/").text  # missing
    for period in ("2026-03", "2026-W10"):
        page = as_("lead.admin").get(f"/duty/reports/summary/{period}").text
        for words in ("步骤图", "加印时间", "<dt>Visitors received</dt><dd>2</dd>", "2 of 3 workdays"):
            assert words in page, (period, words)
    assert as_("lead.tech").get("/duty/reports/summary/2026-03?department=admin").status_code == 404


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03", ("2026-03-01", "2026-03-31", "2026-02", "2026-04")),
        ("2026-W10", ("2026-03-02", "2026-03-08", "2026-W09", "2026-W11")),
        ("2026-12", ("2026-12-01", "2026-12-31", "2026-11", "2027-01")),
        ("2026-13", None),
        ("2026-W60", None),
        ("2026-00", None),
        ("x", None),
    ],
)
def test_periods(text: str, expected: Any) -> None:
    found = rules.period_of(text)
    assert (found and (str(found.first), str(found.last), found.before, found.after)) == expected
