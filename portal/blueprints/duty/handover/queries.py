"""Handovers as pages show them, what they carry, what stands against them. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.handover.codes import Side, State
from portal.blueprints.duty.handover.models import Count, Handover, PostItem, Reading, Signature
from portal.blueprints.duty.log import queries as log
from portal.blueprints.duty.log import rules as log_rules
from portal.blueprints.duty.log.codes import Act
from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.blueprints.duty.rosters.models import Shift
from portal.i18n import called
from portal.kernel import handing, lists
from portal.kernel.db import db
from portal.kernel.handing import Open
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

SIDES = frozenset(str(side) for side in Side)
# What other parts have signed of a shift, by its id: rows as those of `_marks`, with a word of their own for the side.
# It is read with the signatures, for the page has no statement to spare.
BESIDE: list[Callable[[int], sa.Select[Any]]] = []


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a handover: the desk, the head, the department, the two shifts."""
    if log_rules.reads_every_post(viewer):
        return sa.true()
    departments = {viewer.department, *viewer.leads}
    theirs = sa.exists().where(Post.id == Handover.post_id, Post.department.in_(departments))
    own = sa.alias(Shift.__table__)
    planned = sa.alias(Shift.__table__)
    mine = sa.exists().where(
        planned.c.id.in_((Handover.outgoing_id, Handover.incoming_id)),
        own.c.post_id == planned.c.post_id,
        own.c.kind_id == planned.c.kind_id,
        own.c.starts_at == planned.c.starts_at,
        own.c.roster_id == planned.c.roster_id,
        own.c.person_id == viewer.id,
    )
    return sa.or_(theirs, mine)


def find(viewer: Viewer, handover_id: int, *, lock: bool = False) -> Handover:
    """The handover with its two shifts' people, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Handover).where(Handover.id == handover_id, visible_to(viewer))
    return _found(wanted.with_for_update(of=Handover) if lock else wanted)


def load(handover_id: int) -> Handover:
    """The handover for the portal's own hands, locked for this write."""
    return _found(sa.select(Handover).where(Handover.id == handover_id).with_for_update(of=Handover))


def _found(wanted: sa.Select[Handover]) -> Handover:
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    shifts = (found.outgoing, found.incoming)
    same = [
        sa.and_(
            Shift.roster_id == shift.roster_id,
            Shift.kind_id == shift.kind_id,
            Shift.starts_at == shift.starts_at,
        )
        for shift in shifts
    ]
    seats = sa.select(Shift.person_id, Shift.starts_at, ShiftKind).join(
        ShiftKind, ShiftKind.id == Shift.kind_id
    )
    rows = db.session.execute(seats.where(Shift.post_id == found.post_id, sa.or_(*same))).all()
    outgoing, incoming = (
        [row for row in rows if (row.ShiftKind.id, row.starts_at) == (shift.kind_id, shift.starts_at)]
        for shift in shifts
    )
    found.parties = (_people(outgoing), _people(incoming))
    found.shift_kinds = (outgoing[0].ShiftKind, incoming[0].ShiftKind)
    return found


def _people(seats: Iterable[Any]) -> frozenset[int]:
    return frozenset(seat.person_id for seat in seats if seat.person_id is not None)


# -- what a handover carries ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A thing of the post: how many there should be, how many were counted, what is said of the difference."""

    id: int
    name: str
    name_en: str
    should_be: int
    found: int | None
    explanation: str
    explained_by_id: int | None

    @property
    def differs(self) -> bool:
        """True when the count and the ledger disagree (DR-08)."""
        return self.found is not None and self.found != self.should_be


@dataclass(frozen=True)
class Mark:
    """A receipt or a signature: whose, when; of which side, or of which line."""

    number: str
    kind: str
    address: str
    side: str
    person_id: int
    at: datetime


@dataclass(frozen=True)
class Carried:
    """All that a handover hands on, as it stands now."""

    entries: list[Any]  # of the log: this shift's, and what earlier ones left open
    since: datetime
    items: list[Item]
    readings: dict[str, Mark]
    signatures: list[Mark]  # of this round
    lines: list[Open]
    beside: dict[str, Mark]  # what other parts have signed of the outgoing shift

    @property
    def notes(self) -> list[Any]:
        """The entries that are read; words about others come with them."""
        return [entry for entry in self.entries if entry.act is Act.NOTE]

    @property
    def numbers(self) -> list[str]:
        """Every line that the incoming shift reads."""
        return [*(entry.number for entry in self.notes), *(line.number for line in self.lines)]

    def facts(self) -> dict[str, Any]:
        """What the gates ask of it."""
        return {
            "entries": [entry for entry in self.notes if entry.at >= self.since],
            "unread": [number for number in self.numbers if number not in self.readings],
            "unexplained": [called(item) for item in self.items if item.differs and not item.explanation],
            "running": [entry.number for entry in self.notes if log_rules.runs(entry)],
            "faults": [entry.number for entry in self.notes if log_rules.needs_consent(entry)],
            "signatures": self.signatures,
        }


def carried(handover: Handover, now: datetime) -> Carried:
    """What a handover carries; once the duty has changed hands, what it carried then."""
    marks = _marks(handover)
    receipts = {mark.number: mark for mark in marks if not mark.side}
    handed = [Open(m.kind, m.number, m.address, "", None) for m in receipts.values() if m.kind]
    over = handover.state is State.SIGNED
    return Carried(
        entries=log.of_shift(handover.post_id, handover.outgoing.starts_at, handover.signed_at or now),
        since=handover.outgoing.starts_at,
        items=_items(handover),
        readings=receipts,
        signatures=[mark for mark in marks if mark.side in SIDES],
        beside={mark.side: mark for mark in marks if mark.side and mark.side not in SIDES},
        lines=handed if over else handing.open_at(handover.post.department, now),
    )


def _items(handover: Handover) -> list[Item]:
    ours = sa.and_(
        Count.item_id == PostItem.id,
        Count.handover_id == handover.id,
        Count.round == handover.counted_round,
    )
    columns = (
        PostItem.id, PostItem.name, PostItem.name_en, sa.func.coalesce(Count.should_be, PostItem.quantity), Count.found,
        sa.func.coalesce(Count.explanation, ""), Count.explained_by_id,
    )  # fmt: skip
    rows = (
        sa.select(*columns)
        .outerjoin(Count, ours)
        .where(PostItem.post_id == handover.post_id, sa.or_(PostItem.active, Count.id.is_not(None)))
        .order_by(PostItem.id)
    )
    return [Item(*row) for row in db.session.execute(rows)]


def _marks(handover: Handover) -> list[Mark]:
    nothing = sa.literal("")
    read = sa.select(
        Reading.number.label("number"),
        Reading.kind.label("kind"),
        Reading.address.label("address"),
        nothing.label("side"),
        Reading.by_id.label("person_id"),
        Reading.at.label("at"),
    ).where(Reading.handover_id == handover.id)
    signed = sa.select(
        nothing, nothing, nothing, sa.cast(Signature.side, sa.String), Signature.person_id, Signature.at
    ).where(Signature.handover_id == handover.id, Signature.round == handover.round)
    others = [tell(handover.outgoing_id) for tell in BESIDE]
    every: Any = sa.union_all(read, signed, *others).order_by("at")
    return [Mark(*row) for row in db.session.execute(every)]


# -- the list -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandoverList(Listing):
    """The filters of the list: what is not signed yet, or everything."""

    all: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> HandoverList:
        """The filters of an address."""
        before, after = lists.number(query.get("before")), lists.number(query.get("after"))
        return cls(viewer=viewer, before=before, after=after, all=query.get("all") == "1")

    def page(self) -> tuple[list[Handover], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        wanted = sa.select(Handover).where(visible_to(self.viewer))
        if not self.all:
            wanted = wanted.where(Handover.state != State.SIGNED)
        placed = self.placed(wanted, Handover.__table__.c.id).limit(lists.PAGE + 1)
        return self.paged(list(db.session.scalars(placed).all()))


def opened(outgoing_ids: Sequence[int]) -> set[int]:
    """Those of these shifts whose handover is open or over already."""
    known = sa.select(Handover.outgoing_id).where(Handover.outgoing_id.in_(outgoing_ids))
    return set(db.session.scalars(known))


def items_of(post_id: int) -> Sequence[PostItem]:
    """The ledger of a post (DR-08)."""
    return db.session.scalars(
        sa.select(PostItem).where(PostItem.post_id == post_id).order_by(PostItem.id)
    ).all()


def item(post_id: int, item_id: int) -> PostItem:
    """One thing of a post; NotFound otherwise."""
    wanted = sa.select(PostItem).where(PostItem.post_id == post_id, PostItem.id == item_id)
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found
