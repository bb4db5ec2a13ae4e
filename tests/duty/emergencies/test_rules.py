"""The rules of DR-16 without a database: whom a level calls, who leads, what stands against an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.blueprints.duty.emergencies import rules
from portal.blueprints.duty.emergencies.codes import Answer, Level
from portal.kernel.rights import Role

SEATED = {"admin": {1, 2}, "tech": {3}}
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize(
    ("level", "concerned", "declarer", "expected"),
    [
        (Level.ONE, {"admin"}, 1, [1, 2, 3]),
        (Level.ONE, set(), 9, [1, 2, 3, 9]),
        (Level.TWO, {"admin"}, 1, [1, 2]),
        (Level.TWO, {"tech"}, 1, [1, 3]),
        (Level.TWO, {"market"}, 9, [9]),
    ],
)
def test_level_one_calls_everyone_level_two_the_departments_concerned(
    level: Level, concerned: set[str], declarer: int, expected: list[int]
) -> None:
    assert rules.on_the_roll(level, SEATED, concerned, declarer) == expected


def person(**chosen: Any) -> Any:
    usual: dict[str, Any] = {
        "id": 7, "role": Role.EMPLOYEE, "is_manager": False, "is_director": False, "leads": frozenset(),
    }  # fmt: skip
    return SimpleNamespace(**usual | chosen)


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize(
    ("who", "leads"),
    [
        (person(), False),
        (person(id=1), True),  # declared it
        (person(id=2), True),  # duty leader
        (person(role=Role.DESK), True),
        (person(role=Role.OFFICE), True),
        (person(is_manager=True), True),
        (person(is_director=True), True),
        (person(leads=frozenset({"admin"})), True),
        (person(leads=frozenset({"tech"})), False),
    ],
)
def test_everybody_helps_and_these_lead(who: Any, leads: bool) -> None:
    emergency = SimpleNamespace(declared_by_id=1, duty_leaders=frozenset({2}), concerned=frozenset({"admin"}))
    standing = rules.standing(emergency, who)
    assert "anyone" in standing
    assert ("leader" in standing) is leads


@pytest.mark.clause("DR-16")
def test_only_the_safe_and_the_away_are_accounted_for() -> None:
    roll = [rules.Called(place, f"{answer}", answer) for place, answer in enumerate((None, *Answer))]
    assert [one.answer for one in rules.unaccounted(roll)] == [None, Answer.MISSING]


def test_an_arrival_before_the_declaration_took_no_time() -> None:
    assert rules.seconds_to_arrive(AT, AT + timedelta(seconds=46)) == 46
    assert rules.seconds_to_arrive(AT, AT - timedelta(seconds=5)) == 0
