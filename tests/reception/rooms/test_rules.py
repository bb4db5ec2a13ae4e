"""When a place is free, how it stands, what is in the way of a block or a check; pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.reception.codes import Category, Side, State
from portal.blueprints.reception.rooms import rules
from portal.blueprints.reception.rooms.codes import Condition
from portal.kernel.rights import Role

OPENS = datetime(2026, 3, 2, 1, tzinfo=UTC)
BUFFER = timedelta(minutes=10)


def at(minutes: int) -> datetime:
    return OPENS + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], [(0, 480)]),
        ([(60, 130)], [(0, 50), (130, 480)]),
        ([(20, 90)], [(90, 480)]),  # what is left before it is too short
        ([(0, 70), (70, 140)], [(140, 480)]),
        ([(60, 130), (200, 500)], [(0, 50), (130, 190)]),
        ([(0, 480)], []),
        ([(-30, 20)], [(20, 480)]),
    ],
)
def test_free_is_what_leaves_each_booking_its_buffer(
    taken: list[tuple[int, int]], free: list[tuple[int, int]]
) -> None:
    spans = [(at(a), at(b)) for a, b in taken]
    assert list(rules.free_spans(at(0), at(480), spans, BUFFER)) == [(at(a), at(b)) for a, b in free]


@given(st.lists(st.tuples(st.integers(-60, 540), st.integers(10, 200)), max_size=8), st.integers(0, 30))
def test_a_meeting_in_a_gap_never_touches_what_is_taken(taken: list[tuple[int, int]], buffer: int) -> None:
    spans = [(at(a), at(a + length)) for a, length in taken]
    gap = timedelta(minutes=buffer)
    for begins, ends in rules.free_spans(at(0), at(480), spans, gap):
        assert at(0) <= begins < ends <= at(480)
        assert all(ends + gap <= a or begins >= b for a, b in spans)


@pytest.mark.clause("RC-16")
@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"blocked": True, "occupied": True, "used": True, "unready": True}, Condition.BLOCKED),
        ({"occupied": True, "used": True, "unready": True}, Condition.OCCUPIED),
        ({"used": True, "unready": True}, Condition.USED),
        ({"unready": True}, Condition.UNREADY),
        ({}, Condition.FREE),
    ],
)
def test_the_weightiest_condition_is_said_first(facts: dict[str, bool], found: Condition) -> None:
    every = {"blocked": False, "occupied": False, "used": False, "unready": False}
    assert rules.condition(**(every | facts)) is found


@pytest.mark.clause("RC-02")
def test_a_block_is_refused_where_something_is_booked_and_each_is_named() -> None:
    others = [("LF-1", at(0), at(60)), ("", at(60), at(90)), ("LF-2", at(120), at(180))]
    reasons = rules.block_refused(at(30), at(120), others)
    assert [(r.clause, r.code, dict(r.given)) for r in reasons] == [
        ("RC-02", "booked_there", {"number": "LF-1"}),
        ("RC-02", "blocked_there", {}),
    ]
    assert rules.block_refused(at(90), at(120), others) == []


def visit(state: State, **more: Any) -> Any:
    known = {"state": state, "confirmed_at": None, "place_id": 1, "day": "2026-03-02", "department": "tech"}
    return SimpleNamespace(**(known | {"host_id": 1, "created_by_id": 2} | more))


@pytest.mark.clause("RC-16")
@pytest.mark.parametrize(
    ("subject", "due"),
    [
        (visit(State.EXPECTED, confirmed_at=OPENS), True),
        (visit(State.EXPECTED), False),  # not confirmed: nobody prepares
        (visit(State.EXPECTED, confirmed_at=OPENS, place_id=None), False),
        (visit(State.EXPECTED, confirmed_at=OPENS, day="2026-03-03"), False),
        (visit(State.ARRIVED, place_id=None), True),
    ],
)
def test_the_ready_check_is_due_on_the_morning_of_the_day(subject: Any, due: bool) -> None:
    assert rules.ready_due(subject, "2026-03-02") is due


@pytest.mark.clause("RC-16")
@pytest.mark.parametrize("state", list(State))
def test_a_ready_check_is_made_before_they_sit_there(state: State) -> None:
    open_ = state in {State.EXPECTED, State.ARRIVED, State.WAITING}
    assert (rules.ready_refused(visit(state), (Side.CLERK,)) is None) is open_
    assert rules.ready_asked(visit(state), (Side.CLERK,)) is open_
    assert rules.ready_refused(visit(state), ()) is not None, "no side is named: there is none"


def person(role: Role, department: str, *, leads: tuple[str, ...] = (), number: int = 9) -> Any:
    return SimpleNamespace(
        id=number, role=role, department=department, leads=frozenset(leads), is_manager=False
    )


@pytest.mark.parametrize(
    ("by", "clerks", "hosts"),
    [
        (person(Role.DESK, "admin"), True, True),
        (person(Role.OFFICE, "office"), True, True),
        (person(Role.EMPLOYEE, "admin"), True, True),
        (person(Role.LEAD, "tech", leads=("tech",)), False, True),
        (person(Role.EMPLOYEE, "tech", number=1), False, True),
        (person(Role.EMPLOYEE, "impl"), False, False),
    ],
)
def test_the_side_of_the_matrix_ticks_and_the_desk_helps(by: Any, clerks: bool, hosts: bool) -> None:
    subject = visit(State.EXPECTED)
    assert rules.may_check_ready(subject, by, (Side.CLERK,)) is clerks
    assert rules.may_check_ready(subject, by, (Side.HOST,)) is hosts
    assert rules.keeps_places(by) is clerks


@pytest.mark.clause("RC-13")
def test_one_act_clears_only_what_the_desk_checks_alone() -> None:
    sides = {
        Category.A: (Side.DESK, Side.CLERK),
        Category.B: (Side.CLERK,),
        Category.C: (Side.DESK,),
        Category.D: (),
    }
    assert [rules.desk_clears(sides, category) for category in Category] == [False, False, True, True]
