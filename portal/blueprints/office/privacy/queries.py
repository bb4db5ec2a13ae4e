"""What the privacy pages ask: the register with its terms, requests, who looked at what is masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.office.privacy.models import PersonRequest
from portal.kernel import clock, forgetting, history, lists, personal_data, policies, reference
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.history import Line
from portal.kernel.lists import Listing
from portal.kernel.people import Card, Viewer
from portal.kernel.personal_data import Kept, Subject, Unit
from portal.kernel.rights import Role

SAMPLE = 20  # rows named one by one before anything goes


def before(kept: Kept, now: datetime) -> datetime | None:
    """Until when the term of a class is over; None where it has none in days."""
    if not kept.figure:
        return None
    number = policies.number(kept.figure, now)
    match kept.unit:
        case Unit.HOURS:
            return now - timedelta(hours=number)
        case Unit.DAYS:
            return now - timedelta(days=number)
    return now - timedelta(days=365 * number)


@dataclass(frozen=True)
class Entry:
    """One class as the register draws it."""

    kept: Kept
    term: str  # the figure in force, without its unit
    ripe: int | None  # past the term, of those classes that are ended here


def register(now: datetime) -> list[Entry]:
    """Every class with its term, and how much of it is past that; one statement."""
    ended = [kept for kept in personal_data.REGISTER.values() if kept.by_class]
    counts = dict.fromkeys((kept.key for kept in ended), 0)
    wanted = [
        sa.select(sa.literal(kept.key), sa.func.count()).select_from(rows.subquery())
        for kept in ended
        for rows in _ripe(kept, now)
    ]
    for key, count in db.session.execute(sa.union_all(*wanted)) if wanted else ():
        counts[key] += count
    return [
        Entry(kept, policies.value(kept.figure, now) if kept.figure else "", counts.get(kept.key))
        for kept in personal_data.REGISTER.values()
    ]


def _ripe(kept: Kept, now: datetime) -> list[sa.Select[Any]]:
    until = before(kept, now)
    found = [forgetting.ripe(place, until) for place in kept.places] if until else []
    return [rows for rows in found if rows is not None]


def by_class(key: str) -> Kept:
    """A class whose words the office ends from here. NotFound for any other."""
    kept = personal_data.REGISTER.get(key)
    if kept is None or not kept.by_class:
        raise NotFound
    return kept


def past_term(
    kept: Kept, now: datetime
) -> tuple[int, list[tuple[str, int]], list[tuple[str, datetime | None]]]:
    """How many rows of a class are past their term, how many by table, and the oldest of them."""
    until = before(kept, now)
    if until is None:
        return 0, [], []
    pairs = [(place, rows) for place in kept.places if (rows := forgetting.ripe(place, until)) is not None]
    counts = [
        sa.select(sa.literal(place.table), sa.func.count()).select_from(rows.subquery())
        for place, rows in pairs
    ]
    tables = [(table, count) for table, count in db.session.execute(sa.union_all(*counts)) if count]
    there = dict(tables)
    sample: list[tuple[str, datetime | None]] = []
    for place, rows in [pair for pair in pairs if pair[0].table in there][:3]:
        oldest = db.session.execute(rows.order_by("at").limit(SAMPLE)).mappings()
        sample.extend((str(row["called"] or place.table), row["at"]) for row in oldest)
    return sum(there.values()), tables, sample[:SAMPLE]


# -- requests ---------------------------------------------------------------------------------------------------------


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Requests are the general office's; nobody there reads the one about themselves."""
    if viewer.role is not Role.OFFICE:
        return sa.false()
    return sa.or_(PersonRequest.person_id.is_(None), PersonRequest.person_id != viewer.id)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> PersonRequest:
    """One request that the viewer may see. NotFound."""
    wanted = sa.select(PersonRequest).where(PersonRequest.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def load(request_id: int) -> PersonRequest:
    """The request, locked for this write."""
    return db.session.get_one(PersonRequest, request_id, with_for_update=True)


def others(request_id: int) -> Sequence[PersonRequest]:
    """The other requests that list something, locked for this write."""
    listing = sa.select(PersonRequest).where(PersonRequest.id != request_id, PersonRequest.found != "[]")
    return db.session.scalars(listing.order_by(PersonRequest.id).with_for_update()).all()


@dataclass(frozen=True)
class RequestList(Listing):
    """Requests, the newest first."""

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> RequestList:
        """The page of an address."""
        return cls(viewer, before=lists.number(query.get("before")), after=lists.number(query.get("after")))

    def page(self) -> tuple[list[PersonRequest], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        wanted = sa.select(PersonRequest).where(visible_to(self.viewer))
        placed = self.placed(wanted, PersonRequest.__table__.c.id)
        return self.paged(list(db.session.scalars(placed.limit(lists.PAGE + 1))))


def card(username: str) -> Card | None:
    """Somebody of that user name, also one who has left."""
    return reference.staff().by_username(username)


def due_again(now: datetime) -> Sequence[int]:
    """The requests for which something that was held may be free by now."""
    due = sa.select(PersonRequest.id).where(PersonRequest.look_again_at <= now)
    return db.session.scalars(due.order_by(PersonRequest.id)).all()


def left_at(person_id: int) -> datetime | None:
    """Since when somebody has left: the last time that the history says so."""
    ours = (Line.subject_kind == "person", Line.subject_id == person_id, Line.event == "person:status")
    rows = sa.select(Line.at, Line.details).where(*ours).order_by(Line.id.desc())
    for at, details in db.session.execute(rows):
        if '"status":"departed"' in details:
            return at
    return None


# -- looks --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LookList(Listing):
    """Looks at what is masked, and data that were handed over, the newest first."""

    person: str = ""  # a user name

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> LookList:
        """The filters of an address."""
        places = {name: lists.number(query.get(name)) for name in ("before", "after")}
        return cls(viewer, person=lists.words(query.get("person"), 64), **places)

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """Moment, who, kind and id of the subject, event; a page of them."""
        columns = (Line.id, Line.at, Line.by_id, Line.subject_kind, Line.subject_id, Line.event)
        wanted = cast("sa.Select[Any]", sa.select(*columns).where(history.LOOKS))
        if self.person:
            looked = card(self.person)
            wanted = wanted.where(Line.by_id == (looked.id if looked else -1))
        return self.paged(
            list(db.session.execute(self.placed(wanted, Line.__table__.c.id).limit(lists.PAGE + 1)))
        )


def numbers_of(subjects: Iterable[Subject]) -> dict[Subject, str]:
    """What things are called, one statement; those that have no number of their own are left out."""
    found: dict[Subject, str] = {}
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for kind, its_id in subjects:
        ids[kind].add(its_id)
    wanted: list[sa.Select[Any]] = []
    for kind, some in ids.items():
        model = forgetting.models_of_kinds().get(kind)
        if model is Customer:  # made of the id
            found |= {(kind, its_id): Customer(id=its_id).number for its_id in some}
        elif model is not None and "number" in model.__table__.c:
            wanted.append(sa.select(sa.literal(kind), model.id, model.number).where(model.id.in_(some)))
    rows = db.session.execute(sa.union_all(*wanted)) if wanted else ()
    return found | {(kind, its_id): number for kind, its_id, number in rows}


def looks_at(subjects: Sequence[tuple[str, int]], most: int = 200) -> list[Any]:
    """Who looked at these things: moment, who, event; newest first."""
    if not subjects:
        return []
    ours = sa.tuple_(Line.subject_kind, Line.subject_id).in_(list(subjects))
    wanted = sa.select(Line.at, Line.by_id, Line.event).where(ours, history.LOOKS)
    return list(db.session.execute(wanted.order_by(Line.id.desc()).limit(most)))


def day(at: datetime | None) -> str:
    """A day as lists show it; a dash where none is known."""
    return f"{clock.local(at):%Y-%m-%d}" if at else "—"
