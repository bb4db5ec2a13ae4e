"""What the kernel asks about service orders, what waits for whom, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.complaints.orders import queries, rules
from portal.blueprints.complaints.orders.models import Order
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Pauses, Told

# Verbs of cases and orders share the table of todos, and some have the same name.
PREFIX = "order-"


class OrderWatch:
    """The area's answers to the timers; no limit runs on an order, its planned time is shown instead."""

    def load(self, subject_id: int) -> Order | None:
        """The order, locked for this write."""
        rows = sa.select(Order).where(Order.id == subject_id).with_for_update(of=Order)
        return db.session.scalars(rows).one_or_none()

    def told(self, subject: Order, audience: str) -> Told:
        """The persons behind an audience's name; where nobody may act, the general manager, then the general office."""
        staff, order = reference.staff(), subject
        asked_by = order.outside_asked_by_id if order.outside_asked else order.asked_by_id
        leads, office = staff.leads_of(order.department), staff.with_role(Role.OFFICE)
        manager = staff.holding(Position.GENERAL_MANAGER)
        technician = [order.technician_id] if order.technician_id else []
        rungs = {
            "technician": [[i for i in technician if staff.active(i)], leads],
            "desk": [staff.with_role(Role.DESK)],
            "lead": [leads],
            "approver": [[i for i in leads if i != asked_by], [i for i in manager if i != asked_by]],
        }
        if order.case.confidential:
            return Told(*staff.climb([office], order.case.person_concerned_id))
        return Told(*staff.climb([*rungs[audience], manager, office], order.case.person_concerned_id))

    def address(self, subject: Order) -> str:
        """Where the order is dealt with; links in notices need no request."""
        return f"/complaints/orders/{subject.number}"

    def start(self, subject: Order, kind: str, now: datetime) -> None:
        """No limit runs on an order."""
        raise LookupError(f"an order has no limit {kind}")

    def pauses(self, subject: Order) -> Pauses:
        """An order waits for nobody's clock."""
        return []

    def clocks_moved(self, subject: Order, now: datetime) -> None:
        """Put up what waits for whom; after every change."""
        put_up(subject, now)


WATCH = OrderWatch()
timers.WATCHED["order"] = WATCH


def put_up(order: Order, now: datetime) -> None:
    """Make *my day* say what the order waits for."""
    wanted = [
        todos.Wanted(f"{PREFIX}{verb}", audience, order.planned_at, order.asked_at)
        for verb, whose in rules.waiting(order)
        for audience in _audiences(order, whose)
    ]
    todos.replace(
        order,
        wanted,
        now=now,
        title=title(order),
        address=WATCH.address(order),
        urgent=order.urgent,
        barred_id=order.case.person_concerned_id,
    )


def _audiences(order: Order, whose: str) -> list[str]:
    """The names under which it waits: a role's where somebody of it may act, else who is next above."""
    if order.case.confidential:
        return ["office"]
    staff, concerned = reference.staff(), order.case.person_concerned_id
    if whose == "desk":
        return ["desk"]
    if whose == "technician" and order.technician_id and staff.active(order.technician_id):
        return [f"person:{order.technician_id}"]
    leads = staff.leads_of(order.department)
    asked_by = order.outside_asked_by_id if order.outside_asked else order.asked_by_id
    if whose == "approver" and asked_by in leads:  # who asked does not decide, a deputy may
        others = [f"person:{i}" for i in leads if i not in {asked_by, concerned}]
        return others or ["manager"]
    return [f"lead:{order.department}"] if set(leads) - {concerned} else ["manager"]


def title(order: Order) -> str:
    """What an order is about, in a few words."""
    return " ".join(f"{order.model} {order.fault}".split())[:60]


def about(viewer: Viewer, order_ids: Collection[int]) -> dict[int, str]:
    """The titles of these orders, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Order.id, Order.model, sa.func.substr(Order.fault, 1, 200)).where(
        Order.id.in_(order_ids), queries.visible_to(viewer)
    )
    found = db.session.execute(queries.with_case(shown))
    return {order_id: " ".join(f"{model} {fault}".split())[:60] for order_id, model, fault in found}


inbox.ABOUT["order"] = about


def tell(order: Order, audiences: Iterable[str], kind: str, now: datetime, *, but: int | None = None) -> None:
    """Put a message about the order into the inboxes behind these audiences."""
    people = [i for audience in audiences for i in WATCH.told(order, audience).people]
    tell_people(order, people, kind, now, but=but)


def tell_people(
    order: Order, people: Iterable[int | None], kind: str, now: datetime, *, but: int | None = None
) -> None:
    """The same for these persons; never the person whom the case complains about (CP-09)."""
    cards = reference.staff().cards
    chosen = [i for i in people if i is not None and i not in {but, order.case.person_concerned_id}]
    if order.case.confidential:
        chosen = [i for i in chosen if cards[i].role is Role.OFFICE]
    inbox.tell(
        chosen, kind, order, now=now, address=WATCH.address(order), urgent=order.urgent, clause="CP-30"
    )
