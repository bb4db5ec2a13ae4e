"""Every figure of the rulebook: a row with a date in force, who set it, why, and its clause (GO-05)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history, reference
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.ladders import Ladder
from portal.kernel.limits import Limit
from portal.kernel.rights import Rank


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


@dataclass(frozen=True)
class Figure:
    """A figure the portal ships with: key, kind of value, default, clause."""

    key: str
    kind: str  # limit | ladder | rank | number | text
    default: str
    clause: str


_WATCHED = (
    "75 % handler, 75 % first_responder, 100 % handler, 100 % first_responder, 100 % lead, 150 % office"
)

# What the regulations say today. The general office changes them on the limits page, with a date and a reason.
SHIPPED: tuple[Figure, ...] = (
    Figure("limit.first_contact.normal", "limit", "0.5 wh", "CP-12"),
    Figure("limit.first_contact.special", "limit", "4 wh", "CP-12"),
    Figure("limit.first_contact.urgent", "limit", "30 min", "CP-12"),
    Figure("limit.first_contact.urgent_special", "limit", "4 h", "CP-12"),
    Figure("limit.on_site", "limit", "10 min", "CP-13"),
    Figure("limit.solution", "limit", "2 wd", "CP-13"),
    Figure("limit.answer", "limit", "24 h", "CP-14"),
    Figure("limit.whole_case.normal", "limit", "3 wd", "CP-14"),
    Figure("limit.whole_case.special", "limit", "7 wd", "CP-14"),
    Figure("limit.escalated", "limit", "24 h", "CP-08"),
    Figure("limit.decision", "limit", "24 h", "CP-16"),
    Figure("limit.opinion", "limit", "1 wd", "CP-09"),
    Figure("limit.assistance", "limit", "1 wd", "CP-11"),
    Figure("limit.result", "limit", "0 wd", "CP-19"),
    Figure("limit.follow_up", "limit", "0 wd", "CP-18"),
    Figure("limit.follow_up_again", "limit", "1 wd", "CP-18"),
    Figure("limit.verification", "limit", "0 wd", "CP-35"),
    Figure("limit.improvement_assign", "limit", "3 wd", "CP-21"),
    Figure("limit.improvement.effect", "limit", "10 wd", "CP-21"),
    Figure("limit.improvement.confirm", "limit", "5 wd", "CP-21"),
    Figure("ladder.first_contact", "ladder", _WATCHED, "CP-12"),
    Figure(
        "ladder.on_site", "ladder", "50 % handler, 50 % lead, 100 % lead, 100 % desk, 150 % office", "CP-13"
    ),
    Figure("ladder.solution", "ladder", _WATCHED, "CP-13"),
    Figure("ladder.answer", "ladder", _WATCHED, "CP-14"),
    Figure("ladder.whole_case", "ladder", _WATCHED, "CP-14"),
    Figure("ladder.escalated", "ladder", "0 % supervisor, 100 % lead, 200 % manager", "CP-08"),
    Figure("ladder.decision", "ladder", "0 % lead, 0 % director, 100 % director, 100 % manager", "CP-16"),
    Figure("ladder.opinion", "ladder", "75 % lead, 100 % lead, 100 % office", "CP-09"),
    Figure(
        "ladder.assistance", "ladder", "75 % assistants, 100 % assistants, 100 % handler, 150 % lead", "CP-11"
    ),
    Figure(
        "ladder.promise", "ladder", "75 % handler, 75 % first_responder, 100 % handler, 100 % lead", "CP-15"
    ),
    Figure("ladder.result", "ladder", "75 % reporter, 100 % reporter, 100 % lead, 150 % office", "CP-19"),
    Figure(
        "ladder.follow_up",
        "ladder",
        "75 % first_responder, 100 % first_responder, 100 % desk, 150 % office",
        "CP-18",
    ),
    Figure("ladder.verification", "ladder", "100 % handler, 100 % lead", "CP-35"),
    Figure("ladder.improvement_assign", "ladder", "75 % lead, 100 % lead, 150 % office", "CP-21"),
    Figure(
        "ladder.improvement",
        "ladder",
        "75 % handler, 100 % handler, 100 % lead, +2 wd office, +5 wd director",
        "CP-21",
    ),
    Figure("ladder.improvement_effect", "ladder", "100 % office, +2 wd director", "CP-21"),
    Figure("ladder.return_visit", "ladder", "75 % handler, 100 % handler, 100 % lead", "CU-03"),
    Figure("level.normal", "rank", "staff", "CP-36"),
    Figure("level.special", "rank", "supervisor", "CP-36"),
    Figure("level.major", "rank", "middle", "CP-36"),
    Figure("follow_up.tries", "number", "3", "CP-18"),
    Figure("visits.most", "number", "2", "CP-33"),
    Figure("spot_check.share", "number", "20", "CP-23"),
    Figure("complaints.phone", "text", "8000", "CP-01"),
    Figure("complaints.place", "text", "一楼服务台", "CP-01"),
    Figure("retention.normal_years", "number", "1", "CP-20"),
    Figure("retention.important_years", "number", "3", "CP-20"),
    Figure("recurrence.days", "number", "90", "CP-22"),
    Figure("recurrence.times", "number", "3", "CP-22"),
    Figure("recurrence.customer_times", "number", "3", "CP-22"),
    Figure("limit.penalty_statement", "limit", "3 wd", "CP-24"),
    Figure("limit.penalty_appeal", "limit", "5 wd", "CP-24"),
    Figure("limit.penalty_ruling", "limit", "5 wd", "CP-24"),
    Figure("ladder.penalty_statement", "ladder", "75 % handler, 100 % office", "CP-24"),
    Figure(
        "ladder.penalty_ruling", "ladder", "75 % office, 100 % office, 100 % director, 150 % manager", "CP-24"
    ),
    Figure("penalty.cap_percent", "number", "40", "CP-24"),
    Figure("penalty.department_percent", "number", "20", "CP-24"),
    Figure("penalty.points_least", "number", "5", "CP-24"),
    Figure("penalty.points_most", "number", "15", "CP-24"),
    Figure("penalty.least_yuan", "number", "10", "CP-24"),
    Figure("goal.handled", "number", "100", "CP-27"),
    Figure("goal.answered", "number", "100", "CP-27"),
    Figure("goal.upheld", "number", "1", "CP-27"),
    Figure("goal.served", "number", "0", "CP-27"),  # customers a month; 0: those the portal registered
)
FIGURES = {figure.key: figure for figure in SHIPPED}

# What an area does when the office asks that open subjects follow a changed figure: (key, by, now) -> how many moved.
RECOMPUTE: list[Callable[[str, int, datetime], int]] = []


def readable(kind: str, value: str) -> str:
    """The value in its one way of writing; ValueError with the reason when it cannot be read."""
    match kind:
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
    """Put a new value in force from a moment on (GO-05); ValueError when it cannot be read. Inside a write."""
    figure = FIGURES[key]
    row = Policy(
        key=key,
        value=readable(figure.kind, text),
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
        Policy(key=f.key, value=readable(f.kind, f.default), in_force_from=epoch, clause=f.clause, set_at=now)
        for f in SHIPPED
        if f.key not in known
    ]
    db.session.add_all(fresh)
    if fresh:
        reference.changed()
