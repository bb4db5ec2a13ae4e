"""The calendar as the office sees it: the week, a year's special days, the year at a glance."""

from __future__ import annotations

import calendar as months
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.blueprints.office.calendar.forms import shown
from portal.i18n import listed
from portal.kernel import company_calendar
from portal.kernel.calendars import WEEKDAYS, Calendar
from portal.kernel.company_calendar import SpecialDay, WeekHours
from portal.kernel.db import db


@dataclass(frozen=True)
class Cell:
    """One day of the year at a glance: a tone for the eye, words for everybody."""

    day: date
    tone: str
    hours: str


def week() -> list[tuple[str, str]]:
    """Code and hours of each weekday."""
    rows = dict(db.session.execute(sa.select(WeekHours.weekday, WeekHours.spans)).all())
    return [(code, shown(json.loads(rows.get(number, "[]")))) for number, code in enumerate(WEEKDAYS)]


def special_days(year: int) -> Sequence[tuple[SpecialDay, str]]:
    """The days of a year that are not like their weekday, and their hours."""
    within = SpecialDay.day.between(date(year, 1, 1), date(year, 12, 31))
    rows = db.session.scalars(sa.select(SpecialDay).where(within).order_by(SpecialDay.day))
    return [(row, shown(json.loads(row.spans))) for row in rows]


def year(number: int) -> list[tuple[int, list[list[Cell | None]]]]:
    """The months of a year as weeks from Monday, days of other months left out."""
    in_force = company_calendar.current()
    drawn = []
    for month in range(1, 13):
        weeks = months.Calendar().monthdatescalendar(number, month)
        drawn.append(
            (month, [[_cell(day, in_force) if day.month == month else None for day in w] for w in weeks])
        )
    return drawn


def _cell(day: date, in_force: Calendar) -> Cell:
    spans = in_force.spans(day)
    hours = listed(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)
    usual = bool(in_force.hours.get(day.weekday()))
    if bool(spans) == usual and day not in in_force.special:
        return Cell(day, "" if spans else "note", hours)
    return Cell(day, "ok" if spans else "bad", hours)
