"""Which service orders a page lists, and for whom. Who may see a case sees its orders; so do those who carry them out."""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders.codes import OPEN, UNDONE, EntryKind, OrderKind, OrderState
from portal.blueprints.complaints.orders.models import Entry, Order
from portal.blueprints.complaints.queries import Event
from portal.kernel import clock, history, reference
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

PAGE = 50
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
    return sa.or_(cases.visible_to(viewer), sa.and_(about_others, carries_out))


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


def sent_before(by: Viewer, key: str) -> Entry | None:
    """The entry that a form with this key made."""
    rows = sa.select(Entry).where(Entry.by_id == by.id, Entry.idempotency_key == key)
    return db.session.scalars(rows).one_or_none()


def of_case(case_id: int) -> list[Order]:
    """Every order of a case, whoever asks; for what happens to the case itself."""
    return list(db.session.scalars(sa.select(Order).where(Order.case_id == case_id).order_by(Order.id)))


def events(order: Order, limit: int = 200) -> list[Event]:
    """The history of an order, newest first."""
    columns = (
        history.Line.id,
        history.Line.at,
        history.Line.by_id,
        history.Line.event,
        history.Line.clause,
        history.Line.details,
        history.Text.words,
    )
    rows = (
        sa.select(*columns)
        .outerjoin(history.Text, history.Text.line_id == history.Line.id)
        .where(history.Line.subject_kind == "order", history.Line.subject_id == order.id)
        .order_by(history.Line.id.desc())
        .limit(limit)
    )
    return [
        Event(i, at, by, event, clause, json.loads(details), json.loads(words) if words else {})
        for i, at, by, event, clause, details, words in db.session.execute(rows)
    ]


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
class OrderList:
    """The filters of the list page: read from the address, made into one statement, written back into links."""

    viewer: Viewer
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
    before: int | None = None
    after: int | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> OrderList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=args.get("words", "").strip().replace("\0", "")[:100],
            state=_code(args.get("state"), (*OrderState, "open")),
            department=_code(args.get("department"), reference.staff().departments),
            kind=_code(args.get("kind"), tuple(OrderKind)),
            technician=args.get("technician", "").strip().replace("\0", "")[:64],
            case=args.get("case", "").strip().replace("\0", "")[:24],
            overdue=args.get("overdue") == "1",
            mine=args.get("mine") == "1",
            since=_date(args.get("since")),
            until=_date(args.get("until")),
            before=_id(args.get("before")),
            after=_id(args.get("after")),
        )

    def address(self, **changes: Any) -> str:
        """The query string of this list with changes; empty filters left out, and the place unless given."""
        other = replace(self, **({"before": None, "after": None} | changes))
        names = ("words", "state", "department", "kind", "technician", "case", "since", "until")
        given = {n: getattr(other, n) for n in (*names, "before", "after") if getattr(other, n) is not None}
        given = {n: value for n, value in given.items() if value != ""}
        return urlencode(given | {n: 1 for n in ("overdue", "mine") if getattr(other, n)})

    @property
    def filtered(self) -> bool:
        """True when something is left out."""
        return bool(self.address())

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
            (self.since, Order.asked_at >= _start(self.since)),
            (self.until, Order.asked_at < _start(self.until, after=1)),
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
        if self.after is not None:
            newer = rows.where(Order.id > self.after).order_by(Order.id).limit(most)
            return list(db.session.scalars(newer))
        if self.before is not None:
            rows = rows.where(Order.id < self.before)
        return list(db.session.scalars(rows.order_by(Order.id.desc()).limit(most)))

    def page(self, now: datetime) -> tuple[list[Order], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        found = self.rows(now, PAGE + 1)
        more, shown = len(found) > PAGE, found[:PAGE]
        if self.after is not None:
            shown.reverse()
        has_newer = more if self.after is not None else self.before is not None and bool(shown)
        has_older = bool(shown) if self.after is not None else more
        newer = self.address(after=shown[0].id) if has_newer else None
        older = self.address(before=shown[-1].id) if has_older else None
        return shown, newer, older


def _start(day: date | None, after: int = 0) -> datetime:
    """When a day begins in company time."""
    return datetime.combine((day or date.min) + timedelta(days=after), time(), clock.zone())


def _code(text: str | None, known: Container[str]) -> str:
    return text if text and text in known else ""


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and 1900 <= found.year < 2200 else None


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
