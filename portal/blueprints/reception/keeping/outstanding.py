"""What a visit has not got back or given back yet: named when it leaves, counted until it may close (RC-27)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.util import identity_key

from portal.blueprints.reception.keeping.models import OUT, Deposit, Key, KeyLoan, Tag
from portal.blueprints.reception.models import Visit
from portal.i18n import label, listed
from portal.kernel.db import UTCDateTime, db


class Kind(enum.StrEnum):
    """A thing of the visitor's that we hold, or one of ours that the visitor has."""

    DEPOSIT = "deposit"
    KEY = "key"


@dataclass(frozen=True)
class Outstanding:
    """One thing that is still out."""

    kind: Kind
    number: str  # of the tag or the key
    due_at: datetime


def of(visit_id: int) -> list[Outstanding]:
    """Everything of a visit that is still held or lent, what is due first on top; one statement (RC-27)."""
    out = sa.text(OUT)
    held = (
        sa.select(sa.literal("deposit").label("kind"), sa.cast(Tag.number, sa.String), Deposit.due_at)
        .join(Tag, Tag.id == Deposit.tag_id)
        .where(Deposit.visit_id == visit_id, out)
    )
    lent = (
        sa.select(sa.literal("key"), Key.number, KeyLoan.due_at)
        .join(Key, Key.id == KeyLoan.key_id)
        .where(KeyLoan.visit_id == visit_id, out)
    )
    both = sa.union_all(held, lent).subquery()
    kind, number, due_at = both.c
    rows = db.session.execute(
        sa.select(kind, number, sa.type_coerce(due_at, UTCDateTime)).order_by(due_at, kind, number)
    )
    return [Outstanding(Kind(kind), number, due_at) for kind, number, due_at in rows]


def named(visit_id: int) -> str:
    """The same in words, for people."""
    return listed(f"{label(thing.kind)} {thing.number}" for thing in of(visit_id))


def count_again(visit_id: int | None) -> None:
    """Write down on the visit how much is out (RC-27). Inside the write that changed it, the visit's row locked.

    No new version of the visit: whoever has its form open may still send it.
    """
    if visit_id is None:
        return
    db.session.flush()
    out = sa.text(OUT)
    held = sa.select(sa.func.count()).select_from(Deposit).where(Deposit.visit_id == visit_id, out)
    lent = sa.select(sa.func.count()).select_from(KeyLoan).where(KeyLoan.visit_id == visit_id, out)
    counted = held.scalar_subquery() + lent.scalar_subquery()
    moved = sa.update(Visit).where(Visit.id == visit_id).values(outstanding=counted)
    db.session.execute(moved.execution_options(synchronize_session=False))
    visit = db.session.identity_map.get(identity_key(Visit, visit_id))
    if visit is not None:
        db.session.expire(visit, ["outstanding"])
