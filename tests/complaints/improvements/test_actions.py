"""An improvement case from a complaint to the confirmed effect, and what stands in the way (CP-20, CP-21)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.codes import Decision, Finding
from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.improvements import actions, queries
from portal.blueprints.complaints.improvements.codes import Cause, Recurring, State
from portal.kernel import clock, history, timers
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.complaints.improvements.making import do, load, raised, refused
from tests.conftest import At


@pytest.mark.clause("CP-21")
def test_raised_assigned_planned_carried_out_confirmed(any_app: Flask, at: At) -> None:
    case = factories.a_case(any_app, CaseState.PROPOSED)
    number = raised(any_app, case, origin=Recurring.MISTAKE)
    assert number == "GS-20260302-0001"
    assert (number, "name-owner") in factories.waiting(any_app, "lead.tech")
    assert factories.told(any_app, "improvement:raised") == ["lead.tech", "office2"]
    assert do(any_app, "lead.tech", "assign", number, owner="emp.tech") is State.ASSIGNED
    assert factories.waiting(any_app, "emp.tech").count((number, "plan")) == 1
    assert do(any_app, "emp.tech", "plan", number, plan="抽查", cause=Cause.METHOD) is State.PLANNED
    assert (number, "carry-out") in factories.waiting(any_app, "emp.tech")
    assert do(any_app, "emp.tech", "carry-out", number, result="已做") is State.CARRIED_OUT
    assert (number, "confirm-effect") in factories.waiting(any_app, "office1")
    at("Tue 2026-03-17 09:00")
    assert do(any_app, "office1", "evaluate", number, evaluation="两周无漏墨") is State.CLOSED
    assert factories.waiting(any_app, "office1") == []
    found = load(any_app, number)
    assert (found.evaluation, found.due_at, found.round) == ("两周无漏墨", None, 1)
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CP-21")
def test_an_effect_is_not_confirmed_by_who_made_it(app: Flask, at: At) -> None:
    number = raised(app)
    do(app, "office1", "assign", number, owner="office1")
    do(app, "office1", "plan", number, plan="抽查", cause=Cause.METHOD)
    do(app, "office1", "carry-out", number, result="已做")
    assert (number, "confirm-effect") not in factories.waiting(app, "office1")
    at("Tue 2026-03-17 09:00")
    assert refused(app, "office1", "evaluate", number, evaluation="好") == ["CP-21 own_improvement"]
    assert refused(app, "office1", "reopen", number, note="没好") == ["CP-21 own_improvement"]
    assert do(app, "office2", "evaluate", number, evaluation="好") is State.CLOSED


@pytest.mark.clause("CP-21")
def test_an_effect_needs_its_time_and_an_evaluation(app: Flask, at: At) -> None:
    number = raised(app, state=State.CARRIED_OUT)
    assert refused(app, "office1", "evaluate", number, evaluation="") == [
        "CP-21 effect_too_early",
        "CP-21 evaluation_missing",
    ]
    at("Mon 2026-03-16 17:29")
    assert refused(app, "office1", "evaluate", number, evaluation="好") == ["CP-21 effect_too_early"]
    at("Mon 2026-03-16 17:30")
    assert do(app, "office1", "evaluate", number, evaluation="好") is State.CLOSED


@pytest.mark.clause("CP-21")
def test_an_effect_that_is_not_there_opens_another_round(app: Flask, at: At) -> None:
    number = raised(app, state=State.CARRIED_OUT)
    with pytest.raises(Forbidden):
        do(app, "emp.tech", "reopen", number, note="没好")
    assert do(app, "office2", "reopen", number, note="又漏了") is State.PLANNED
    found = load(app, number)
    assert (found.round, found.effect_from) == (2, None)
    assert (number, "carry-out") in factories.waiting(app, "emp.tech")
    assert factories.told(app, "improvement:reopened") == ["emp.tech", "lead.tech"]


@pytest.mark.clause("CP-21")
def test_an_overdue_improvement_climbs(app: Flask, at: At) -> None:
    number = raised(app, state=State.PLANNED)
    at("Wed 2026-03-11 10:00")
    lines = factories.sweep(app)
    assert any(line.startswith(number) and "overdue" in line for line in lines)
    at("Mon 2026-03-16 10:00")
    factories.sweep(app)
    told = set(factories.told(app, "clock:overdue"))
    assert {"lead.tech", "office1", "office2"} <= told
    assert factories.sweep(app) == []


@pytest.mark.clause("CP-21")
def test_one_without_an_owner_climbs_too(app: Flask, at: At) -> None:
    raised(app)
    at("Wed 2026-03-11 10:00")
    factories.sweep(app)
    assert {"lead.tech", "office1"} <= set(factories.told(app, "clock:overdue"))


def test_a_due_day_lies_ahead_and_the_cause_is_told(app: Flask, at: At) -> None:
    number = raised(app)
    now = at("Tue 2026-03-03 09:00")
    with app.app_context():
        assert clock.now() == now
    assert refused(app, "lead.tech", "assign", number, owner="emp.tech", target_at=now) == [
        "CP-21 improvement_due_past"
    ]
    do(app, "lead.tech", "assign", number, owner="emp.tech")
    assert refused(app, "emp.tech", "plan", number, plan="抽查") == ["CP-21 cause_missing"]


def test_who_may_raise_one(app: Flask) -> None:
    for username in ("desk1", "emp.tech"):
        with pytest.raises(Forbidden):
            raised(app, by=username)
    with pytest.raises(Forbidden):
        raised(app, by="lead.impl")
    assert load(app, raised(app, by="lead.tech")).department == "tech"
    assert load(app, raised(app, by="gm", department="impl")).department == "impl"


@pytest.mark.clause("CP-09")
def test_nobody_sees_or_owns_what_came_from_a_complaint_about_them(app: Flask) -> None:
    case = factories.a_case(app, CaseState.ROUTED, concerned="lead.tech", department="tech")
    number = raised(app, case)
    with pytest.raises(NotFound):
        do(app, "lead.tech", "note", number, note="看看")
    assert refused(app, "office1", "assign", number, owner="lead.tech") == ["CP-09 owner_concerned"]
    assert "lead.tech" not in factories.told(app, "improvement:raised")
    assert (number, "name-owner") in factories.waiting(app, "office1")


@pytest.mark.clause("CP-04")
def test_what_came_from_a_confidential_case_is_the_offices(app: Flask) -> None:
    case = factories.a_case(app, CaseState.ROUTED, by="office1", confidential=True)
    number = raised(app, case)
    for username in ("lead.tech", "gm"):
        with pytest.raises(NotFound):
            do(app, username, "note", number, note="看看")
    assert do(app, "office1", "note", number, note="看看") is State.RAISED


# -- CP-20 ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-20")
def test_an_open_improvement_case_bars_the_disposal_and_its_texts_go_with_it(any_app: Flask, at: At) -> None:
    case = factories.a_case(any_app, CaseState.ARCHIVED)
    number = raised(any_app, case, title="标记甲", problem="标记甲的问题", state=State.CARRIED_OUT)
    with any_app.app_context():
        who = factories.viewer("office1")
        proposal = queries.Proposal(Recurring.MATTER, (case,), None)
        with db.write():
            actions.dismiss(proposal, by=who, now=clock.now(), reason="标记甲已知")
    at("Tue 2027-03-02 09:01")
    assert factories.refused(any_app, "office1", "dispose", case, reason="期满") == ["CP-20 improvement_open"]
    do(any_app, "office1", "evaluate", number, evaluation="标记甲好了")
    factories.do(any_app, "office1", "dispose", case, reason="期满")
    factories.do(any_app, "office2", "dispose", case, decision=Decision.YES)
    found = load(any_app, number)
    assert (found.title, found.problem, found.plan, found.result, found.evaluation) == ("",) * 5
    assert (found.state, found.cause) == (State.CLOSED, Cause.METHOD), "codes stay for the figures"
    assert not _anywhere(any_app, "标记甲")
    assert factories.history_faults(any_app) == []


def _anywhere(app: Flask, marker: str) -> list[str]:
    """Tables in which a marker still stands."""
    with app.app_context():
        return [
            table.name
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
            if any(marker in str(value) for value in row)
        ]


# -- CP-22, CP-34 ---------------------------------------------------------------------------------------------


def proposals(app: Flask, by: str = "office1") -> list[queries.Proposal]:
    with app.app_context():
        return queries.proposals(factories.viewer(by), clock.now())


@pytest.mark.clause("CP-22")
def test_what_recurs_is_proposed_until_it_is_taken_up_or_dismissed(any_app: Flask) -> None:
    numbers = [factories.a_case(any_app, CaseState.PROPOSED, customer_phone=f"1390000{n}") for n in range(3)]
    (matter,) = [p for p in proposals(any_app) if p.origin is Recurring.MATTER]
    assert matter.numbers == tuple(numbers)
    assert (matter.department, matter.finding) == ("tech", Finding.MISTAKE)
    assert [p.origin for p in proposals(any_app, "lead.tech")] == [Recurring.MATTER]
    assert proposals(any_app, "lead.impl") == []
    with any_app.app_context():
        office = factories.viewer("office1")
        with db.write():
            actions.dismiss(matter, by=office, now=clock.now(), reason="同一批次，已召回")
        with pytest.raises(Refused), db.write():
            actions.dismiss(matter, by=office, now=clock.now(), reason="再次")
    left = proposals(any_app)
    assert [p.origin for p in left] == [Recurring.MISTAKE] * 3, (
        "each of them may still teach something (CP-34)"
    )
    fourth = factories.a_case(any_app, CaseState.PROPOSED, customer_phone="13911112222")
    assert Recurring.MATTER not in {p.origin for p in proposals(any_app)}
    raised(any_app, *numbers, fourth)
    assert proposals(any_app) == []


@pytest.mark.clause("CP-22")
def test_the_same_customer_again_is_the_offices_to_see(app: Flask) -> None:
    for phone in ("139-0000-1234", "13900001234", "139 0000 1234"):
        factories.a_case(app, customer_phone=phone)
    (found,) = proposals(app)
    assert (found.origin, found.customer, len(found.numbers)) == (Recurring.CUSTOMER, "陈桂芳", 3)
    assert proposals(app, "lead.tech") == []


@pytest.mark.clause("CP-22")
def test_what_lies_further_apart_does_not_recur(app: Flask, at: At) -> None:
    factories.a_case(app, CaseState.PROPOSED)
    factories.a_case(app, CaseState.PROPOSED)
    at("Mon 2026-06-08 09:00")
    factories.a_case(app, CaseState.PROPOSED)
    assert {p.origin for p in proposals(app)} == {Recurring.MISTAKE}


@pytest.mark.clause("CP-34")
def test_an_ordinary_mistake_is_offered_an_improvement_case(app: Flask) -> None:
    number = factories.a_case(app, CaseState.PROPOSED)
    (found,) = proposals(app)
    assert (found.origin, found.numbers) == (Recurring.MISTAKE, (number,))
    raised(app, number)
    assert proposals(app) == []


def test_a_clock_of_an_improvement_case_ends_with_it(app: Flask) -> None:
    number = raised(app, state=State.PLANNED)
    do(app, "office1", "cancel", number, reason="并入另一案")
    with app.app_context():
        found = db.session.merge(load(app, number))
        assert timers.running(found) == []
        lines = db.session.scalars(
            sa.select(history.Line.event).where(history.Line.subject_kind == "improvement")
        )
        assert list(lines)[-1] == "improvement:cancel"
