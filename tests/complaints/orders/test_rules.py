"""CP-30's arithmetic and gates, as tables and as properties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.complaints.orders import rules
from portal.blueprints.complaints.orders.models import Hundredths
from portal.blueprints.complaints.orders.rules import PartUsed
from portal.kernel.workflow import Attempt, Reason
from tests.kernel.moments import at

DAY = date(2026, 3, 2)
amounts = st.decimals(min_value=0, max_value="9999999.99", places=2, allow_nan=False, allow_infinity=False)
parts = st.lists(st.builds(PartUsed, st.integers(0, 9999), amounts), max_size=12)
hours = st.decimals(min_value=0, max_value=999, places=2, allow_nan=False, allow_infinity=False)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.clause("CP-30")
@pytest.mark.parametrize(
    ("until", "charged"),
    [
        (None, "91.00"),
        (DAY - timedelta(days=1), "91.00"),
        (DAY, "0.00"),
        (DAY + timedelta(days=1), "0.00"),
    ],
)
def test_within_the_warranty_nothing_after_it_the_parts(until: date | None, charged: str) -> None:
    used = [PartUsed(2, Decimal("45.50"))]
    assert str(rules.charge(until, DAY, used, Decimal("1.50"))) == charged


@pytest.mark.clause("CP-30")
@given(parts, hours, days, st.integers(0, 4000))
def test_within_the_warranty_nothing_is_charged(
    used: list[PartUsed], spent: Decimal, reported: date, more: int
) -> None:
    assert rules.charge(reported + timedelta(days=more), reported, used, spent) == 0


@pytest.mark.clause("CP-30")
@given(parts, hours, days, st.one_of(st.none(), st.integers(1, 4000)))
def test_after_it_the_parts_to_the_fen_and_no_hour(
    used: list[PartUsed], spent: Decimal, reported: date, less: int | None
) -> None:
    until = None if less is None else reported - timedelta(days=less)
    charged = rules.charge(until, reported, used, spent)
    fen = sum((Fraction(part.price) * 100 * part.quantity for part in used), Fraction(0))
    assert Fraction(charged) * 100 == fen
    assert charged.as_tuple().exponent == -2
    assert charged == rules.charge(until, reported, used, Decimal(0))


@given(parts, parts, days)
def test_parts_add_up_in_any_order(some: list[PartUsed], others: list[PartUsed], reported: date) -> None:
    def charged(used: list[PartUsed]) -> Decimal:
        return rules.charge(None, reported, used, Decimal(0))

    assert charged(some + others) == charged(others + some) == charged(some) + charged(others)


def test_hours_are_not_fewer_than_none() -> None:
    with pytest.raises(ValueError, match="fewer than none"):
        rules.charge(None, DAY, [], Decimal("-1"))


@given(st.decimals(min_value="-99999999999.99", max_value="99999999999.99", places=2))
def test_an_amount_comes_back_as_it_was_stored(amount: Decimal) -> None:
    column, dialect = Hundredths(), SimpleNamespace(name="sqlite")
    stored = column.process_bind_param(amount, dialect)  # type: ignore[arg-type]  # it asks nothing of it
    assert isinstance(stored, int)
    back = column.process_result_value(stored, dialect)  # type: ignore[arg-type]
    assert back == amount
    assert back is not None
    assert back.as_tuple().exponent == -2


def test_a_third_place_is_refused_and_nothing_stays_nothing() -> None:
    column: Any = Hundredths()
    with pytest.raises(ValueError, match="two places"):
        column.process_bind_param(Decimal("0.005"), None)
    assert column.process_bind_param(None, None) is column.process_result_value(None, None) is None


# -- gates ------------------------------------------------------------------------------------------------------------


def order(**chosen: Any) -> Any:
    """Anything that the rules take for an order: done, 91 yuan of parts, nothing open, unless chosen."""
    usual: dict[str, Any] = {
        "case": SimpleNamespace(person_concerned_id=None),
        "state": "done",
        "department": "tech",
        "asked_by_id": 1,
        "technician_id": 2,
        "outside_asked": False,
        "outside_asked_by_id": None,
        "outside_company": "",
        "urgent": False,
        "works": 1,
        "things_out": 0,
        "charge": Decimal("91.00"),
        "paid": None,
        "invoice_number": "",
        "handed_in_at": None,
        "warranty_until": None,
        "reported_on": DAY,
    }
    return SimpleNamespace(**(usual | chosen))


def person(number: int = 9, role: str = "lead", leads: str = "tech", manager: bool = False) -> Any:
    return SimpleNamespace(id=number, role=role, leads=frozenset(leads.split()), is_manager=manager)


def said(answer: Any) -> list[str]:
    found = [answer] if isinstance(answer, Reason) else list(answer or [])
    return [reason.code for reason in found]


def attempt(subject: Any, by: Any = None, **given: Any) -> Attempt:
    return Attempt(subject, by or person(), at("Mon 2026-03-02 09:00"), given)


@pytest.mark.clause("CP-30")
@pytest.mark.parametrize(
    ("gate", "subject", "by", "given", "reasons"),
    [
        (rules.another_approves, order(), person(1), {}, ["own_order"]),
        (rules.another_approves, order(), person(9), {}, []),
        (rules.work_was_done, order(works=0), None, {}, ["no_work"]),
        (rules.work_was_done, order(), None, {}, []),
        (rules.no_more_than_the_charge, order(), None, {}, ["say_what_was_paid"]),
        (rules.no_more_than_the_charge, order(charge=Decimal(0)), None, {}, []),
        (rules.no_more_than_the_charge, order(), None, {"paid": Decimal("91.01")}, ["only_parts"]),
        (rules.no_more_than_the_charge, order(), None, {"paid": Decimal("91.00")}, []),
        (
            rules.no_more_than_the_charge,
            order(charge=Decimal(0), warranty_until=DAY),
            None,
            {"paid": Decimal("0.01")},
            ["within_warranty"],
        ),
        (
            rules.invoice_fits,
            order(paid=Decimal(50)),
            None,
            {"amount": Decimal("49.99")},
            ["invoice_differs"],
        ),
        (rules.invoice_fits, order(paid=Decimal(50)), None, {"amount": Decimal("50.00")}, []),
        (rules.invoice_fits, order(), None, {"amount": Decimal("91.01")}, ["only_parts"]),
        (rules.invoiced_first, order(paid=Decimal(50)), None, {}, ["not_invoiced"]),
        (rules.nothing_left_open, order(), None, {}, []),
        (rules.nothing_left_open, order(paid=Decimal("0.00")), None, {}, []),
        (
            rules.nothing_left_open,
            order(paid=Decimal(91), things_out=1),
            None,
            {},
            ["things_out", "not_invoiced", "not_handed_in"],
        ),
        (
            rules.nothing_left_open,
            order(paid=Decimal(91), invoice_number="0815"),
            None,
            {},
            ["not_handed_in"],
        ),
        (rules.nothing_kept, order(things_out=2), None, {}, ["things_out"]),
        (rules.outside_answered, order(outside_asked=True), None, {}, ["outside_waits"]),
        (rules.manager_consents, order(), person(4, "employee", ""), {}, []),
        (rules.manager_consents, order(outside_company="快修"), None, {}, ["outside_arranged"]),
        (
            rules.manager_consents,
            order(outside_asked=True, outside_asked_by_id=9),
            person(9),
            {},
            ["own_outside"],
        ),
        (
            rules.manager_consents,
            order(outside_asked=True, outside_asked_by_id=1),
            person(4, "desk", ""),
            {},
            ["manager_decides"],
        ),
        (
            rules.manager_consents,
            order(outside_asked=True, outside_asked_by_id=1),
            person(4, "lead", "office", manager=True),
            {},
            [],
        ),
    ],
)
def test_a_gate(gate: Any, subject: Any, by: Any, given: dict[str, Any], reasons: list[str]) -> None:
    assert said(gate(attempt(subject, by, **given))) == reasons


@pytest.mark.clause("CP-09")
def test_whom_the_case_is_about_is_not_sent_and_is_nobody_to_the_order() -> None:
    about = order(case=SimpleNamespace(person_concerned_id=2))
    assert said(rules.technician_fits(attempt(about, technician=person(2)))) == ["technician_concerned"]
    assert said(rules.technician_fits(attempt(about, technician=person(3)))) == []
    assert rules.standing(about, person(2)) == frozenset()


@pytest.mark.parametrize(
    ("chosen", "waits"),
    [
        ({"state": "asked"}, ["approve approver"]),
        ({"state": "approved"}, ["assign lead"]),
        ({"state": "approved", "outside_asked": True}, ["outside approver"]),
        ({"state": "assigned"}, ["done technician"]),
        ({}, ["accept desk"]),
        ({"paid": Decimal(91)}, ["invoice technician", "accept desk"]),
        ({"paid": Decimal(91), "invoice_number": "1"}, ["hand-in technician", "accept desk"]),
        ({"paid": Decimal(91), "invoice_number": "1", "handed_in_at": "yes"}, ["accept desk"]),
        ({"state": "accepted"}, []),
        ({"state": "cancelled"}, []),
    ],
)
def test_what_waits_for_whom(chosen: dict[str, Any], waits: list[str]) -> None:
    assert [f"{verb} {whose}" for verb, whose in rules.waiting(order(**chosen))] == waits
