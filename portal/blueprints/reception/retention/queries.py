"""What is looked at for RC-20: what is past its term, what is kept of one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.privacy import gone_home
from portal.blueprints.reception.retention import rules
from portal.blueprints.reception.traces import KEEPERS, Keeper, Person
from portal.kernel import clock, customers, lists, mentions, policies, reference
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.lists import PAGE, Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.workflow import Reason

V = Visit.__table__.c
LEFT_OUT = 50  # named one by one
ROW = (
    V.id, V.number, V.day, V.category, V.state, V.visitor_name, V.company, V.phone, V.purpose, V.arrived_at, V.left_at,
    V.outstanding, V.customer_id,
)  # fmt: skip


def until(now: datetime) -> str:
    """The last day whose visits are past their term."""
    days = policies.number("retention.visits_days", now)
    return rules.last_day(clock.local(now).date(), days).isoformat()


def past_term(now: datetime) -> sa.ColumnElement[bool]:
    """Visits with names whose term is over."""
    return sa.and_(V.day <= until(now), V.anonymised_at.is_(None))


def ripe(now: datetime) -> sa.ColumnElement[bool]:
    """Those of them that may be forgotten."""
    return sa.and_(past_term(now), gone_home())


def months(now: datetime) -> list[tuple[str, int]]:
    """How many may be forgotten, by month."""
    month = sa.func.substr(V.day, 1, 7)
    counted = sa.select(month, sa.func.count()).where(ripe(now)).group_by(month).order_by(month)
    return [(name, count) for name, count in db.session.execute(counted)]


def left_out(now: datetime) -> list[Any]:
    """Visits past their term that are not over, or of which something is still here."""
    rows = sa.select(*ROW).where(past_term(now), sa.not_(gone_home()))
    return list(db.session.execute(rows.order_by(V.day, V.id).limit(LEFT_OUT)))


@dataclass(frozen=True)
class RipeList(Listing):
    """Visits that may be forgotten, a page of them."""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> RipeList:
        """The page an address asks for."""
        return cls(viewer, before=lists.number(args.get("before")), after=lists.number(args.get("after")))

    def page(self, now: datetime) -> tuple[list[Any], str | None, str | None]:
        """Rows, and the query strings of the newer and the older page."""
        wanted = self.placed(sa.select(*ROW).where(ripe(now)), V.id)
        return self.paged(list(db.session.execute(wanted.limit(PAGE + 1))))


def oldest(now: datetime, most: int) -> list[int]:
    """The oldest visits that may be forgotten."""
    return list(db.session.scalars(sa.select(V.id).where(ripe(now)).order_by(V.day, V.id).limit(most)))


def locked(ids: Iterable[int]) -> list[Visit]:
    """These visits for a change. Inside a write."""
    return list(
        db.session.scalars(
            sa.select(Visit).where(Visit.id.in_(list(ids))).order_by(Visit.id).with_for_update()
        )
    )


def _ripe_things(keeper: Keeper, now: datetime) -> sa.ColumnElement[bool]:
    """What a part keeps of people and belongs to no visit, is settled, and as old as visits past their term."""
    next_day = date.fromisoformat(until(now)) + timedelta(days=1)
    nobodys = sa.true() if keeper.visit is None else keeper.visit.is_(None)
    return sa.and_(keeper.there, keeper.over, nobodys, keeper.at < lists.begins(next_day))


def other_things(now: datetime) -> list[tuple[Keeper, int]]:
    """How many names past their term stand elsewhere, by the part that keeps them; one statement."""
    counts = [
        sa.select(sa.literal(keeper.key), sa.func.count())
        .select_from(keeper.model)
        .where(_ripe_things(keeper, now))
        for keeper in _by_term()
    ]
    found = {row[0]: row[1] for row in db.session.execute(sa.union_all(*counts))}
    return [(keeper, found[keeper.key]) for keeper in _by_term() if found[keeper.key]]


def oldest_things(keeper: Keeper, now: datetime, most: int) -> list[Any]:
    """The oldest of them that one part keeps, for a change. Inside a write."""
    wanted = sa.select(keeper.model).where(_ripe_things(keeper, now)).order_by(keeper.at, keeper.model.id)
    return list(db.session.scalars(wanted.limit(most).with_for_update(of=keeper.model)))


def _by_term() -> list[Keeper]:
    return [keeper for keeper in KEEPERS if keeper.by_term]


def reminded(now: datetime) -> bool:
    """True when somebody of the office was told this month, in company time, that terms are over."""
    month = lists.begins(clock.local(now).date().replace(day=1))
    office = reference.staff().with_role(Role.OFFICE)
    told = sa.select(Notice.id).where(
        Notice.person_id.in_(office), Notice.kind == "visit:term_over", Notice.at >= month
    )
    return db.session.scalar(told.limit(1)) is not None


# -- one person ---------------------------------------------------------------------------------------------------


class Trace(NamedTuple):
    """One thing that is kept of a person; `over` says whether it can be forgotten."""

    keeper: Keeper
    id: int
    number: str
    name: str
    phone: str
    at: datetime
    visit_id: int | None
    over: bool

    @property
    def address(self) -> str:
        """Where it is looked at."""
        return self.keeper.page.format(number=self.number, id=self.id)


@dataclass(frozen=True)
class Found:
    """What is kept of whom somebody asks about; `unsure` was found by a name that somebody else has too."""

    person: Person  # with the name that goes with the number
    against: list[Reason]
    traces: list[Trace]
    unsure: list[Trace]

    @property
    def leaving(self) -> list[Trace]:
        """What can be forgotten now; a card only when nothing else stays."""
        stays = any(not trace.over for trace in self.traces)
        return [trace for trace in self.traces if trace.over and not (stays and trace.keeper.last)]

    def shown(self, trace: Trace) -> str:
        """Who a thing names, as the page lists it: of a text the piece that is about the person, numbers in part."""
        if not trace.keeper.within:
            return trace.name
        found = mentions.pieces(trace.name, self.person.name, self.person.phone)
        return ", ".join(
            mentions.NUMBER.sub(lambda number: customers.masked(number[0]), piece) for piece in found
        )

    def ids(self, key: str) -> list[int]:
        """The ids of what one keeper has."""
        return [trace.id for trace in self.traces if trace.keeper.key == key]


def find(person: Person) -> Found:
    """Everything that the parts of reception keep of a person, newest first; three statements at most.

    Who is meant is told by what has a place for a phone number; what has none, and what lacks one, is found by the
    name. Where that name is known with another number too, nobody can say whose it is.
    """
    if not person.asks:
        return Found(person, [], [], [])
    numbered = [keeper for keeper in KEEPERS if keeper.phone is not None]
    sure, many = _traces([keeper.rows(*_like(keeper, person)) for keeper in numbered], person)
    against = rules.several_people((trace.name, trace.phone) for trace in sure)
    names = {trace.name for trace in sure} - {""}
    if not person.name and len(names) == 1:
        person = replace(person, name=names.pop())
    alone, more = _traces(list(_by_name(person)), person)
    theirs = {trace.id for trace in (*sure, *alone) if trace.keeper.key == "visits"}
    # What belongs to one of the visits goes with it.
    alone = [trace for trace in alone if trace.visit_id not in theirs]
    sure = [trace for trace in sure if trace.visit_id not in theirs]
    doubtful = bool(alone) and mentions.digits(person.phone) != "" and _has_namesake(numbered, person)
    every = [*sure, *([] if doubtful else alone)]
    refused = [reason for reason in (against, rules.too_many(max(many, more))) if reason]
    return Found(person, refused, _newest_first(every), _newest_first(alone) if doubtful else [])


def _newest_first(traces: list[Trace]) -> list[Trace]:
    return sorted(traces, key=lambda trace: (trace.at, trace.id), reverse=True)


def _traces(wanted: list[sa.Select[Any]], person: Person) -> tuple[list[Trace], int]:
    """What one statement finds, and how many rows were looked at for it."""
    if not wanted:
        return [], 0
    every = sa.union_all(*wanted).subquery()
    newest = sa.select(every).order_by(every.c.at.desc(), every.c.id.desc()).limit(rules.MOST + 1)
    keepers = {keeper.key: keeper for keeper in KEEPERS}
    found = [Trace(keepers[row.key], *row[1:]) for row in db.session.execute(newest)]
    return [trace for trace in found if _is_meant(trace, person)], len(found)


def _is_meant(trace: Trace, person: Person) -> bool:
    """The database compared the end of a number and looked for a name anywhere in a text."""
    if trace.keeper.within:
        return person.named(trace.name)
    return not trace.phone or person.called(trace.phone)


def _like(keeper: Keeper, person: Person) -> Iterable[sa.ColumnElement[bool]]:
    """Called so, with that number; where nobody wrote a name down the number says it."""
    numbered = bool(mentions.digits(person.phone))
    if person.name:
        yield keeper.name.in_([person.name, ""]) if numbered else keeper.name == person.name
    if numbered:
        tail = customers.tail(person.phone)
        yield keeper.tail == tail if tail else keeper.phone == person.phone


def _by_name(person: Person) -> Iterator[sa.Select[Any]]:
    number = mentions.digits(person.phone)
    for keeper in KEEPERS:
        if keeper.name is None or not (person.name or keeper.within):
            continue
        if keeper.within:
            sought = [text for text in (person.name, number) if text]
            yield keeper.rows(sa.or_(*(keeper.name.contains(text, autoescape=True) for text in sought)))
        elif keeper.phone is None:
            yield keeper.rows(keeper.name == person.name)
        elif number:
            yield keeper.rows(keeper.name == person.name, keeper.phone == "")


def _has_namesake(numbered: Iterable[Keeper], person: Person) -> bool:
    """True when somebody else of that name is known, by another number."""
    number = mentions.digits(person.phone)
    others = [
        sa.exists().where(
            keeper.there,
            keeper.name == person.name,
            keeper.phone != "",
            sa.func.replace(sa.func.replace(keeper.phone, " ", ""), "-", "") != number,
        )
        for keeper in numbered
    ]
    return bool(person.name and db.session.scalar(sa.select(sa.or_(*others))))


def _names_no_other(row: Any, keeper: Keeper, person: Person) -> bool:
    name = getattr(row, keeper.name.key)
    return name in ("", person.name) or (keeper.within and person.named(name))


def belongings(keeper: Keeper, found: Found) -> list[Any]:
    """What a keeper has under the person's visits and cards, but for what somebody else is named in."""
    for column, key in ((keeper.visit, "visits"), (keeper.card, "cards")):
        if column is not None and (ids := found.ids(key)):
            rows = db.session.scalars(sa.select(keeper.model).where(column.in_(ids), keeper.there))
            return [row for row in rows if keeper.name is None or _names_no_other(row, keeper, found.person)]
    return []
