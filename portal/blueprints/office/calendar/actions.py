"""What happens to the calendar; each inside a write. Limits that run already keep the end they have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from portal.kernel import history, reference
from portal.kernel.company_calendar import DayKind, SpecialDay, WeekHours
from portal.kernel.db import db
from portal.kernel.workflow import Reason, Refused


class Weekday:
    """A weekday as history knows it: 1 is Monday."""

    history_kind = "week_hours"

    def __init__(self, weekday: int) -> None:
        self.id = weekday + 1


def set_hours(weekday: int, spans: list[list[str]], *, reason: str, by: int, now: datetime) -> None:
    """The hours of a weekday (0 is Monday) from now on; Refused when no weekday would have any."""
    rows = {row.weekday: row for row in db.session.scalars(sa.select(WeekHours).with_for_update())}
    if not spans and all(row.spans == "[]" for row in rows.values() if row.weekday != weekday):
        raise Refused([Reason("GO-05", "no_hours")])
    row = rows.get(weekday)
    if row is None:
        row = WeekHours(weekday=weekday, spans="[]")
        db.session.add(row)
    was, row.spans = row.spans, json.dumps(spans)
    history.record(
        Weekday(weekday), "week_hours:set", by=by, now=now, hours=row.spans, was=was, words={"reason": reason}
    )
    reference.changed()


def set_days(
    days: Iterable[date],
    *,
    kind: DayKind,
    spans: list[list[str]],
    name: str,
    reason: str,
    by: int,
    now: datetime,
) -> None:
    """Make days be of a kind, whatever they were."""
    wanted = list(days)
    there = {
        row.day: row for row in db.session.scalars(sa.select(SpecialDay).where(SpecialDay.day.in_(wanted)))
    }
    for day in wanted:
        row = there.get(day)
        was = f"{row.kind} {row.spans}" if row else None
        if row is None:
            row = SpecialDay(day=day)
            db.session.add(row)
        row.kind, row.spans, row.name, row.shipped = kind, json.dumps(spans), name, False
        db.session.flush()
        history.record(
            row,
            "special_day:set",
            by=by,
            now=now,
            day=day,
            kind=kind,
            hours=row.spans,
            was=was,
            words={"reason": reason, "name": name},
        )
    reference.changed()


def remove_day(row: SpecialDay, *, reason: str, by: int, now: datetime) -> None:
    """Make a day be like its weekday again."""
    history.record(
        row,
        "special_day:remove",
        by=by,
        now=now,
        day=row.day,
        kind=row.kind,
        was=row.spans,
        words={"reason": reason},
    )
    db.session.delete(row)
    reference.changed()
