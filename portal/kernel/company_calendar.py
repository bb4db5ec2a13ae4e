"""The working calendar in force: weekly hours and single days, kept by the general office."""

from __future__ import annotations

import enum
import json
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock, reference
from portal.kernel.calendars import WEEKDAYS, Calendar
from portal.kernel.db import Model, db, short
from portal.kernel.holidays import known_years, missing_years, statutory


class DayKind(enum.StrEnum):
    HOLIDAY = "holiday"
    WORKDAY = "workday"  # a make-up day
    COMPANY = "company"  # the company's own closed, half or extra day


class WeekHours(Model):
    """The hours of one weekday, as JSON spans."""

    __tablename__ = "week_hours"

    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    spans: Mapped[str] = mapped_column(sa.String(400))


class SpecialDay(Model):
    """A day that is not like its weekday."""

    __tablename__ = "special_days"
    history_kind = "special_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date, unique=True)
    kind: Mapped[DayKind] = mapped_column(short(DayKind))
    spans: Mapped[str] = mapped_column(sa.String(400), default="[]")
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    shipped: Mapped[bool] = mapped_column(default=False)


def current() -> Calendar:
    """The calendar in force."""
    return reference.kept("calendar", lambda: Calendar.from_json(_read()))


def _read() -> dict[str, Any]:
    hours = {
        WEEKDAYS[weekday]: json.loads(spans)
        for weekday, spans in db.session.execute(sa.select(WeekHours.weekday, WeekHours.spans))
    }
    written: dict[str, Any] = {"timezone": str(clock.zone()), "hours": hours}
    written |= {"holidays": [], "workdays": {}, "special": {}}
    for day in db.session.scalars(sa.select(SpecialDay).order_by(SpecialDay.day)):
        match day.kind:
            case DayKind.HOLIDAY:
                written["holidays"].append(day.day.isoformat())
            case DayKind.WORKDAY:
                written["workdays"][day.day.isoformat()] = json.loads(day.spans)
            case DayKind.COMPANY:
                written["special"][day.day.isoformat()] = json.loads(day.spans)
    return written


def load_shipped() -> None:
    """Weekly hours and the public holidays the library knows; days already there stay as they are. Inside a write."""
    if not db.session.scalar(sa.select(sa.func.count()).select_from(WeekHours)):
        usual = json.dumps([["08:30", "12:00"], ["13:30", "17:30"]])
        db.session.add_all(WeekHours(weekday=n, spans=usual if n < 5 else "[]") for n in range(7))
        reference.changed()
    there = set(db.session.scalars(sa.select(SpecialDay.day)))
    holidays, workdays = statutory(known_years())
    usual = json.dumps([["08:30", "12:00"], ["13:30", "17:30"]])
    fresh = [
        SpecialDay(day=day, kind=DayKind.HOLIDAY, name=name, shipped=True)
        for day, name in holidays.items()
        if day not in there
    ]
    fresh += [
        SpecialDay(day=day, kind=DayKind.WORKDAY, spans=usual, name=name, shipped=True)
        for day, name in workdays.items()
        if day not in there
    ]
    db.session.add_all(fresh)
    if fresh:
        reference.changed()


def years_missing(now: datetime) -> list[int]:
    """This year and the next, as far as neither the library nor the office has told their holidays."""
    return missing_years(clock.local(now).date(), reference.kept("calendar_years", _read_years))


def _read_years() -> list[int]:
    days = db.session.scalars(sa.select(SpecialDay.day).where(SpecialDay.kind == DayKind.HOLIDAY))
    return sorted({day.year for day in days})
