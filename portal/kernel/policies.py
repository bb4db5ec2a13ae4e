"""Every figure of the rulebook: a row with a date in force, who set it, why, and its clause (GO-05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history, reference
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.figures import FIGURES, SHIPPED
from portal.kernel.ladders import Ladder
from portal.kernel.limits import Limit
from portal.kernel.rights import Rank
from portal.kernel.workflow import Reason, Refused


class Policy(Model):
    """One value of one figure, from one moment on; never changed, only followed by another."""

    __tablename__ = "policies"
    __table_args__ = (sa.Index("ix_policies_key", "key", "in_force_from"),)
    history_kind = "policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[str] = mapped_column(sa.String(400))
    in_force_from: Mapped[datetime] = mapped_column(UTCDateTime)
    clause: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


# What an area does when the office asks that open subjects follow a changed figure: (key, by, now) -> how many moved.
RECOMPUTE: list[Callable[[str, int, datetime], int]] = []


# What an area has against a value of a figure, beyond how it is written: key and value -> a reason, or None.
OBJECTIONS: list[Callable[[str, str], Reason | None]] = []


def objections(key: str, written: str) -> list[Reason]:
    """Everything that a value breaks, of a figure that can be written like this (GO-05)."""
    return [reason for object_ in OBJECTIONS if (reason := object_(key, written))]


def readable(kind: str, value: str, codes: tuple[str, ...] = ()) -> str:
    """The value in its one way of writing; ValueError with the reason when it cannot be read."""
    match kind:
        case "codes":
            listed = list(dict.fromkeys(value.replace(",", " ").split()))
            if unknown := [code for code in listed if code not in codes]:
                raise ValueError(f"not among {', '.join(codes)}: {', '.join(unknown)}")
            return " ".join(listed)
        case "limit":
            return str(Limit.parse(value))
        case "ladder":
            return str(Ladder.parse(value))
        case "text":
            return " ".join(value.split())
        case "rank":
            return Rank(value.strip()).value
        case "number":
            try:
                number = Decimal(value.strip())
            except InvalidOperation:
                raise ValueError(f"not a number: {value}") from None
            if not number.is_finite() or not 0 <= number <= 100_000:
                raise ValueError(f"out of range: {value}")
            return str(number)
    raise ValueError(f"no such kind of figure: {kind}")


def in_force(key: str, now: datetime) -> Policy:
    """The row of that figure in force at `now`; KeyError when there is none."""
    rows = reference.kept("policies", _read)
    for row in reversed(rows.get(key, [])):
        if row.in_force_from <= now:
            return row
    raise KeyError(f"no policy {key} in force at {now}")


def value(key: str, now: datetime) -> str:
    """The figure in force at `now`, as written."""
    return in_force(key, now).value


def number(key: str, now: datetime) -> int:
    """A whole-number figure in force at `now`."""
    return int(Decimal(value(key, now)))


def versions(key: str) -> list[Policy]:
    """Every row of the figure, oldest first."""
    return list(reference.kept("policies", _read).get(key, []))


def _read() -> dict[str, list[Policy]]:
    rows: dict[str, list[Policy]] = {}
    for row in db.session.scalars(sa.select(Policy).order_by(Policy.key, Policy.in_force_from, Policy.id)):
        db.session.expunge(row)
        rows.setdefault(row.key, []).append(row)
    return rows


def set_value(key: str, text: str, *, from_: datetime, reason: str, by: int, now: datetime) -> Policy:
    """Put a new value in force from a moment on (GO-05). Inside a write.

    ValueError when it cannot be read, Refused when an area objects to it.
    """
    figure = FIGURES[key]
    written = readable(figure.kind, text, figure.codes)
    if against := objections(key, written):
        raise Refused(against)
    row = Policy(
        key=key,
        value=written,
        in_force_from=from_,
        clause=figure.clause,
        reason=reason,
        set_by_id=by,
        set_at=now,
    )
    db.session.add(row)
    db.session.flush()
    history.record(
        row,
        "policy:set",
        by=by,
        now=now,
        clause="GO-05",
        key=key,
        value=row.value,
        in_force_from=from_,
        words={"reason": reason},
    )
    reference.changed()
    return row


def load_shipped(now: datetime) -> None:
    """Add the figures this installation does not have yet; what the office set stays. Inside a write."""
    known = set(db.session.scalars(sa.select(Policy.key)))
    epoch = datetime.fromisoformat("2000-01-01T00:00+00:00")
    fresh = [
        Policy(
            key=f.key,
            value=readable(f.kind, f.default, f.codes),
            in_force_from=epoch,
            clause=f.clause,
            set_at=now,
        )
        for f in SHIPPED
        if f.key not in known
    ]
    db.session.add_all(fresh)
    if fresh:
        reference.changed()
