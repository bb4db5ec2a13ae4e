"""What is open when a post changes hands (DR-09): each area says what of it is, one statement asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import UTCDateTime, db

MOST = 200  # lines of a handover


@dataclass(frozen=True)
class Open:
    """One open matter: what sort it is, its number and address, a few words, until when and by which limit."""

    kind: str
    number: str
    address: str
    words: str
    due_at: datetime | None
    clock: str = ""  # the kind of the limit, whose clause it names


# Department of the post and the moment -> statements made by `line`. An area adds its own.
Provider = Callable[[str, datetime], list[sa.Select[Any]]]
PROVIDERS: list[Provider] = []
# Those that name the customers' papers which are not filed yet (DR-14): open as well, and asked alone at a shift's end.
PAPERS: list[Provider] = []
CAPTIONS: dict[str, Any] = {}  # kind -> what people call it


def line(kind: str, folder: str, number: Any, words: Any, due_at: Any = None, clock: Any = "") -> Any:
    """What a provider answers, up to its conditions; a matter's address is the folder and its number.

    `clock` is the kind of the limit that ends at `due_at`: a word or a column.
    """
    return sa.select(
        sa.literal(kind).label("kind"),
        sa.cast(number, sa.String).label("number"),
        (sa.literal(folder) + sa.cast(number, sa.String)).label("address"),
        sa.cast(words, sa.String).label("words"),
        (sa.cast(sa.null(), UTCDateTime) if due_at is None else sa.type_coerce(due_at, UTCDateTime)).label(
            "due_at"
        ),
        sa.cast(clock, sa.String).label("clock"),
    )


def open_at(department: str, now: datetime) -> list[Open]:
    """Everything open for a post of that department, by sort and number; one statement, none where nobody answers."""
    return _asked((*PROVIDERS, *PAPERS), department, now)


def unfiled_at(department: str, now: datetime) -> list[Open]:
    """DR-14: the customers' papers of that department which are not filed yet; one statement."""
    return _asked(PAPERS, department, now)


def _asked(providers: Iterable[Provider], department: str, now: datetime) -> list[Open]:
    asked = [statement for provider in providers for statement in provider(department, now)]
    if not asked:
        return []
    rows = sa.union_all(*asked).subquery()
    ordered = sa.select(rows).order_by(rows.c.kind, rows.c.due_at.is_(None), rows.c.due_at, rows.c.number)
    found: dict[str, Open] = {}
    for row in db.session.execute(ordered.limit(MOST)):
        # A matter that is open in two ways is one line: whoever has read it has read it.
        found.setdefault(row.number, Open(*row))
    return list(found.values())
