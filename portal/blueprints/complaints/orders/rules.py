"""What CP-30 says about a service order; pure. A gate answers with its reasons against an attempt, or with nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.blueprints.complaints.codes import CLOSED as CASE_CLOSED
from portal.blueprints.complaints.codes import Decision
from portal.kernel.workflow import Attempt, Reason

FEN = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PartUsed:
    """A part that went into the device: how many, and what one costs."""

    quantity: int
    price: Decimal


def under_warranty(warranty_until: date | None, reported_on: date) -> bool:
    """CP-30: the day on which the customer reported counts, the warranty's last day included."""
    return warranty_until is not None and reported_on <= warranty_until


def charge(
    warranty_until: date | None, reported_on: date, parts: Iterable[PartUsed], hours: Decimal
) -> Decimal:
    """CP-30: what the customer pays, in yuan and fen: nothing within the warranty, after it the parts alone.

    `hours` are asked for because they are on the order; they cost the customer nothing in either case.
    """
    if hours < 0:
        raise ValueError(f"hours cannot be fewer than none: {hours}")
    if under_warranty(warranty_until, reported_on):
        return NOTHING
    return sum((part.price * part.quantity for part in parts), NOTHING).quantize(FEN)


def standing(order: Any, by: Any) -> frozenset[str]:
    """Who somebody is to an order; the person whom its case complains about is nobody to it (CP-09).

    Where outside help carries an order out, lead and desk write down what it did.
    """
    case = order.case
    if case.person_concerned_id is not None and case.person_concerned_id == by.id:
        return frozenset()
    office = by.role == "office"
    lead = office or by.is_manager or order.department in by.leads
    desk = office or by.role == "desk"
    roles = {
        "office": office,
        "desk": desk,
        "lead": lead,
        "asker": order.asked_by_id == by.id,
        "technician": order.technician_id == by.id or (bool(order.outside_company) and (lead or desk)),
    }
    return frozenset(name for name, holds in roles.items() if holds)


# -- facts: asked of the order alone, and a page does not offer what they would refuse --------------------------------


def only_urgent(order: Any) -> Reason | None:
    """CP-30: outside help is for what cannot wait."""
    return None if order.urgent else Reason("CP-30", "outside_only_urgent")


def something_out(order: Any) -> Reason | None:
    """CP-30: only what was taken in can be given back."""
    return None if order.things_out else Reason("CP-30", "nothing_taken")


def something_charged(order: Any) -> Reason | None:
    """CP-30: within the warranty nothing is charged, and without parts there is nothing to charge."""
    if order.charge:
        return None
    covered = under_warranty(order.warranty_until, order.reported_on)
    return Reason("CP-30", "within_warranty" if covered else "no_parts")


def money_to_hand_in(order: Any) -> Reason | None:
    """CP-30: only money that was taken on site is handed in, and once."""
    if not order.paid:
        return Reason("CP-30", "no_money_taken")
    return Reason("CP-30", "handed_in_already") if order.handed_in_at else None


# -- gates ------------------------------------------------------------------------------------------------------------


def case_takes_orders(case: Any) -> Reason | None:
    """CP-30: an order belongs to a case that is still open."""
    return Reason("CP-30", "order_case_closed") if case.state in CASE_CLOSED else None


def another_approves(attempt: Attempt) -> Reason | None:
    """CP-30: an order is approved by somebody else than who asked for it."""
    return Reason("CP-30", "own_order") if attempt.subject.asked_by_id == attempt.by.id else None


def technician_fits(attempt: Attempt) -> Reason | None:
    """CP-09: whom the case complains about is not sent to the customer."""
    concerned = attempt.subject.case.person_concerned_id
    technician = attempt.given["technician"]
    return Reason("CP-09", "technician_concerned") if technician.id == concerned else None


def manager_consents(attempt: Attempt) -> Reason | None:
    """CP-30: outside help needs the consent of a lead or the general manager, never of whoever asked."""
    order = attempt.subject
    if not order.outside_asked:
        return Reason("CP-30", "outside_arranged") if order.outside_company else None
    if order.outside_asked_by_id == attempt.by.id:
        return Reason("CP-30", "own_outside")
    return None if "lead" in standing(order, attempt.by) else Reason("CP-30", "manager_decides")


def outside_answered(attempt: Attempt) -> Reason | None:
    """CP-30: while outside help waits for consent, nobody else is sent."""
    return Reason("CP-30", "outside_waits") if attempt.subject.outside_asked else None


def work_was_done(attempt: Attempt) -> Reason | None:
    """CP-30: parts and hours stand on the order before it is called done."""
    return None if attempt.subject.works else Reason("CP-30", "no_work")


def no_more_than_the_charge(attempt: Attempt) -> Reason | None:
    """CP-30: on site no more money is taken than the parts cost, within the warranty none, and it is said how much."""
    order, paid = attempt.subject, attempt.given.get("paid")
    if paid is None:
        return Reason("CP-30", "say_what_was_paid", {"charge": order.charge}) if order.charge else None
    return _above(order, paid)


def invoice_fits(attempt: Attempt) -> Reason | None:
    """CP-30: the invoice is for the money that was taken; where none was, for no more than the parts cost."""
    order, amount = attempt.subject, attempt.given["amount"]
    if not order.charge:  # said by the fact
        return None
    if order.paid and amount != order.paid:
        return Reason("CP-30", "invoice_differs", {"paid": order.paid})
    return _above(order, amount)


def _above(order: Any, amount: Decimal) -> Reason | None:
    if amount <= order.charge:
        return None
    if under_warranty(order.warranty_until, order.reported_on):
        return Reason("CP-30", "within_warranty")
    return Reason("CP-30", "only_parts", {"charge": order.charge})


def invoiced_first(attempt: Attempt) -> Reason | None:
    """CP-30: money is invoiced, then handed to finance."""
    return None if attempt.subject.invoice_number else Reason("CP-30", "not_invoiced")


def nothing_left_open(attempt: Attempt) -> Iterator[Reason]:
    """CP-30: before an order closes, things are back, money is invoiced and handed in."""
    yield from what_is_open(attempt.subject)


def what_is_open(order: Any) -> Iterator[Reason]:
    """CP-30: what stands between an order and its acceptance; told on the page before anybody tries."""
    if order.things_out:
        yield Reason("CP-30", "things_out", {"count": order.things_out})
    if order.paid and not order.invoice_number:
        yield Reason("CP-30", "not_invoiced")
    if order.paid and not order.handed_in_at:
        yield Reason("CP-30", "not_handed_in", {"paid": order.paid})


def nothing_kept(attempt: Attempt) -> Reason | None:
    """CP-30: an order is not given up while the customer's things are here."""
    out = attempt.subject.things_out
    return Reason("CP-30", "things_out", {"count": out}) if out else None


def waiting(order: Any) -> Iterator[tuple[str, str]]:
    """(verb, whose turn) of everything that an order waits for."""
    state = order.state
    if order.outside_asked:
        yield "outside", "approver"
    if state == "asked":
        yield "approve", "approver"
    elif state == "approved" and not order.outside_asked:
        yield "assign", "lead"
    elif state == "assigned":
        yield "done", "technician"
    elif state == "done":
        if order.paid and not order.invoice_number:
            yield "invoice", "technician"
        elif order.paid and not order.handed_in_at:
            yield "hand-in", "technician"
        yield "accept", "desk"


def consents(given: Any) -> bool:
    """True when a decision says yes."""
    return bool(given is Decision.YES)
