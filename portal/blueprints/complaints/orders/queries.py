"""Which service orders a page lists, and for whom. Who may see a case sees its orders; so do those who carry them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders.codes import OPEN, UNDONE, EntryKind, OrderKind, OrderState
from portal.blueprints.complaints.orders.models import Entry, Order
from portal.blueprints.complaints.reach import visible_to as sees_case
from portal.kernel import lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

MOST_EXPORTED = 10_000


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of an order; its case must be among the statement's tables.

    Whoever may see the case, the technician, and the leads of the department that carries the order out; never the
    person whom the case complains about (CP-09), and of a confidential tip-off only the general office (CP-04).
    """
    about_others = sa.or_(Case.person_concerned_id.is_(None), Case.person_concerned_id != viewer.id)
    carries_out = sa.or_(Order.technician_id == viewer.id, Order.department.in_(viewer.leads))
    if viewer.role is not Role.OFFICE:
        carries_out = sa.and_(carries_out, sa.not_(Case.confidential))
    return sa.or_(sees_case(viewer), sa.and_(about_others, carries_out))


def with_case(statement: sa.Select[Any]) -> sa.Select[Any]:
    """The statement with the orders' cases beside them, which `visible_to` asks about."""
    return statement.join(Case, Case.id == Order.case_id)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Order:
    """The order of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    rows = with_case(sa.select(Order).where(Order.number == number, visible_to(viewer)))
    if lock:
        rows = rows.with_for_update(of=Order)
    order: Order | None = db.session.scalars(rows).one_or_none()
    if order is None:
        raise NotFound
    return order


def still_visible(order: Order, viewer: Viewer) -> bool:
    """True when the viewer may still see an order after what they did to it."""
    rows = with_case(sa.select(Order.id).where(Order.id == order.id, visible_to(viewer)))
    return db.session.scalar(rows) is not None


def entries(order: Order) -> list[Entry]:
    """Everything put down on the way, oldest first."""
    return list(db.session.scalars(sa.select(Entry).where(Entry.order_id == order.id).order_by(Entry.id)))


def works(order: Order) -> list[Entry]:
    """The parts and hours of an order."""
    ours = sa.select(Entry).where(Entry.order_id == order.id, Entry.kind == EntryKind.WORK)
    return list(db.session.scalars(ours.order_by(Entry.id)))


def thing(order: Order, entry_id: int) -> Entry | None:
    """A thing that was taken in and is still here."""
    row = db.session.get(Entry, entry_id)
    ours = row is not None and row.order_id == order.id and row.kind is EntryKind.TAKEN
    return row if ours and row is not None and row.fate is None else None


def of_case(case_id: int) -> list[Order]:
    """Every order of a case, whoever asks; for what happens to the case itself."""
    return list(db.session.scalars(sa.select(Order).where(Order.case_id == case_id).order_by(Order.id)))


def closed_repairs(since: datetime, until: datetime) -> list[Order]:
    """The repairs that customers accepted in a span, oldest first: what a spot check may draw from.

    Left out are those of confidential cases, which are the general office's alone, and of cases disposed of.
    """
    rows = with_case(sa.select(Order)).where(
        sa.not_(Case.confidential),
        Case.disposed_at.is_(None),
        Order.kind == OrderKind.REPAIR,
        Order.state == OrderState.ACCEPTED,
        Order.accepted_at >= since,
        Order.accepted_at < until,
    )
    return list(db.session.scalars(rows.order_by(Order.id)))


@dataclass(frozen=True)
class OrderList(Listing):
    """The filters of the list page."""

    words: str = ""
    state: str = ""
    department: str = ""
    kind: str = ""
    technician: str = ""
    case: str = ""
    overdue: bool = False
    mine: bool = False
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> OrderList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            state=lists.code(args.get("state"), (*OrderState, "open")),
            department=lists.code(args.get("department"), reference.staff().departments),
            kind=lists.code(args.get("kind"), tuple(OrderKind)),
            technician=lists.words(args.get("technician"), 64),
            case=lists.words(args.get("case"), 24),
            overdue=args.get("overdue") == "1",
            mine=args.get("mine") == "1",
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def conditions(self, now: datetime) -> list[sa.ColumnElement[bool]]:
        """What every row must fulfil, reach first."""
        card = reference.staff().by_username(self.technician) if self.technician else None
        wanted = [
            (True, visible_to(self.viewer)),
            (self.state == "open", Order.state.in_(OPEN)),
            (self.state not in {"", "open"}, Order.state == self.state),
            (self.department, Order.department == self.department),
            (self.kind, Order.kind == self.kind),
            (self.technician, Order.technician_id == (card.id if card else 0)),
            (self.case, Case.number == self.case),
            (self.overdue, sa.and_(Order.planned_at < now, Order.state.in_(UNDONE))),
            (self.mine, sa.or_(Order.technician_id == self.viewer.id, Order.asked_by_id == self.viewer.id)),
            (self.words, self._said()),
            (self.since, Order.asked_at >= lists.begins(self.since or date.max)),
            (self.until, Order.asked_at < lists.begins(self.until or date.min, days_later=1)),
        ]
        return [condition for asked, condition in wanted if asked]

    def _said(self) -> sa.ColumnElement[bool]:
        places = (
            Order.number,
            Case.number,
            Order.customer_name,
            Order.customer_phone,
            Order.model,
            Order.fault,
        )
        return sa.or_(*(place.icontains(self.words, autoescape=True) for place in places))

    def rows(self, now: datetime, most: int) -> list[Order]:
        """The orders, newest first, from where the address says; one statement."""
        rows = with_case(sa.select(Order)).where(*self.conditions(now))
        return list(db.session.scalars(self.placed(rows, Order.__table__.c.id).limit(most)))

    def page(self, now: datetime) -> tuple[list[Order], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(self.rows(now, lists.PAGE + 1))
