"""What one area tells the others, and which things of two areas belong together: areas never import each other.

An area announces what happened inside its write; whoever listens acts in the same write, or refuses it. What belongs
together stands in one table, and is shown to a viewer only as the other thing's own area lets it be seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Viewer

# Ids, or the statement that gives them.
Ids: TypeAlias = Collection[int] | sa.CompoundSelect[Any]


class Link(Model):
    """Two things of two areas that belong together: the first came before the second or brought it about."""

    __tablename__ = "links"
    __table_args__ = (sa.Index("ix_links_b", "kind_b", "id_b"),)

    kind_a: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    id_a: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    kind_b: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    id_b: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class Shown:
    """A linked thing as a page names it."""

    kind: str
    number: str
    address: str


# Kind of thing -> number and address of those of these ids that the viewer may know of. An area adds its own.
SHOWN: dict[str, Callable[[Viewer, Ids], list[tuple[str, str]]]] = {}
# Kind of thing -> what a form elsewhere is filled with from the one of that number; None where the viewer knows of none.
# A phone number is filled in only in part (RC-20).
FILLS: dict[str, Callable[[Viewer, str], dict[str, Any] | None]] = {}
# Kind of thing -> the whole of that number, handed over to what the form makes and written down. Inside its write.
HANDS_OVER: dict[str, Callable[[Viewer, str, datetime], str]] = {}
# What was announced -> who listens; an answer, if any, is told to whoever announced.
LISTENERS: defaultdict[str, list[Callable[..., Any]]] = defaultdict(list)


def announce(event: str, **told: Any) -> list[Any]:
    """Tell every area that listens what just happened; what they answered. Inside the write of the event."""
    return [answer for listen in LISTENERS[event] if (answer := listen(**told)) is not None]


def join(first: Any, second: Any, now: datetime) -> None:
    """Say that two things (`.history_kind`, `.id`) belong together; said twice it stays one link. Inside a write."""
    key = (first.history_kind, first.id, second.history_kind, second.id)
    if db.session.get(Link, key) is None:
        db.session.add(Link(kind_a=key[0], id_a=key[1], kind_b=key[2], id_b=key[3], at=now))


def ids_of(thing: Any, kind: str) -> list[int]:
    """The things of a kind that belong to this one, whichever came first."""
    return sorted(db.session.scalars(_ids(thing, kind)))


def _ids(thing: Any, kind: str) -> sa.CompoundSelect[Any]:
    ours = sa.select(Link.id_b).where(
        Link.kind_a == thing.history_kind, Link.id_a == thing.id, Link.kind_b == kind
    )
    theirs = sa.select(Link.id_a).where(
        Link.kind_b == thing.history_kind, Link.id_b == thing.id, Link.kind_a == kind
    )
    return ours.union(theirs)


def shown(thing: Any, kind: str, viewer: Viewer) -> list[Shown]:
    """The things of a kind that belong to this one, as far as the viewer may know of them; one statement."""
    found = SHOWN[kind](viewer, _ids(thing, kind)) if kind in SHOWN else []
    return [Shown(kind, number, address) for number, address in found]
