"""What stands against counting, signing, consenting, taking over and ordering: each gate by itself (DR-07 … DR-12)."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from portal.blueprints.duty.handover import rules
from portal.blueprints.duty.handover.codes import Side, State
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

OUT, IN, HEAD, OTHER = 1, 2, 3, 4


def _handover(**more: Any) -> SimpleNamespace:
    parties, post = (frozenset({OUT}), frozenset({IN})), SimpleNamespace(department="admin")
    return SimpleNamespace(
        **({"parties": parties, "post": post, "ordered_by_id": None, "state": State.COUNTED} | more)
    )


def _attempt(by: int, **given: Any) -> Attempt:
    usual = {
        "entries": 1, "unexplained": [], "unread": [], "side": Side.INCOMING, "signatures": [], "running": [],
        "faults": [],
    }  # fmt: skip
    return Attempt(_handover(), SimpleNamespace(id=by), datetime(2026, 3, 2, 6, tzinfo=UTC), usual | given)


def _said(found: Any) -> list[str]:
    reasons = [found] if isinstance(found, Reason) else list(found or ())
    return [f"{reason.clause} {reason.code}" for reason in reasons]


@pytest.mark.clause("DR-07", "DR-08", "DR-09", "DR-10", "DR-11", "DR-12")
@pytest.mark.parametrize(
    ("gate", "given", "said"),
    [
        (rules.log_is_kept, {"entries": 0}, "DR-07 log_empty"),
        (rules.log_is_kept, {}, ""),
        (rules.differences_explained, {"unexplained": ["phone"]}, "DR-08 unexplained"),
        (rules.differences_explained, {}, ""),
        (rules.all_read, {"unread": ["JL-1"]}, "DR-09 unread"),
        (rules.all_read, {"unread": ["JL-1"], "side": Side.OUTGOING}, ""),
        (rules.all_read, {}, ""),
        (rules.two_people, {"side": None}, "DR-10 signed_already"),
        (rules.two_people, {"signatures": [SimpleNamespace(person_id=IN)]}, "DR-10 signed_already"),
        (rules.two_people, {"signatures": [SimpleNamespace(person_id=OUT)]}, ""),
        (rules.nothing_runs, {"running": ["JL-2"]}, "DR-11 event_runs"),
        (rules.nothing_runs, {}, ""),
        (rules.something_runs, {"running": ["JL-2"]}, ""),
        (rules.something_runs, {}, "DR-11 nothing_runs"),
        (rules.faults_may_pass, {"faults": ["JL-3"]}, "DR-12 fault_open"),
        (rules.faults_may_pass, {}, ""),
        (rules.something_to_consent, {"faults": ["JL-3"]}, ""),
        (rules.something_to_consent, {}, "DR-12 no_fault"),
    ],
)
def test_each_gate(gate: Any, given: dict[str, Any], said: str) -> None:
    assert _said(gate(_attempt(IN, **given))) == ([said] if said else [])


@pytest.mark.clause("DR-11")
def test_who_signs_orders_nothing_and_the_order_alone_is_signed_afterwards() -> None:
    orders = {by: _said(rules.another_orders(_attempt(by))) for by in (OUT, IN, HEAD)}
    assert orders == {OUT: ["DR-11 seated_orders"], IN: ["DR-11 seated_orders"], HEAD: []}
    assert rules.was_ordered(_handover(ordered_by_id=HEAD, state=State.SIGNED)) is None
    for handover in (_handover(ordered_by_id=HEAD), _handover(state=State.SIGNED)):
        assert _said(rules.was_ordered(handover)) == ["DR-10 wrong_state"]


@pytest.mark.clause("DR-11")
def test_who_is_what_to_a_handover() -> None:
    def who(its_id: int, **more: Any) -> frozenset[str]:
        usual = {"leads": (), "is_manager": False, "is_director": False, "role": Role.EMPLOYEE}
        return rules.standing(_handover(), SimpleNamespace(id=its_id, **(usual | more)))

    assert [sorted(who(each)) for each in (OUT, IN, OTHER)] == [
        [str(Side.OUTGOING)],
        [str(Side.INCOMING)],
        [],
    ]
    assert who(OTHER, leads=("tech",)) == frozenset()
    for head in ({"leads": ("admin",)}, {"is_manager": True}, {"is_director": True}, {"role": Role.OFFICE}):
        assert who(OTHER, **head) == {"head"}


@pytest.mark.clause("DR-10")
def test_the_side_that_lacks_a_signature() -> None:
    both = _handover(parties=(frozenset({OUT, OTHER}), frozenset({IN, OTHER})))
    signed = [SimpleNamespace(side=Side.OUTGOING)]
    assert [rules.side_of(both, who, []) for who in (OUT, IN, OTHER, HEAD)] == [
        Side.OUTGOING, Side.INCOMING, Side.OUTGOING, None,
    ]  # fmt: skip
    assert [rules.side_of(both, who, signed) for who in (OUT, IN, OTHER)] == [
        None,
        Side.INCOMING,
        Side.INCOMING,
    ]
