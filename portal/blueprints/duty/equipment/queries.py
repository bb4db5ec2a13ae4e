"""The ledger as pages show it; everybody on duty may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.systems import System
from portal.kernel import lists, reference, search
from portal.kernel.db import UTCDateTime, db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.sheets import MOST_ROWS

Q = Equipment.__table__.c
MOST_PAST = 50  # lines of what became of a piece of equipment

ROW = (
    Q.id, Q.code, Q.name, Q.name_en, Q.system, Q.place, Q.department, Q.post_id, Q.responsible_id, Q.important,
    Q.bought_on, Q.warranty_until, Q.active,
)  # fmt: skip


def ledger() -> Mapping[str, Any]:
    """Every piece of equipment as a row, by its code; changed seldom, kept per process."""
    return reference.kept("equipment", _read)


def _read() -> dict[str, Any]:
    return {row.code: row for row in db.session.execute(sa.select(*ROW).order_by(Q.code))}


def by_id() -> dict[int, Any]:
    """The same by id."""
    return {row.id: row for row in ledger().values()}


def find(code: str, *, lock: bool = False) -> Equipment:
    """The piece of equipment of that code; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Equipment).where(Equipment.code == code)
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class EquipmentList(Listing):
    """The filters of the ledger."""

    words: str = ""
    system: str = ""
    department: str = ""
    important: bool = False
    retired: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> EquipmentList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            words=lists.words(args.get("words")),
            system=lists.code(args.get("system"), set(System)),
            department=lists.code(args.get("department"), tuple(reference.staff().departments)),
            important=args.get("important") == "1",
            retired=args.get("retired") == "1",
        )

    def rows(self, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(*ROW, Q.contingency).where(Q.active.is_(not self.retired))
        if self.system:
            wanted = wanted.where(Q.system == System(self.system))
        if self.department:
            wanted = wanted.where(Q.department == self.department)
        if self.important:
            wanted = wanted.where(Q.important)
        if self.words:
            wanted = wanted.where(search.scanned(self.words, Q.code, Q.name, Q.name_en, Q.place))
        return db.session.execute(self.placed(wanted, Q.id).limit(most)).all()

    def things(self) -> Sequence[Equipment]:
        """Every piece of equipment that the list shows."""
        ids = [row.id for row in self.rows(MOST_ROWS)]
        return db.session.scalars(sa.select(Equipment).where(Equipment.id.in_(ids)).order_by(Q.code)).all()

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


# What other parts let a viewer do with a piece of equipment of that code: caption and address, or None.
OFFERS: list[Callable[[Viewer, str], tuple[Any, str] | None]] = []


# -- what became of a piece of equipment ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """One line of it: what sort, number and address, when, how it went, in words as they were typed."""

    kind: str
    number: str
    address: str
    at: datetime
    state: str
    words: str


# The viewer and the id of the equipment -> a statement made by `past_line`; each part that knows something adds one.
PAST: list[Callable[[Viewer, int], sa.Select[Any]]] = []
# Kind of line -> what people call it, and the words for its states.
PAST_WORDS: dict[str, tuple[Any, Callable[[str], str]]] = {}


def past_line(kind: str, folder: str, number: Any, at: Any, state: Any, words: Any) -> Any:
    """What a part answers, up to its conditions."""
    return sa.select(
        sa.literal(kind).label("kind"),
        sa.cast(number, sa.String).label("number"),
        (sa.literal(folder) + sa.cast(number, sa.String)).label("address"),
        sa.type_coerce(at, UTCDateTime).label("at"),
        sa.cast(state, sa.String).label("state"),
        sa.cast(words, sa.String).label("words"),
    )


def past(viewer: Viewer, equipment_id: int) -> list[Past]:
    """Its inspections and repairs as far as the viewer may know of them, newest first; one statement."""
    asked = [statement(viewer, equipment_id) for statement in PAST]
    rows = sa.union_all(*asked).subquery()
    newest = sa.select(rows).order_by(rows.c.at.desc(), rows.c.number.desc()).limit(MOST_PAST)
    return [Past(*row) for row in db.session.execute(newest)]
