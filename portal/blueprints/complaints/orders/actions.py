"""What each verb does to a service order: one function a verb, called by `perform` after right, state and gates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.blueprints.complaints import rules as case_rules
from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import queries, rules, watch
from portal.blueprints.complaints.orders.codes import EntryKind, Fate, OrderKind, OrderState
from portal.blueprints.complaints.orders.models import Entry, Order
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.kernel import clock, history, numbers, transitions
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Forbidden, Reason, Refused


class Doubled(Exception):
    """A form that was sent before: the number of its order; `same` tells whether it said the same."""

    def __init__(self, number: str, same: bool) -> None:
        self.number, self.same = number, same
        super().__init__(number)


# What an order says of its customer; also what is forgotten with the case (CP-20).
CUSTOMER = ("customer_name", "customer_phone", "customer_address", "contact", "model", "fault")


def ask(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    kind: OrderKind,
    department: str,
    urgent: bool = False,
    purchased_on: date | None = None,
    warranty_until: date | None = None,
    planned_at: datetime | None = None,
    idempotency_key: str | None = None,
    **customer: str,
) -> Order:
    """Ask for a repair or an installation for a case's customer (CP-30). Inside a write.

    Raises Forbidden for somebody who only looks on, Refused for a closed case, Doubled for a key used before.
    """
    if not case_rules.standing(case, by):
        raise Forbidden("ask", "CP-30")
    said = {
        "case": case.number,
        "kind": kind,
        "department": department,
        "urgent": urgent,
        "purchased_on": purchased_on,
        "warranty_until": warranty_until,
        "planned_at": planned_at,
        **customer,
    }
    digest = fields_digest(said)
    number = numbers.take("WX", now)  # where two forms of one key queue
    if idempotency_key and (first := _asked_before(by, idempotency_key)):
        raise Doubled(first.number, first.fields_digest == digest)
    if reason := rules.case_takes_orders(case):
        raise Refused([reason])
    order = Order(
        number=number,
        case=case,
        case_id=case.id,
        kind=kind,
        urgent=urgent,
        department=department,
        state=OrderState.ASKED,
        state_since=now,
        purchased_on=purchased_on,
        warranty_until=warranty_until,
        reported_on=clock.local(case.registered_at).date(),
        planned_at=planned_at,
        asked_at=now,
        asked_by_id=by.id,
        idempotency_key=idempotency_key,
        fields_digest=digest,
        **customer,
    )
    db.session.add(order)
    db.session.flush()
    history.record(
        order,
        "order:ask",
        by=by.id,
        now=now,
        clause="CP-30",
        number=number,
        case=case.number,
        kind=kind,
        department=department,
        words={name: customer.get(name, "") for name in CUSTOMER},
    )
    watch.tell(order, ["approver"], "order:asked", now, but=by.id)
    watch.put_up(order, now)
    return order


def _asked_before(by: Viewer, key: str) -> Order | None:
    return db.session.query(Order).filter_by(asked_by_id=by.id, idempotency_key=key).one_or_none()


def approve(order: Order, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-30: the order may be carried out."""
    order.approved_at, order.approved_by_id = now, by.id
    watch.tell_people(order, [order.asked_by_id], "order:approved", now, but=by.id)
    return Effect({}, {"note": note})


def assign(
    order: Order,
    *,
    by: Viewer,
    now: datetime,
    technician: Card,
    planned_at: datetime | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-30: a technician goes to the customer, and when."""
    order.technician_id, order.outside_company = technician.id, ""
    order.planned_at = planned_at or order.planned_at
    watch.tell_people(order, [technician.id], "order:assigned", now, but=by.id)
    return Effect({"technician": technician.id, "planned": order.planned_at}, {"note": note})


def outside(
    order: Order,
    *,
    by: Viewer,
    now: datetime,
    company: str = "",
    reason: str = "",
    decision: Decision | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-30: nobody of ours is free for an urgent order: outside help is asked for, then consented to or not."""
    if not order.outside_asked:
        order.outside_asked, order.outside_asked_by_id = True, by.id
        order.outside_wanted, order.outside_reason = company, reason
        watch.tell(order, ["approver"], "order:outside", now, but=by.id)
        return Effect({}, {"company": company, "reason": reason}, stay=True)
    order.outside_asked, order.outside_by_id = False, by.id
    consent = rules.consents(decision)
    if consent:
        order.outside_company, order.technician_id = order.outside_wanted, None
    watch.tell_people(order, [order.outside_asked_by_id], "order:outside_decided", now, but=by.id)
    return Effect({"decision": decision}, {"company": order.outside_wanted, "note": note}, stay=not consent)


def _enter(order: Order, kind: EntryKind, by: Viewer, now: datetime, **fields: Any) -> Entry:
    row = Entry(order_id=order.id, kind=kind, at=now, by_id=by.id, **fields)
    db.session.add(row)
    db.session.flush()
    return row


def take(
    order: Order,
    *,
    by: Viewer,
    now: datetime,
    things: str,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-30: something of the customer's is taken in against a numbered receipt."""
    order.things += 1
    order.things_out += 1
    receipt = f"{order.number}-{order.things}"
    _enter(order, EntryKind.TAKEN, by, now, what=things, note=note, receipt=receipt)
    return Effect({"receipt": receipt}, {"things": things, "note": note})


def work(
    order: Order,
    *,
    by: Viewer,
    now: datetime,
    part: str = "",
    quantity: int | None = None,
    price: Decimal | None = None,
    hours: Decimal | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-30: a part that went in and the hours it took; as often as there are parts and visits."""
    used = rules.PartUsed(quantity or 1, price or Decimal(0)) if part else rules.PartUsed(0, Decimal(0))
    _enter(
        order,
        EntryKind.WORK,
        by,
        now,
        what=part,
        note=note,
        quantity=used.quantity,
        price=used.price,
        hours=hours or Decimal(0),
    )
    order.works += 1
    _reckon(order, queries.works(order))
    return Effect(
        {
            "quantity": used.quantity or None,
            "price": used.price if part else None,
            "hours": hours,
            "charge": order.charge,
        },
        {"part": part, "note": note},
    )


def _reckon(order: Order, works: Sequence[Entry]) -> None:
    order.hours = sum((row.hours for row in works), Decimal(0))
    parts = [rules.PartUsed(row.quantity, row.price) for row in works]
    order.charge = rules.charge(order.warranty_until, order.reported_on, parts, order.hours)


def swap(
    order: Order,
    *,
    by: Viewer,
    now: datetime,
    old_number: str,
    new_number: str,
    thing: int | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-30: another device stays with the customer; old and new number, and what was taken in for it stays here."""
    _enter(order, EntryKind.SWAP, by, now, old_number=old_number, new_number=new_number, note=note)
    receipt = _gone(order, thing, Fate.SWAPPED, by, now, "") if thing else None
    return Effect({"receipt": receipt}, {"old_number": old_number, "new_number": new_number, "note": note})


def give_back(
    order: Order, *, by: Viewer, now: datetime, thing: int, returned_to: str, note: str = "", **_: Any
) -> Effect:
    """CP-30: what was taken in goes back against the receipt."""
    receipt = _gone(order, thing, Fate.RETURNED, by, now, returned_to)
    return Effect({"receipt": receipt}, {"returned_to": returned_to, "note": note})


def _gone(order: Order, thing: int, fate: Fate, by: Viewer, now: datetime, to: str) -> str:
    row = queries.thing(order, thing)
    if row is None:  # somebody else gave it back meanwhile
        raise Refused([Reason("CP-30", "not_here")])
    row.fate, row.back_at, row.back_by_id, row.back_to = fate, now, by.id, to
    order.things_out -= 1
    return row.receipt


def done(
    order: Order, *, by: Viewer, now: datetime, result: str, paid: Decimal | None = None, **_: Any
) -> Effect:
    """CP-30: the work is finished; what was taken from the customer on site, in all."""
    if paid != order.paid:  # after more work another sum: it is invoiced and handed in anew
        order.invoice_number, order.invoiced, order.invoiced_at = "", None, None
        order.handed_in_at, order.handed_in_by_id, order.handed_in_to = None, None, ""
    order.done_at, order.done_by_id, order.result, order.paid = now, by.id, result, paid
    watch.tell_people(order, [order.asked_by_id, order.case.handler_id], "order:done", now, but=by.id)
    return Effect({"charge": order.charge, "paid": paid, "hours": order.hours}, {"result": result})


def invoice(
    order: Order, *, by: Viewer, now: datetime, invoice_number: str, amount: Decimal, **_: Any
) -> Effect:
    """CP-30: the invoice that the customer got."""
    order.invoice_number, order.invoiced, order.invoiced_at = invoice_number, amount, now
    return Effect({"invoice": invoice_number, "amount": amount})


def hand_in(order: Order, *, by: Viewer, now: datetime, handed_to: str, **_: Any) -> Effect:
    """CP-30: the money taken on site lies with finance."""
    order.handed_in_at, order.handed_in_by_id, order.handed_in_to = now, by.id, handed_to
    return Effect({"paid": order.paid}, {"handed_to": handed_to})


def accept(order: Order, *, by: Viewer, now: datetime, customer: str, note: str = "", **_: Any) -> Effect:
    """CP-30: the customer signed for the work; the order is closed."""
    order.accepted_at, order.accepted_by = now, customer
    return Effect({"charge": order.charge}, {"accepted_by": customer, "note": note})


def cancel(order: Order, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """The order is given up; nobody is sent."""
    order.outside_asked = False
    watch.tell_people(order, [order.asked_by_id, order.technician_id], "order:cancelled", now, but=by.id)
    return Effect({}, {"reason": reason})


EDITABLE = (*CUSTOMER, "purchased_on", "warranty_until", "planned_at")


def edit(order: Order, *, by: Viewer, now: datetime, **fields: Any) -> Effect:
    """Mend the sheet; what it said before stays in the history, and the charge follows the warranty (CP-30)."""
    was = {name: getattr(order, name) for name in EDITABLE if fields[name] != getattr(order, name)}
    for name in was:
        setattr(order, name, fields[name])
    _reckon(order, queries.works(order))
    return Effect(
        {"fields": sorted(was), "charge": order.charge if order.works else None},
        {f"was {name}": str(value or "") for name, value in was.items()},
    )


def note(order: Order, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """A remark for colleagues."""
    return Effect({}, {"note": note})


# The verb is the key: the row of the workflow, the address, the form, the function.
ACTIONS: dict[str, transitions.Action] = {
    "approve": approve,
    "assign": assign,
    "outside": outside,
    "take": take,
    "work": work,
    "swap": swap,
    "give-back": give_back,
    "done": done,
    "invoice": invoice,
    "hand-in": hand_in,
    "accept": accept,
    "cancel": cancel,
    "edit": edit,
    "note": note,
}
act = transitions.actor(ORDER, queries.find, ACTIONS)


def erase(case: Case) -> None:
    """CP-20: with the case its orders lose every name and text; codes, numbers, days and sums stay. Inside a write."""
    for order in queries.of_case(case.id):
        for name in (*CUSTOMER, "result", "accepted_by", "outside_reason", "fields_digest"):
            setattr(order, name, "")
        for row in queries.entries(order):
            row.what = row.note = row.back_to = row.old_number = row.new_number = ""
        history.erase(order)
        watch.put_up(order, clock.now())
