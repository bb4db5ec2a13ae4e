"""Which parcels a page lists, and for whom; what still lies there. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.books import reads_books
from portal.blueprints.reception.parcels.codes import ParcelKind, State
from portal.blueprints.reception.parcels.models import Parcel
from portal.kernel import lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

P = Parcel.__table__.c


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a parcel: all; the own ones and those of the own department."""
    if reads_books(viewer):
        return sa.true()
    departments = {viewer.department, *viewer.leads}
    return sa.or_(
        P.recipient_id == viewer.id,
        P.collected_by_id == viewer.id,
        sa.and_(P.recipient_id.is_(None), P.department.in_(departments)),
    )


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Parcel:
    """The parcel of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Parcel).where(Parcel.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def before_this(viewer: Viewer, number: str) -> dict[str, Any]:
    """What the next entry keeps of the one of that number: kind, sender, place (RC-29: several in a row)."""
    wanted = sa.select(P.kind, P.sender, P.place).where(P.number == number, P.created_by_id == viewer.id)
    found = db.session.execute(wanted).one_or_none()
    return dict(found._mapping) if found else {}


@dataclass(frozen=True)
class Lying:
    """What lies at the desk, for the handover: how many things, of how many pieces, how many overdue, since when."""

    count: int
    pieces: int
    overdue: int
    oldest: datetime | None


def open_parcels(now: datetime) -> Lying:
    """RC-29: what is not collected yet, as a handover counts it; one statement."""
    lying = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(P.pieces), 0),
        sa.func.count().filter(P.due_at <= now),
        sa.func.min(P.created_at),
    ).where(P.state == State.WAITING)
    return Lying(*db.session.execute(lying).one())


@dataclass(frozen=True)
class ParcelList(Listing):
    """The filters of the list; what waits comes oldest first, what is over newest first."""

    words: str = ""
    state: str = ""  # empty: waiting
    kind: str = ""
    department: str = ""
    mine: bool = False
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> ParcelList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            state=lists.code(args.get("state"), (State.COLLECTED, State.RETURNED, "all")),
            kind=lists.code(args.get("kind"), tuple(ParcelKind)),
            department=lists.code(args.get("department"), tuple(reference.staff().departments)),
            mine=args.get("mine") == "1",
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def placed(self, wanted: sa.Select[Any], key: sa.ColumnElement[int]) -> sa.Select[Any]:
        """The statement from where the address says; what waits is read from its other end."""
        if self.state:
            return super().placed(wanted, key)
        if self.before is not None:
            return wanted.where(key < self.before).order_by(key.desc())
        if self.after is not None:
            wanted = wanted.where(key > self.after)
        return wanted.order_by(key)

    def paged(self, found: list[Any]) -> tuple[list[Any], str | None, str | None]:
        """The page and the query strings of the newer and the older one."""
        if self.state:
            return super().paged(found)
        back, more, rows = self.before is not None, len(found) > lists.PAGE, found[: lists.PAGE]
        if back:
            rows.reverse()
        if not rows:
            return rows, None, None
        older = self.address(before=rows[0].id) if (more if back else self.after is not None) else None
        newer = self.address(after=rows[-1].id) if back or more else None
        return rows, newer, older

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted: list[sa.ColumnElement[bool]] = [visible_to(self.viewer)]
        if self.state != "all":
            wanted.append(P.state == State(self.state or State.WAITING))
        if self.kind:
            wanted.append(P.kind == ParcelKind(self.kind))
        if self.department:
            wanted.append(P.department == self.department)
        if self.mine:
            ours = sa.and_(P.recipient_id.is_(None), P.department == self.viewer.department)
            wanted.append(sa.or_(P.recipient_id == self.viewer.id, ours))
        if self.since:
            wanted.append(P.created_at >= lists.begins(self.since))
        if self.until:
            wanted.append(P.created_at < lists.begins(self.until, days_later=1))
        if self.words:
            wanted.append(
                sa.or_(
                    P.number.endswith(self.words, autoescape=True),
                    P.tracking.contains(self.words, autoescape=True),
                    P.sender.contains(self.words, autoescape=True),
                    P.place.contains(self.words, autoescape=True),
                    P.recipient_id.in_(_called(self.words)),
                )
            )
        return wanted

    def rows(self, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(*ROW).where(*self._conditions())
        return db.session.execute(self.placed(wanted, P.id).limit(most)).all()

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


ROW = (
    P.id, P.number, P.kind, P.state, P.recipient_id, P.department, P.sender, P.tracking, P.place, P.pieces,
    P.created_at, P.created_by_id, P.collected_at, P.collected_by_id, P.returned_at, P.returned_reason, P.due_at,
    P.version,
)  # fmt: skip


def _called(words: str) -> list[int]:
    """Everybody whose name, user name or pinyin has these words in it."""
    asked = words.lower()
    return [
        card.id
        for card in reference.staff().cards.values()
        if any(asked in name.lower() for name in (card.name, card.name_en, card.username, card.pinyin))
    ]
