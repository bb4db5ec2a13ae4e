"""What the templates of service orders draw: rows, the order with its next steps, the printed sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from portal import errors, timeline
from portal.blueprints.complaints import phones
from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import actions, forms, queries, rules
from portal.blueprints.complaints.orders.codes import CLOSED, UNDONE, EntryKind, OrderKind, OrderState
from portal.blueprints.complaints.orders.labels import STATE_TONES, VERBS, yuan
from portal.blueprints.complaints.orders.models import Order
from portal.blueprints.complaints.orders.watch import PREFIX
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.drawing import clause_title, department_name, name_of, time_left
from portal.forms import VerbForm
from portal.i18n import LABELS, _, label
from portal.kernel import clock, customers, history, reference
from portal.kernel.people import Card, Viewer
from portal.kernel.sheets import Column

FORM_NUMBER = "QR-CP-30 · V1"  # GO-01: every printed form names its number and version
# The verbs that move an order on; the first that a person may do now has its form open.
MAIN = ("approve", "assign", "outside", "done", "invoice", "hand-in", "accept")
BAD = frozenset({"order:cancel"})
# Already told by the head of the order's page.
UNTOLD = frozenset({"customer_name", "customer_phone", "customer_address", "contact", "model", "fault"})


def listed(asked: queries.OrderList) -> dict[str, Any]:
    """What the list draws."""
    now = clock.now()
    rows, newer, older = asked.page(now)
    here = url_for("complaints.orders")
    return {
        "asked": asked,
        "rows": [
            (o, STATE_TONES[o.state], time_left(o.planned_at, o.asked_at, now) if o.state in UNDONE else None)
            for o in rows
        ],
        "newer": newer and f"{here}?{newer}",
        "older": older and f"{here}?{older}",
        "choices": _choices(),
        "people": colleagues(),
        "name_of": name_of,
        "department_name": department_name,
    }


def _choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The selects of the list's filter: name, caption, codes with their words."""

    def words(codes: Any) -> list[tuple[str, str]]:
        return [(str(code), str(text)) for code, text in LABELS[codes].items()]

    departments = [(code, department_name(code)) for code in reference.staff().departments]
    return [
        ("state", _("Any state"), [("open", _("Open")), *words(OrderState)]),
        ("department", _("All departments"), departments),
        ("kind", _("Repair and installation"), words(OrderKind)),
    ]


def columns() -> list[Column]:
    """The captions of the workbook that the list is exported to."""
    captions = (
        _("Number"),
        _("Case"),
        _("Kind of order"),
        _("State"),
        _("Urgent"),
        _("Customer"),
        _("Phone"),
        _("Address"),
        _("Model"),
        _("Fault"),
        _("Department"),
        _("Technician"),
        _("Outside company or person"),
        _("Asked at"),
        _("Planned for"),
        _("Date of purchase"),
        _("Warranty until"),
        _("Hours of work"),
        _("To be charged, in yuan"),
        _("Taken on site, in yuan"),
        _("Invoice number"),
        _("Invoiced, in yuan"),
        _("Handed in at"),
        _("Accepted at"),
        _("Customer who signed"),
    )
    return [Column(caption) for caption in captions]


def exported(rows: Sequence[Order]) -> list[tuple[Any, ...]]:
    """The orders as the workbook's rows."""
    return [
        (
            o.number,
            o.case.number,
            label(o.kind),
            label(o.state),
            _("Urgent") if o.urgent else "",
            o.customer_name,
            customers.masked(o.customer_phone),
            o.customer_address,
            o.model,
            o.fault,
            department_name(o.department),
            name_of(o.technician_id) if o.technician_id else "",
            o.outside_company,
            o.asked_at,
            o.planned_at,
            o.purchased_on,
            o.warranty_until,
            o.hours,
            o.charge,
            o.paid,
            o.invoice_number,
            o.invoiced,
            o.handed_in_at,
            o.accepted_at,
            o.accepted_by,
        )
        for o in rows
    ]


def colleagues() -> list[Card]:
    """Whom a field for a person offers."""
    return [card for card in reference.staff().cards.values() if card.active]


def blank(case: Case | None, viewer: Viewer) -> forms.NewOrderForm:
    """The form to ask for an order, filled from the case: nothing is typed twice (CP-30)."""
    if case is None:
        return forms.NewOrderForm.blank()
    shown = phones.of_case(case, viewer)
    return forms.NewOrderForm.blank(
        masked=phones.in_part(shown),
        case=case.number,
        department=case.department or "",
        urgent=case.is_urgent,
        customer_name=case.customer_name,
        customer_phone=shown["phone"],
        customer_address=case.customer_address,
        fault=case.content[:2000],
    )


def edit_form(order: Order, viewer: Viewer) -> forms.EditForm:
    """The sheet as it stands, in the fields that may be mended; the number as the page shows it (RC-20)."""
    shown = phone_of(order, viewer)
    told = {name: getattr(order, name) for name in actions.EDITABLE} | {"customer_phone": shown["phone"]}
    return forms.EditForm.blank(masked=phones.in_part(shown), version=order.version, **told)


def compared(order: Order, form: forms.EditForm) -> list[tuple[Any, str, str]]:
    """What was typed beside what is stored now, where they differ: label, typed, stored."""
    kept = {name: getattr(order, name) for name in actions.EDITABLE}
    if form.masked:
        kept["customer_phone"] = customers.masked(order.customer_phone)
    rows = [(form[name], form[name].data, kept[name]) for name in actions.EDITABLE]
    return [
        (field.label.text, _shown(typed), _shown(stored)) for field, typed, stored in rows if typed != stored
    ]


def _shown(value: Any) -> str:
    return str(clock.local(value))[:16] if isinstance(value, datetime) else str(value or "")


def form_for(order: Order, verb: str, *, sent: bool = False) -> VerbForm:
    """The form of a verb on this order: the decision's when outside help waits for consent."""
    kind = forms.ConsentForm if verb == "outside" and order.outside_asked else forms.FORMS[verb]
    more: dict[str, Any] = {}
    if issubclass(kind, forms.SwapForm | forms.GiveBackForm):
        # A form that comes again may name what is gone by now: the action says so, or knows the form.
        taken = [row for row in queries.entries(order) if row.kind is EntryKind.TAKEN] if order.things else []
        more["things"] = [(str(row.id), f"{row.receipt} {row.what}") for row in taken if sent or not row.fate]
    if not sent:
        if verb == "invoice":
            more["amount"] = order.paid or order.charge or None
        if verb == "done":
            more |= {"result": order.result, "paid": order.paid}
        if verb == "assign":
            more["planned_at"] = order.planned_at
    return kind.of_request(**more) if sent else kind.blank(**more)


def card(order: Order, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that _card.html draws, however it is reached. `tried` is a form that came back wrong."""
    now = clock.now()
    do = do.removeprefix(PREFIX)  # my day leads here with a name of its own
    steps = ORDER.open_to(order, viewer)
    verbs = [step.verb for step in steps]
    if do not in verbs or do == "edit":
        do = next((verb for verb in verbs if verb in MAIN and not _settled(order, verb, viewer)), "")
    entries = queries.entries(order)
    phone = phone_of(order, viewer)
    return {
        "order": order,
        "thing": order,
        **phone,
        "case": order.case,
        "case_visible": cases.still_visible(order.case, viewer),
        "verbs": VERBS,
        "steps": [step for step in steps if step.verb != "edit"],
        "may_edit": "edit" in verbs,
        "do": do,
        "form": tried or (form_for(order, do) if do else None),
        "people": colleagues(),
        "blocks": [errors.say(reason) for reason in rules.what_is_open(order)] if "accept" in verbs else [],
        "left": time_left(order.planned_at, order.asked_at, now) if order.state in UNDONE else None,
        "works": [row for row in entries if row.kind is EntryKind.WORK],
        "things": [row for row in entries if row.kind is EntryKind.TAKEN],
        "swaps": [row for row in entries if row.kind is EntryKind.SWAP],
        "under_warranty": rules.under_warranty(order.warranty_until, order.reported_on),
        "timeline": [_told(event, whole=bool(phone["whole_number"])) for event in history.events(order)],
        "closed": order.state in CLOSED,
        "name_of": name_of,
        "department_name": department_name,
        "tone": STATE_TONES[order.state],
        "clause_title": clause_title,
        "yuan": yuan,
        "here": url_for("complaints.order", order_number=order.number),
        "page_address": f"/complaints/orders/{order.number}",
    }


def _settled(order: Order, verb: str, viewer: Viewer) -> bool:
    """Main verbs that this person need not or should not do now: their form is not the one to open."""
    return {
        "approve": order.asked_by_id == viewer.id,
        "assign": order.state is not OrderState.APPROVED or order.outside_asked,
        "outside": not order.outside_asked or order.outside_asked_by_id == viewer.id,
        "invoice": bool(order.invoice_number) or not order.charge,
        "done": not order.works,
    }.get(verb, False)


def phone_of(order: Order, viewer: Viewer) -> dict[str, str]:
    """RC-20: the number whole while the order is open, for whoever carries it out or asked for it."""
    whose = (order.technician_id, order.asked_by_id)
    calls = phones.calls_customer(viewer, whose, order.department)
    return phones.whole(order, order.state not in CLOSED and calls)


def _told(event: history.Event, *, whole: bool) -> dict[str, Any]:
    """One line of history in the language of the page."""
    words = event.words
    if event.event == "order:ask":
        words = {name: text for name, text in words.items() if name not in UNTOLD}
    return timeline.line(event, "order", BAD, words=words, whole=whole)


def sheet(order: Order, viewer: Viewer) -> dict[str, Any]:
    """What the A4 order sheet and the receipt show; of the phone number what the order's page shows (RC-20)."""
    entries = queries.entries(order)
    return {
        "order": order,
        "phone": phone_of(order, viewer)["phone"],
        "works": [row for row in entries if row.kind is EntryKind.WORK],
        "things": [row for row in entries if row.kind is EntryKind.TAKEN],
        "swaps": [row for row in entries if row.kind is EntryKind.SWAP],
        "under_warranty": rules.under_warranty(order.warranty_until, order.reported_on),
        "name_of": name_of,
        "department_name": department_name,
        "yuan": yuan,
        "form_number": FORM_NUMBER,
    }
