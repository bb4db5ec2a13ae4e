"""One search over everything: what each area has to be found, for whom, and how a hit is told.

An area adds its kinds. What lies in tables is asked of all kinds by one statement, each limited to what the viewer may
see, so that neither a hit nor a count tells of anything that is hidden; what this process holds costs none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa

from portal.kernel import clock, cutting, reference, search
from portal.kernel.db import UTCDateTime, db
from portal.kernel.people import Viewer
from portal.kernel.rights import May

T = TypeVar("T")
BEST = 5  # hits of a kind that a page shows
MOST_COUNTED = 200  # beyond that nobody reads them all, and counting takes its time
MOST_ALONE = 100  # hits of a kind that has no list of its own
ABOUT = 4_000  # characters of a stored text in which the words are looked for to be shown


@dataclass(frozen=True)
class Hit:
    """One thing that was found, as it is told.

    `number` is short: what it is called in lists. In `title` and `about` the words that were typed are marked. `small`
    says where it stands. Without an address there is no page of it.
    """

    number: str
    title: str
    address: str = ""
    about: str = ""
    small: str = ""
    at: datetime | None = None


# Narrowed to the viewer's reach and the words: the statement of the ids, and the column to order them by.
Ids: TypeAlias = tuple[sa.Select[Any], Any]


@dataclass(frozen=True)
class Kind:
    """One kind of thing that can be found. `order` places it among the others; `right` is that of its pages.

    `every` is the address of the area's own list with the words filled in; empty for whoever has none.
    """

    name: str
    caption: Any
    symbol: str
    order: int
    right: May
    every: Callable[[Viewer, str], str]


@dataclass(frozen=True)
class Held(Kind):
    """A kind that this process holds: the best come first, and no statement is asked."""

    find: Callable[[Viewer, str], Iterable[Hit]]


@dataclass(frozen=True)
class Stored(Kind):
    """A kind that lies in a table; the newest come first. `columns` are what `draw` makes a hit of, by name of COLUMNS.

    `ids` may ask of the viewer only what `_made` keeps a statement by, and of the words only by `search`.
    """

    ids: Callable[[Viewer, str], Ids]
    id: Any
    columns: dict[str, Any]
    draw: Callable[[Any], Hit]


COLUMNS = ("number", "title", "about", "state", "more", "at")

KINDS: list[Kind] = []
# The letters that a number begins with -> the address of the thing of that number; None where the viewer sees none.
NUMBERS: dict[str, Callable[[Viewer, str], str | None]] = {}
_NUMBER = re.compile(r"([A-Z]{2})-?(\d{8})-?(\d{4,9})|([A-Z]{2})-(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Group:
    """What was found of one kind: the best hits, how many there are, and where all of them are."""

    kind: Kind
    hits: Sequence[Hit]
    total: int
    every: str

    @property
    def counted(self) -> str:
        """How many there are, as far as they were counted."""
        return f"{MOST_COUNTED}+" if self.total > MOST_COUNTED else str(self.total)

    @property
    def more(self) -> bool:
        """True when not all of them are shown."""
        return self.total > len(self.hits)


def kinds_of(viewer: Viewer, only: str = "") -> list[Kind]:
    """The kinds that a viewer may look for, in their order; or the one of that name."""
    mine = (kind for kind in KINDS if viewer.may(kind.right) and only in {"", kind.name})
    return sorted(mine, key=lambda kind: kind.order)


def find(
    viewer: Viewer, words: str, *, only: str = "", best: int = BEST, counting: bool = True
) -> list[Group]:
    """What answers the words, by kind; one statement however many kinds there are, none for words that ask nothing.

    Without `counting` a total says no more than whether there is another one.
    """
    if not cutting.asked(words):
        return []
    kinds = kinds_of(viewer, only)
    most = MOST_COUNTED if counting else best
    stored = _stored([kind for kind in kinds if isinstance(kind, Stored)], viewer, words, best, most)
    groups = []
    for kind in kinds:
        if isinstance(kind, Held):
            every = list(kind.find(viewer, words))
            hits, total = every[:best], len(every)
        else:
            hits, total = stored[kind.name]
        if hits:
            groups.append(Group(kind, hits, total, kind.every(viewer, words)))
    return groups


def _stored(
    kinds: Sequence[Stored], viewer: Viewer, words: str, best: int, most: int
) -> dict[str, tuple[list[Hit], int]]:
    rows = defaultdict(list)
    if kinds:
        statement = _made(kinds, viewer, words, best, most)
        for row in db.session.connection().execute(statement, search.parameters(words)):
            rows[row.kind].append(row)
    return {
        kind.name: (
            [kind.draw(row) for row in sorted(rows[kind.name], key=lambda row: -row.id)],
            max((row.total for row in rows[kind.name]), default=0),
        )
        for kind in kinds
    }


# Statements made before: making one takes far longer than running it, and who types asks again and again.
_MADE: dict[Hashable, Any] = {}
MOST_MADE = 64


def _made(kinds: Sequence[Stored], viewer: Viewer, words: str, best: int, most: int) -> Any:
    """The one statement, for all words of a shape; the words are its parameters."""
    reach = (
        viewer.id,
        viewer.role,
        viewer.department,
        viewer.rank,
        viewer.leads,
        viewer.supervises,
        viewer.is_manager,
        viewer.is_director,
        viewer.generation,
    )
    key = (search.shape(words), reach, best, most, tuple(kind.name for kind in kinds))
    if key not in _MADE:
        if len(_MADE) >= MOST_MADE:
            _MADE.clear()
        _MADE[key] = sa.union_all(*(_part(kind, viewer, words, best, most) for kind in kinds))
    return _MADE[key]


def _part(kind: Stored, viewer: Viewer, words: str, best: int, most: int) -> sa.Select[Any]:
    """The newest few of a kind with how many there are: only the ids are counted, only the few are read."""
    ids, place = kind.ids(viewer, words)
    found = ids.with_only_columns(place.label("id")).order_by(place.desc()).limit(most + 1).subquery()
    counted: sa.Select[Any] = sa.select(found.c.id, sa.func.count().over().label("total"))
    top = counted.order_by(found.c.id.desc()).limit(best).subquery()
    columns = (kind.columns.get(name) for name in COLUMNS)
    return sa.select(
        sa.literal(kind.name).label("kind"), top.c.id, top.c.total, *map(_alike, COLUMNS, columns)
    ).join(top, top.c.id == kind.id)


def _alike(name: str, column: Any) -> Any:
    """A column as all kinds have it."""
    if name == "at":
        nothing = sa.cast(sa.null(), sa.DateTime(timezone=True))
        return sa.type_coerce(nothing if column is None else column, UTCDateTime).label(name)
    text = sa.literal("") if column is None else sa.cast(column, sa.Text)
    return (sa.func.substr(text, 1, ABOUT) if name == "about" else text).label(name)


def held(name: str, things: Callable[[], Iterable[tuple[T, Iterable[str]]]]) -> list[tuple[T, str]]:
    """Things with their texts as they are compared; made anew only when reference data changed or a day began."""

    def make() -> list[tuple[T, str]]:
        return [(thing, cutting.plain("\n".join(texts))) for thing, texts in things()]

    return reference.kept(f"to be found: {name}", make, clock.today())


def answering(words: str, things: Iterable[tuple[T, str]]) -> list[T]:
    """Those of `held` in which every part of the words stands; first those of which a word begins with it."""
    parts = cutting.parts(words)
    found = [(thing, text) for thing, text in things if all(part in text for part in parts)]
    begins = re.compile(rf"(?<![^\W_]){re.escape(parts[0])}") if parts else re.compile("")
    return [thing for thing, _text in sorted(found, key=lambda each: begins.search(each[1]) is None)]


def indexed(
    kind: str, id_: Any, reach: Callable[[Viewer], Any], searched: Iterable[Any]
) -> Callable[[Viewer, str], Ids]:
    """How a kind that the index knows is found: within the viewer's reach, each hit looked at again in its columns."""

    def ids(viewer: Viewer, words: str) -> Ids:
        found, place = search.join(sa.select(id_).where(reach(viewer)), kind, words, id_)
        return found.where(search.recheck(words, *searched)), place

    return ids


def numbered(
    column: Any, reach: Callable[[Viewer], Any], address: Callable[[str], str]
) -> Callable[[Viewer, str], str | None]:
    """For NUMBERS: the address of the thing whose `column` is the number; None where it is beyond the viewer's reach."""

    def look(viewer: Viewer, number: str) -> str | None:
        found = db.session.scalar(sa.select(column).where(column == number, reach(viewer)))
        return address(found) if found else None

    return look


def whole(viewer: Viewer, words: str) -> str | None:
    """The address of the thing whose number was typed whole, if the viewer may know of it; its hyphens may lack."""
    typed = "".join(unicodedata.normalize("NFKC", words).upper().split())
    said = _NUMBER.fullmatch(typed)
    if said is None:
        return None
    letters, *rest = [part for part in said.groups() if part]
    look = NUMBERS.get(letters)
    return look(viewer, "-".join([letters, *rest])) if look else None
