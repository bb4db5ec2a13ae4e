"""What list pages share: filters read from the address and written back into links, and pages by key, not by count."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.people import Viewer

PAGE = 50  # rows
Row = TypeVar("Row")


@dataclass(frozen=True)
class Listing:
    """The filters of a list page; each list adds its own as fields, all with a default that means 'not chosen'."""

    viewer: Viewer
    before: int | None = None  # rows older than this id
    after: int | None = None  # rows newer than this id

    def address(self, **changes: Any) -> str:
        """The query string of this list with changes, from its first page; empty filters left out."""
        return replace(self, **({"before": None, "after": None} | changes)).here()

    def here(self) -> str:
        """The query string of this very list, page and all."""
        given = {name: value for name, value in vars(self).items() if value and name != "viewer"}
        for place in given.keys() & {"before", "after"}:
            given[place] = given.pop(place)  # behind the filters
        return urlencode({name: 1 if value is True else value for name, value in given.items()})

    @property
    def filtered(self) -> bool:
        """True when something is left out."""
        return bool(self.address())

    def placed(self, wanted: sa.Select[Any], key: sa.ColumnElement[int]) -> sa.Select[Any]:
        """The statement from where the address says, newest first unless it goes back."""
        if self.after is not None:
            return wanted.where(key > _id_of(self.after)).order_by(key)
        if self.before is not None:
            wanted = wanted.where(key < _id_of(self.before))
        return wanted.order_by(key.desc())

    def paged(self, found: list[Row]) -> tuple[list[Row], str | None, str | None]:
        """Of one row more than a page: the page, newest first, and the query strings of the newer and the older one."""
        back, more, rows = self.after is not None, len(found) > PAGE, found[:PAGE]
        if back:
            rows.reverse()
        if not rows:
            return rows, None, None
        newest, oldest = _id(rows[0]), _id(rows[-1])
        newer = self.address(after=newest) if (more if back else self.before is not None) else None
        older = self.address(before=oldest) if back or more else None
        return rows, newer, older


def _id_of(typed: int) -> sa.ColumnElement[int]:
    """A row's id of the address, which may be larger than any that the column could hold."""
    return sa.literal(typed, sa.BigInteger)


def _id(row: Any) -> int:
    found: int = row.id
    return found


def code(text: str | None, known: Container[str]) -> str:
    """A code of the address if it is one of those; empty otherwise."""
    return text if text and text in known else ""


def words(text: str | None, most: int = 100) -> str:
    """What was typed to be looked for; no stored text has a NUL in it."""
    return (text or "").replace("\0", "").strip()[:most]


def number(text: str | None) -> int | None:
    """A row's id of the address."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def day(text: str | None) -> date | None:
    """A day of the address, of a year that can be told in any time zone."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and 1900 <= found.year < 2200 else None


def begins(on: date, *, days_later: int = 0) -> datetime:
    """The moment at which a day begins in company time, or so many days later."""
    return datetime.combine(on + timedelta(days=days_later), time(), clock.zone())
