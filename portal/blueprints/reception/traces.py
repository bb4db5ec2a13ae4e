"""RC-20: what reception keeps of a person. Each part adds to KEEPERS how it finds, tells and forgets what is its own."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import places
from portal.drawing import department_name, name_of
from portal.i18n import label
from portal.kernel import clock, mentions

# Columns that tell nobody anything about the person: keys, fingerprints, how a row is found.
MACHINES = frozenset({
    "id", "idempotency_key", "fields_digest", "version", "phone_tail", "pinyin", "visitor_pinyin", "asker_pinyin",
})  # fmt: skip
# References that are about the person, and how they are read; the others name colleagues or rows.
READ: dict[str, tuple[str, Callable[[Any], str]]] = {
    "host_id": ("host", name_of),
    "companion_id": ("companion", name_of),
    "owner_id": ("owner", name_of),
    "place_id": ("place", lambda its_id: places.all_places()[its_id].words),
    "department": ("department", department_name),
}


@dataclass(frozen=True)
class Person:
    """Whom somebody asks about: a name, a phone number, or both."""

    name: str = ""
    phone: str = ""

    @property
    def asks(self) -> bool:
        """True when something was typed."""
        return bool(self.name or mentions.digits(self.phone))

    def named(self, text: str) -> bool:
        """True when a list of names has theirs."""
        return mentions.named(text, self.name, self.phone)

    def mentioned(self, text: str) -> bool:
        """True when a text of their own has their name or number anywhere."""
        return mentions.mentioned(text, self.name, self.phone)

    def called(self, phone: str) -> bool:
        """True when that is their number, however it was typed, or none is known."""
        return not mentions.digits(self.phone) or mentions.digits(phone) == mentions.digits(self.phone)


def told(row: Any, names: Iterable[str] = ()) -> dict[str, Any]:
    """What a row says of the person, as a person reads it; empty columns are left out."""
    found: dict[str, Any] = {}
    for name in names or [column.key for column in sa.inspect(type(row)).column_attrs]:
        value = getattr(row, name)
        if value in (None, "") or name in MACHINES:
            continue
        if name in READ:
            called, read = READ[name]
            found[called] = read(value)
        elif not name.endswith("_id"):
            found[name] = _readable(value)
    return found


def _readable(value: Any) -> Any:
    match value:
        case enum.Enum():
            return label(value)
        case datetime():
            return f"{clock.local(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
    return value


def _nothing(_row: Any, _person: Person, _now: datetime) -> None:
    """It goes with the visit or the card that it belongs to."""


ALWAYS: sa.ColumnElement[bool] = sa.true()


@dataclass(frozen=True)
class Keeper:
    """What one part keeps of people. Without a `name` it belongs to a visit or a card: it is told and goes with it.

    `over` says when it may be forgotten, `there` which rows count. A `name` that stands `within` other words is looked
    for in them. `by_term`: what belongs to no visit is forgotten when the term is over. `last`: it goes only when
    nothing else of the person stays. `beside`: the thing is somebody else's. `lines`: how its lines of history begin.
    """

    key: str  # in the file that is handed over
    model: Any
    visit: Any = None
    card: Any = None
    there: sa.ColumnElement[bool] = ALWAYS
    tell: Callable[[Any, Person], dict[str, Any]] = lambda row, _person: told(row)
    caption: Any = ""
    number: Any = None
    at: Any = None
    name: Any = None
    within: bool = False
    phone: Any = None
    tail: Any = None
    over: sa.ColumnElement[bool] = ALWAYS
    forget: Callable[[Any, Person, datetime], None] = _nothing
    lines: str = ""
    page: str = ""  # its address, of `number` or `id`
    index: str = ""
    by_term: bool = False
    beside: bool = False
    last: bool = False

    def rows(self, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """Its rows in the form that all keepers share."""
        nobodys = sa.cast(sa.null(), sa.BigInteger)
        return sa.select(
            sa.literal(self.key).label("key"),
            self.model.id.label("id"),
            self.number.label("number"),
            self.name.label("name"),
            (sa.literal("") if self.phone is None else self.phone).label("phone"),
            self.at.label("at"),
            (nobodys if self.visit is None else self.visit).label("visit_id"),
            self.over.label("over"),
        ).where(self.there, *conditions)


# Each part adds its own as it is loaded.
KEEPERS: list[Keeper] = []
