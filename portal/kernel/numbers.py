"""TS-20261121-0001: day and running number, no gap and no double, taken in the transaction that uses it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Model, db, is_sqlite


class Counter(Model):
    """The last number given out for a prefix on a day."""

    __tablename__ = "numbers"

    prefix: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    day: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def take(prefix: str, now: datetime) -> str:
    """The next number of that prefix for the company's day of `now`; the row is locked until the commit."""
    day = clock.local(now).strftime("%Y%m%d")
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    statement = (
        insert(Counter)
        .values(prefix=prefix, day=day, last=1)
        .on_conflict_do_update(index_elements=["prefix", "day"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    last = db.session.execute(statement).scalar_one()
    return f"{prefix}-{day}-{last:04}"
