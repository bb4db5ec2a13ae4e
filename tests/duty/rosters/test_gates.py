"""What stands against changing, confirming, publishing and closing a roster: each gate by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.blueprints.duty.rosters import gates
from portal.blueprints.duty.rosters.gates import Findings, Hours
from portal.blueprints.duty.rosters.rules import Broken, Rule
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

DAY = date(2026, 10, 1)
MIDNIGHT = datetime(2026, 10, 1, tzinfo=UTC)
GAP = Broken(Rule.UNCOVERED, None, DAY, 1, 1, 0, 1)
ALONE = Broken(Rule.NO_MANAGER, None, DAY)
TIRED = Broken(Rule.REST, 7, DAY, 1, 1)
NONE, BOTH = Findings((), ()), Findings((GAP, ALONE), ())


def _at(hour: int) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def _attempt(by: int = 1, **more: Any) -> Attempt:
    given = {"findings": NONE, "solving": False, "today": DAY} | more.pop("given", {})
    roster = {"gap_asked_by_id": None, "gap_confirmed_by_id": None, "gap_digest": "", "ends_on": DAY} | more
    return Attempt(SimpleNamespace(**roster), SimpleNamespace(id=by), MIDNIGHT, given)


def _said(found: Any) -> list[str]:
    reasons = [found] if isinstance(found, Reason) else list(found or ())
    return [f"{reason.clause} {reason.code}" for reason in reasons]


@pytest.mark.clause("DR-01")
def test_rosters_are_the_offices() -> None:
    assert gates.standing(None, SimpleNamespace(role=Role.OFFICE)) == {"office"}
    assert all(
        not gates.standing(None, SimpleNamespace(role=role)) for role in Role if role is not Role.OFFICE
    )


@pytest.mark.clause("DR-01")
@pytest.mark.parametrize(
    ("seats", "left"),
    [
        ([(0, 24)], []),
        ([(8, 16)], [(0, 8), (16, 24)]),
        ([(0, 8), (16, 24)], [(8, 16)]),
        ([(0, 20), (2, 8), (20, 24)], []),  # the long one covers the short one
        ([(-3, 7), (7, 30)], []),
        ([(30, 40)], [(0, 24)]),
        ([], [(0, 24)]),
    ],
)
def test_hours_around_the_clock_that_nobody_is_planned_for(
    seats: list[tuple[int, int]], left: list[tuple[int, int]]
) -> None:
    planned = {1: [(_at(begins), _at(ends)) for begins, ends in seats], 2: [(_at(0), _at(24))]}
    found = list(gates.unplanned([1, 2], planned, _at(0), _at(24)))
    assert found == [Hours(1, _at(begins), _at(ends)) for begins, ends in left]


@pytest.mark.clause("DR-01", "DR-06")
def test_what_is_missing_needs_a_second_person_and_what_is_hard_nobody_confirms() -> None:
    hours = (Hours(1, _at(0), _at(8)),)
    assert Findings((), hours).missing == ["DR-01"]
    assert (BOTH.missing, BOTH.hard) == (["DR-01", "DR-06"], [])
    assert (Findings((TIRED,), ()).missing, Findings((TIRED,), ()).hard) == ([], [TIRED])
    digests = [
        each.digest
        for each in (
            NONE,
            BOTH,
            Findings((GAP,), ()),
            Findings((), hours),
            Findings((), (Hours(1, _at(0), _at(9)),)),
        )
    ]
    assert len({*digests, Findings((Broken(Rule.UNCOVERED, None, DAY, 1, 2, 0, 1),), ()).digest}) == 6
    assert Findings((TIRED, GAP), ()).digest == Findings((GAP,), ()).digest


@pytest.mark.clause("DR-01")
@pytest.mark.parametrize(
    ("gate", "more", "said"),
    [
        (gates.something_missing, {}, ["DR-01 nothing_missing"]),
        (gates.something_missing, {"given": {"findings": BOTH}}, []),
        (gates.second_person, {"gap_asked_by_id": 2, "given": {"findings": BOTH}}, []),
        (
            gates.second_person,
            {"gap_asked_by_id": 1, "given": {"findings": BOTH}},
            ["DR-01 own_reason", "DR-06 own_reason"],
        ),
        (gates.second_person, {"gap_asked_by_id": 1}, ["DR-01 own_reason"]),
        (gates.same_gaps, {"gap_digest": BOTH.digest, "given": {"findings": BOTH}}, []),
        (gates.same_gaps, {"gap_digest": BOTH.digest}, ["DR-01 gaps_changed"]),
        (gates.confirmed, {}, []),
        (
            gates.confirmed,
            {"gap_digest": BOTH.digest, "given": {"findings": BOTH}},
            ["DR-01 gap_unconfirmed", "DR-06 manager_unconfirmed"],
        ),
        (
            gates.confirmed,
            {"gap_confirmed_by_id": 2, "gap_digest": BOTH.digest, "given": {"findings": BOTH}},
            [],
        ),
        (
            gates.confirmed,
            {
                "gap_confirmed_by_id": 2,
                "gap_digest": NONE.digest,
                "given": {"findings": Findings((GAP,), ())},
            },
            ["DR-01 gap_unconfirmed"],
        ),
        (gates.rules_kept, {"given": {"findings": BOTH}}, []),
        (gates.rules_kept, {"given": {"findings": Findings((TIRED,), ())}}, ["DR-21 rules_broken"]),
        (gates.not_solving, {}, []),
        (gates.not_solving, {"given": {"solving": True}}, ["DR-01 being_solved"]),
        (gates.is_solving, {}, ["DR-01 not_solving"]),
        (gates.is_solving, {"given": {"solving": True}}, []),
        (gates.is_over, {}, ["DR-01 not_over"]),
        (gates.is_over, {"given": {"today": DAY + timedelta(days=1)}}, []),
    ],
)
def test_each_gate(gate: Any, more: dict[str, Any], said: list[str]) -> None:
    assert _said(gate(_attempt(**more))) == said


@pytest.mark.clause("DR-01")
def test_nothing_is_confirmed_before_a_reason_is_given() -> None:
    assert _said(gates.asked(_attempt().subject)) == ["DR-01 no_reason_given"]
    assert gates.asked(_attempt(gap_asked_by_id=1).subject) is None
