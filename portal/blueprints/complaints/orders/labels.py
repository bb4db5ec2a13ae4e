"""What people read for each code of a service order, each verb, each refusal, each message and line of history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal import telling
from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.orders.codes import EntryKind, Fate, OrderKind, OrderState
from portal.drawing import name_of
from portal.i18n import _l, label, moment

LABELS: dict[Any, Any] = {
    OrderKind: {OrderKind.REPAIR: _l("Repair"), OrderKind.INSTALLATION: _l("Installation")},
    OrderState: {
        OrderState.ASKED: _l("Waits for approval"),
        OrderState.APPROVED: _l("Waits for a technician"),
        OrderState.ASSIGNED: _l("Under way"),
        OrderState.DONE: _l("Waits for acceptance"),
        OrderState.ACCEPTED: _l("Accepted by the customer"),
        OrderState.CANCELLED: _l("Cancelled"),
    },
    EntryKind: {
        EntryKind.WORK: _l("Parts and hours"),
        EntryKind.TAKEN: _l("Taken in"),
        EntryKind.SWAP: _l("Device swapped"),
    },
    Fate: {Fate.RETURNED: _l("Given back"), Fate.SWAPPED: _l("Kept, device swapped")},
}
STATE_TONES = {
    OrderState.ASKED: "warn",
    OrderState.APPROVED: "warn",
    OrderState.ASSIGNED: "info",
    OrderState.DONE: "ok",
    OrderState.ACCEPTED: "",
    OrderState.CANCELLED: "",
}

VERBS: dict[str, Any] = {
    "approve": _l("Approve the order"),
    "assign": _l("Send a technician"),
    "outside": _l("Outside help"),
    "take": _l("Take something in"),
    "work": _l("Add parts or hours"),
    "swap": _l("Note a swapped device"),
    "give-back": _l("Give back"),
    "done": _l("The work is done"),
    "invoice": _l("Note the invoice"),
    "hand-in": _l("Hand the money to finance"),
    "accept": _l("Record the acceptance"),
    "cancel": _l("Cancel the order"),
    "edit": _l("Edit the order"),
    "note": _l("Add a note"),
}
SAID: dict[str, Any] = {
    "approve": _l("The order is approved."),
    "assign": _l("The technician is told."),
    "outside": _l("Written down."),
    "take": _l("Taken in; the receipt can be printed."),
    "work": _l("Parts and hours are added."),
    "swap": _l("The swap is noted."),
    "give-back": _l("Given back."),
    "done": _l("The work is done; the customer's acceptance is next."),
    "invoice": _l("The invoice is noted."),
    "hand-in": _l("The money is handed in."),
    "accept": _l("The customer accepted; the order is closed."),
    "cancel": _l("The order is cancelled."),
    "edit": _l("The order is changed."),
    "note": _l("The note is kept."),
}

REASONS: dict[str, Any] = {
    "outside_only_urgent": _l("Outside help is for urgent orders only."),
    "nothing_taken": _l("Nothing of the customer's is here."),
    "not_here": _l("This is not here any more."),
    "no_money_taken": _l("No money was taken on site."),
    "handed_in_already": _l("The money was handed in already."),
    "order_case_closed": _l("The case is closed; it takes no more orders."),
    "own_order": _l("You asked for this order yourself; another lead or the general manager approves it."),
    "technician_concerned": _l("The case is about this person; somebody else goes to the customer."),
    "outside_arranged": _l("Outside help was agreed to already."),
    "own_outside": _l("You asked for outside help yourself; another lead or the general manager decides."),
    "manager_decides": _l("The lead or the general manager decides on outside help."),
    "outside_waits": _l("Outside help waits for a decision; it comes first."),
    "no_work": _l("Write down the parts and hours first."),
    "say_what_was_paid": _l(
        "The customer owes %(charge)s yuan: say how much was taken on site, 0 when nothing."
    ),
    "within_warranty": _l("The warranty covers this: nothing is charged."),
    "no_parts": _l("No parts were used: there is nothing to charge."),
    "only_parts": _l("After the warranty only parts are charged: no more than %(charge)s yuan."),
    "invoice_differs": _l("%(paid)s yuan were taken on site; the invoice is for the same sum."),
    "not_invoiced": _l("The money taken on site has no invoice yet."),
    "not_handed_in": _l("The %(paid)s yuan taken on site are not handed to finance yet."),
    "things_out": _l("What was taken in is not given back yet (%(count)s)."),
}

NOTICES: dict[str, Any] = {
    "order:asked": _l("A service order waits for your approval."),
    "order:approved": _l("Your service order was approved."),
    "order:assigned": _l("You are sent to a customer."),
    "order:outside": _l("Outside help for an urgent order waits for your consent."),
    "order:outside_decided": _l("Your request for outside help was decided."),
    "order:done": _l("The work on a service order is done."),
    "order:cancelled": _l("A service order was cancelled."),
}

HISTORY: dict[str, Any] = {
    "order:ask": _l("Order asked for"),
    "order:reveal": _l("The whole phone number was looked at"),
    **{f"order:{verb}": words for verb, words in VERBS.items()},
}
# What *my day* writes on its buttons; verbs of cases have some of the same names.
AWAITED: dict[str, Any] = {f"order-{verb}": words for verb, words in VERBS.items()}


def yuan(amount: Decimal | None) -> str:
    """An amount in yuan and fen as it is read; none is a dash."""
    return "—" if amount is None else f"{amount:,.2f}"


def _coded(codes: Any) -> Callable[[Any], str]:
    return lambda code: label(codes(code))


# How a detail of the history is put into words: caption and reader.
DETAILS: telling.Readers = {
    "case": (_l("Case"), str),
    "kind": (_l("Kind of order"), _coded(OrderKind)),
    "technician": (_l("Technician"), name_of),
    "planned": (_l("Planned for"), lambda text: moment(datetime.fromisoformat(text))),
    "decision": (_l("Decision"), _coded(Decision)),
    "receipt": (_l("Receipt"), str),
    "quantity": (_l("Quantity"), str),
    "price": (_l("Price of one, in yuan"), str),
    "hours": (_l("Hours of work"), str),
    "charge": (_l("To be charged, in yuan"), str),
    "paid": (_l("Taken on site, in yuan"), str),
    "invoice": (_l("Invoice number"), str),
    "amount": (_l("Amount, in yuan"), str),
}
# Captions of free texts that only orders have.
WORDS: dict[str, Any] = {
    "contact": _l("Whom to ask for on site"),
    "model": _l("Model"),
    "fault": _l("Fault"),
    "company": _l("Outside company or person"),
    "things": _l("Taken in"),
    "part": _l("Part"),
    "old_number": _l("Old device"),
    "new_number": _l("New device"),
    "returned_to": _l("Who received it"),
    "result": _l("Result"),
    "handed_to": _l("Received by"),
    "accepted_by": _l("Customer who signed"),
}
telling.WORDS.update(WORDS)
