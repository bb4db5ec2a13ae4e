"""The one register of what is kept of people: whose, why, how long, where, and how it ends (RC-20).

Each area declares its own classes as it is loaded. Pages, documents, the look for one person, the terms and the test that
asks whether a new table was thought of are all drawn from here, so that none of them can say something else.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from portal.kernel.workflow import Reason


class Whose(enum.StrEnum):
    CUSTOMER = "customer"
    VISITOR = "visitor"
    EMPLOYEE = "employee"
    OUTSIDER = "outsider"


class Ending(enum.StrEnum):
    ANONYMISE = "anonymise"  # names and words go, the row and its figures stay
    DELETE = "delete"
    KEEP = "keep"  # it stays with the record of which it is a part; one person's name is taken out on request


class Unit(enum.StrEnum):
    """In what the figure of a term counts."""

    HOURS = "hours"
    DAYS = "days"
    YEARS = "years"


@dataclass(frozen=True)
class Indexed:
    """A search index that follows the words of a table: its kind, and the text under which one of the rows is found."""

    kind: str
    text: Callable[[Any], str | None]


@dataclass(frozen=True)
class Place:
    """The columns of one table that hold personal data.

    `names` hold nothing but who somebody is, `words` are free, `beside` follow from them (readings, digests) and go with
    them. `at` is the column from which a term runs and `number` what a row is called, both of `parent` where the table
    itself has none: a column of this table, and the table whose key it holds. `whole`: the database lets words of a
    signed record be emptied and never be written over. `own` is the column of the person whose words these are. `json`:
    what an empty column of JSON is. `drop`: on request the row goes as a whole. `spare`: nobody misses the row,
    so that a name alone is enough. `by_hand`: words that somebody writes
    anew, in an edition or a figure; they are pointed out and never touched. A place without texts names nobody: its rows
    go with their `own` person, whom an area forgets as a whole (`Own`).
    """

    table: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    at: str = ""
    number: str = ""
    parent: tuple[str, str] | None = None
    whole: bool = False
    own: str = ""
    index: Indexed | None = None
    json: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    spare: bool = False
    by_hand: bool = False

    def empty(self, column: str) -> str:
        """What stands in a column when its words are gone."""
        return self.json.get(column, "")

    @property
    def texts(self) -> tuple[str, ...]:
        """Every column that is looked through."""
        return (*self.names, *self.words)


class Held(NamedTuple):
    """Why a row cannot be touched yet, and from when on it can, where that is known."""

    reason: Reason
    until: datetime | None = None


# Table and keys of rows -> which of them are held. An area whose rules keep records says so here.
Hold = Callable[[str, Collection[tuple[Any, ...]], datetime], Mapping[tuple[Any, ...], Held]]


def _nothing(
    _table: str, _keys: Collection[tuple[Any, ...]], _now: datetime
) -> Mapping[tuple[Any, ...], Held]:
    return {}


@dataclass(frozen=True)
class Kept:
    """One class of personal data. `figure` is the policy of its term, counted in `unit`; without one `how_long` says it.

    `by_class` says that the office may have everything past the term ended from the register's own page; other classes
    have a page of their own for it, `page`.
    """

    key: str
    caption: Any
    whose: tuple[Whose, ...]
    why: Any
    clause: str
    ending: Ending
    places: tuple[Place, ...]
    figure: str = ""
    unit: Unit = Unit.DAYS
    how_long: Any = ""
    page: str = ""
    by_class: bool = False
    hold: Hold = _nothing


REGISTER: dict[str, Kept] = {}
# Tables with texts in which nobody is described, and why that is so.
NOBODYS: dict[str, Any] = {}
# Columns that hold codes, numbers, keys or fingerprints wherever they stand.
CODES = frozenset({
    "number", "idempotency_key", "fields_digest", "department", "departments", "kind", "code", "clause", "month",
    "key_digest", "token_digest", "link_digest", "gap_digest", "digest", "day", "figures", "roles",
})  # fmt: skip


def declare(*classes: Kept) -> None:
    """Add classes to the register; said again by a second application of the process it stays one."""
    REGISTER.update({each.key: each for each in classes})


def nobodys(reason: Any, tables: Iterable[str]) -> None:
    """Say that these tables hold nothing about anybody."""
    NOBODYS.update(dict.fromkeys(tables, reason))


def every_place() -> list[tuple[Kept, Place]]:
    """Every table of the register with its class, in the order of the declarations."""
    return [(kept, place) for kept in REGISTER.values() for place in kept.places]


# -- what an area does by itself with one person's things ---------------------------------------------------------------


@dataclass(frozen=True)
class Sought:
    """Whom somebody asks about: a name, a phone number, or both; `person_id` for somebody who works here.

    `loose` says that words in which only the name stands are meant too; without it they may be a namesake's.
    """

    name: str = ""
    phone: str = ""
    person_id: int | None = None
    loose: bool = False


Subject = tuple[str, int]  # kind and id of a thing, as history calls it


class Trace(NamedTuple):
    """One thing that is kept of a person: the class, what it is called and where it is seen, a few words of it."""

    kept: str
    number: str
    address: str = ""
    words: str = ""
    sure: bool = True
    held: Held | None = None
    subject: Subject | None = None  # who looked at it is told, too


@dataclass(frozen=True)
class Own:
    """What an area knows to find, tell and forget as a whole, before names are looked for in words.

    `find` lists, `tell` gives what is handed over to the person (and writes down that it was; inside no write),
    `forget` opens writes of its own and leaves alone what is held. All may be called twice without harm.
    """

    kept: str
    find: Callable[[Sought, datetime], list[Trace]]
    tell: Callable[[Sought, int, datetime], dict[str, Any]]
    forget: Callable[[Sought, int, datetime], None]


OWN: list[Own] = []
