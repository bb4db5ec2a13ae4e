"""What RC-15 says of stock and purchases, as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.reception.codes import State
from portal.blueprints.reception.supplies import rules
from portal.blueprints.reception.supplies.codes import PurchaseState
from portal.blueprints.reception.supplies.workflow import PURCHASE
from portal.kernel.workflow import Attempt, Forbidden, Refused

P = PurchaseState


@dataclass
class Who:
    """Somebody, as a rule sees them."""

    id: int = 1
    role: str = "employee"
    department: str = "tech"
    leads: frozenset[str] = frozenset()
    is_manager: bool = False


@dataclass
class Request:
    """A purchase request, as a rule sees it."""

    state: str = "asked"
    asked_by_id: int = 9
    buyers: list[int] = field(default_factory=lambda: [7])
    bought_at: Any = None
    received_at: Any = None
    kind: str = ""


DESK = Who(2, "desk", "admin")
CLERK = Who(3, "employee", "admin")
HEAD = Who(4, "lead", "admin", frozenset({"admin"}))
OFFICE = Who(5, "office", "office")
MANAGER = Who(6, "lead", "office", frozenset({"office"}), is_manager=True)
BUYER = Who(7, "employee", "market")
OTHER = Who(8)
ASKER = Who(9, "desk", "admin")


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize(
    ("who", "keeps", "sets"),
    [
        (DESK, True, False),
        (CLERK, True, False),
        (HEAD, True, True),
        (OFFICE, True, True),
        (MANAGER, False, False),
        (BUYER, False, False),
        (OTHER, False, False),
    ],
)
def test_who_keeps_the_stock_and_who_says_how_much_there_should_be(who: Who, keeps: bool, sets: bool) -> None:
    assert (rules.keeps_stock(who), rules.sets_minimum(who)) == (keeps, sets)


@pytest.mark.parametrize(("who", "may"), [(DESK, True), (CLERK, True), (OTHER, True), (BUYER, False)])
def test_a_visit_is_served_by_those_who_keep_the_stock_and_by_its_host(who: Who, may: bool) -> None:
    assert rules.serves(SimpleNamespace(host_id=OTHER.id, created_by_id=1), who) is may


@pytest.mark.parametrize("state", State)
def test_a_visit_that_did_not_take_place_uses_nothing(state: State) -> None:
    refused = rules.visit_takes_supplies(SimpleNamespace(state=state))
    assert (refused is not None) is (state in {State.CANCELLED, State.NO_SHOW, State.ARCHIVED})
    assert refused is None or refused.clause == "RC-15"


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize(
    ("on_hand", "minimum", "coming", "amount"),
    [(0, 10, 0, 20), (9, 10, 0, 11), (10, 10, 0, 0), (3, 10, 5, 12), (3, 10, 40, 0), (0, 0, 0, 0)],
)
def test_up_to_twice_the_minimum_is_proposed(on_hand: int, minimum: int, coming: int, amount: int) -> None:
    assert rules.proposed(on_hand, minimum, coming) == amount


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 3000))
def test_a_proposal_fills_up_and_never_over(on_hand: int, minimum: int, coming: int) -> None:
    amount = rules.proposed(on_hand, minimum, coming)
    assert amount >= 0
    if amount:
        assert on_hand < minimum
        assert on_hand + coming + amount == 2 * minimum


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize(
    ("on_hand", "counted", "note", "missing"),
    [(10, 10, "", False), (10, 9, "", True), (10, 11, "", True), (10, 9, "碎了一个", False)],
)
def test_a_difference_needs_an_explanation(on_hand: int, counted: int, note: str, missing: bool) -> None:
    assert rules.unexplained(on_hand, counted, note) is missing


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize("verb", ["approve", "decline"])
@pytest.mark.parametrize("who", [HEAD, OFFICE, MANAGER])
def test_nobody_decides_about_what_they_asked_for(verb: str, who: Who) -> None:
    step = PURCHASE.step(Request(), verb, who)
    for asker, reasons in ((ASKER.id, []), (who.id, ["own_purchase"])):
        attempt = Attempt(Request(asked_by_id=asker), who, _NOW, {})
        assert [reason.code for reason in PURCHASE.against(step, attempt)] == reasons


_NOW = datetime(2026, 3, 2, tzinfo=UTC)
MAY: dict[str, list[Who]] = {
    "approve": [HEAD, OFFICE, MANAGER],
    "decline": [HEAD, OFFICE, MANAGER],
    "buy": [BUYER, OFFICE],
    "receive": [DESK, CLERK, HEAD, OFFICE, ASKER],
    "cancel": [ASKER, HEAD, OFFICE, MANAGER],
}


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize("verb", MAY)
def test_whose_each_verb_is(verb: str) -> None:
    state = "asked" if verb in {"approve", "decline"} else "approved"
    for who in (DESK, CLERK, HEAD, OFFICE, MANAGER, BUYER, OTHER, ASKER):
        if who in MAY[verb]:
            assert PURCHASE.step(Request(state=state), verb, who).verb == verb, who
        else:
            with pytest.raises(Forbidden):
                PURCHASE.step(Request(state=state), verb, who)


@pytest.mark.parametrize("state", P)
def test_what_follows_what(state: P) -> None:
    allowed = {P.ASKED: {"approve", "decline", "cancel"}, P.APPROVED: {"buy", "receive", "cancel"}}
    for verb in PURCHASE.verbs:
        if verb in allowed.get(state, set()):
            PURCHASE.step(Request(state=state), verb, OFFICE)
        else:
            with pytest.raises(Refused):
                PURCHASE.step(Request(state=state), verb, OFFICE)


@pytest.mark.parametrize(
    ("request_", "waits"),
    [
        (Request(), [("approve", "approver")]),
        (Request("approved"), [("buy", "buyer")]),
        (Request("approved", bought_at=1), [("receive", "keeper")]),
        (Request("approved", received_at=1), [("receive", "keeper")]),
        (Request("received"), []),
        (Request("declined"), []),
        (Request("cancelled"), []),
    ],
)
def test_what_a_request_waits_for(request_: Request, waits: list[tuple[str, str]]) -> None:
    assert rules.waiting(request_) == waits


def test_what_is_bought_is_not_bought_again_and_what_came_is_not_cancelled() -> None:
    assert [s.verb for s in PURCHASE.open_to(Request("approved", bought_at=1, received_at=1), OFFICE)] == [
        "receive"
    ]
    assert [s.verb for s in PURCHASE.open_to(Request("approved"), OFFICE)] == ["buy", "receive", "cancel"]
