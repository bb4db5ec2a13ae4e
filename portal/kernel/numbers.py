"""TS-20261121-0001: day and running number, no gap and no double, taken in the transaction that uses it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Model, db, insert, is_sqlite


class Counter(Model):
    """The last number given out for a prefix on a day."""

    __tablename__ = "numbers"

    prefix: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    day: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def shape(prefix: str) -> str:
    """What such numbers look like, as a regular expression."""
    return rf"{prefix}-[0-9]{{8}}-[0-9]{{4,9}}"


def take(prefix: str, now: datetime) -> str:
    """The next number of that prefix for the company's day of `now`; the row is locked until the commit."""
    day = clock.local(now).strftime("%Y%m%d")
    taken = db.session.connection().execute(_next(is_sqlite()), {"prefix": prefix, "day": day})
    return f"{prefix}-{day}-{taken.scalar_one():04}"


@cache
def _next(_embedded: bool) -> Any:
    """Made once for a kind of database, for other writers wait while a number is taken."""
    table = Counter.__table__
    first = {"prefix": sa.bindparam("prefix"), "day": sa.bindparam("day"), "last": 1}
    counted = insert(table).values(first)
    return counted.on_conflict_do_update(
        index_elements=["prefix", "day"], set_={"last": table.c.last + 1}
    ).returning(table.c.last)
