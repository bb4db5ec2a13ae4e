"""The rules of CP-24 as tables: who may what, which measure for whom and how much."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.blueprints.complaints.penalties import labels, rules
from portal.blueprints.complaints.penalties.actions import ACTIONS
from portal.blueprints.complaints.penalties.codes import Measure, State
from portal.blueprints.complaints.penalties.forms import FORMS
from portal.blueprints.complaints.penalties.workflow import PENALTY
from portal.kernel import clauses
from tests.kernel.moments import at

NOW = at("Mon 2026-03-02 09:00")
FIGURES = rules.Figures(Decimal(10), 5, 15)


def someone(**chosen: Any) -> Any:
    usual = {"id": 9, "role": "employee", "leads": frozenset(), "department": "tech", "is_manager": False}
    return type("Someone", (), usual | chosen)()


def like_a_penalty(**chosen: Any) -> Any:
    usual = {
        "person_id": 1, "department": "tech", "proposed_by_id": 2, "decided_by_id": None, "of_office": False,
        "state": State.PROPOSED, "kind": None, "stated_at": None, "statement_until": None, "appeal_until": None,
        "ruled_at": None,
    }  # fmt: skip
    return type("Anything", (), usual | chosen)()


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize(
    ("who", "penalty", "is_"),
    [
        ({"id": 1}, {}, {"concerned"}),
        ({"id": 1, "role": "office"}, {}, {"concerned"}),  # nobody decides about themselves
        ({"id": 3, "role": "office"}, {}, {"office"}),
        ({"id": 2, "role": "office"}, {}, {"office", "proposer"}),
        ({"id": 2, "leads": {"tech"}}, {}, {"proposer"}),
        ({"id": 4, "leads": {"tech"}}, {}, set()),
        ({"id": 4, "leads": {"tech"}}, {"person_id": None}, {"concerned"}),
        ({"id": 5}, {"person_id": None}, set()),
        ({"id": 6, "is_manager": True}, {}, set()),
        ({"id": 6, "is_manager": True}, {"of_office": True}, {"office"}),
    ],
)
def test_who_somebody_is_to_a_penalty(who: dict[str, Any], penalty: dict[str, Any], is_: set[str]) -> None:
    assert rules.standing(like_a_penalty(**penalty), someone(**who)) == is_


P, M, D, A = Measure.POINTS, Measure.MONEY, Measure.DEPARTMENT, Measure.ADMINISTRATIVE


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize(
    ("measure", "given", "against"),
    [
        (A, {}, []),
        (A, {"on_person": False}, []),
        (M, {"amount": Decimal("0.01")}, []),
        (M, {}, ["amount_missing"]),
        (M, {"amount": Decimal(0)}, ["amount_missing"]),
        (M, {"amount": Decimal("9.99"), "service_staff": True}, ["amount_too_small"]),
        (M, {"amount": Decimal(10), "service_staff": True}, []),
        (M, {"amount": Decimal(9), "on_person": False}, ["only_persons"]),
        (D, {"on_person": False}, []),
        (D, {}, ["only_departments"]),
        (P, {"points": 4}, ["points_out_of_range"]),
        (P, {"points": 5}, []),
        (P, {"points": 15}, []),
        (P, {"points": 16}, ["points_out_of_range"]),
        (P, {"points": 16, "demerit": True}, ["points_out_of_range"]),
        (P, {"points": 15, "demerit": True}, []),
        (P, {"demerit": True}, []),
        (P, {}, ["points_missing"]),
        (P, {"points": 5, "on_person": False}, ["only_persons"]),
    ],
)
def test_which_measure_for_whom_and_how_much(
    measure: Measure, given: dict[str, Any], against: list[str]
) -> None:
    found = list(rules.against_decision(measure, FIGURES, **({"on_person": True} | given)))
    assert [code for _, code in found] == against


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize(
    ("was", "to", "against"),
    [
        (Decimal(100), Decimal("99.99"), None),
        (Decimal(100), Decimal(100), "not_less"),
        (Decimal(100), Decimal(0), "not_less"),
        (Decimal(100), None, "not_less"),
        (None, Decimal(1), "nothing_to_reduce"),
        (10, 9, None),
    ],
)
def test_a_reduction_leaves_less(was: Any, to: Any, against: str | None) -> None:
    assert rules.against_reduction(was, to) == against


SOON, PAST = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize(
    ("penalty", "waits"),
    [
        ({"state": State.PROPOSED}, ("release", "office")),
        ({"state": State.RELEASED, "statement_until": SOON}, ("statement", "concerned")),
        ({"state": State.RELEASED, "statement_until": NOW}, ("decide", "deciders")),
        ({"state": State.RELEASED, "statement_until": SOON, "stated_at": PAST}, ("decide", "deciders")),
        ({"state": State.DECIDED}, ("publish", "office")),
        ({"state": State.PUBLISHED}, None),
        ({"state": State.APPEALED}, ("rule", "judges")),
        ({"state": State.REVERSED}, None),
        ({"state": State.WITHDRAWN}, None),
    ],
)
def test_what_waits_for_whom(penalty: dict[str, Any], waits: Any) -> None:
    assert rules.waiting(like_a_penalty(**penalty), NOW) == waits


@pytest.mark.clause("CP-20")
@pytest.mark.parametrize(
    ("penalty", "open_", "settled"),
    [
        ({"state": State.PROPOSED}, 0, False),
        ({"state": State.APPEALED}, 0, False),
        ({"state": State.PUBLISHED, "appeal_until": SOON}, 0, False),
        ({"state": State.PUBLISHED, "appeal_until": PAST}, 1, False),
        ({"state": State.PUBLISHED, "appeal_until": PAST}, 0, True),
        ({"state": State.PUBLISHED, "appeal_until": SOON, "ruled_at": PAST}, 0, True),
        ({"state": State.REVERSED}, 0, True),
        ({"state": State.WITHDRAWN}, 0, True),
    ],
)
def test_when_nothing_is_open(penalty: dict[str, Any], open_: int, settled: bool) -> None:
    assert rules.is_settled(like_a_penalty(**penalty), open_, NOW) is settled


# Where a penalty may go from each state, in plain words again.
NEXT = {
    State.PROPOSED: {"release", "withdraw"},
    State.RELEASED: {"decide", "withdraw"},
    State.DECIDED: {"publish", "reverse"},
    State.PUBLISHED: {"appeal", "reverse"},
    State.APPEALED: {"rule", "reverse"},
    State.REVERSED: set(),
    State.WITHDRAWN: set(),
}


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize("state", list(State))
def test_where_a_penalty_may_go_from_here(state: State) -> None:
    assert {s.verb for s in PENALTY.steps if s.to is not None and s.covers(state, "")} == NEXT[state]


def test_every_verb_is_whole() -> None:
    verbs = set(PENALTY.verbs)
    assert set(ACTIONS) == set(FORMS) == set(labels.VERBS) == set(labels.SAID) == verbs
    assert {f"penalty:{verb}" for verb in verbs} <= set(labels.HISTORY)
    assert all(clauses.known(step.clause) for step in PENALTY.steps)
