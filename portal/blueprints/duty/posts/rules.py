"""What sort of day it is, and when a shift begins and ends; pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.blueprints.duty.posts.codes import DayKind
from portal.kernel.calendars import Calendar

SATURDAY = 5


def day_kind(day: date, calendar: Calendar) -> DayKind:
    """DR-06: by the calendar of public holidays and make-up workdays; what else is closed is a rest day."""
    if day in calendar.workdays:
        return DayKind.MAKE_UP
    if day in calendar.holidays:
        return DayKind.HOLIDAY
    return DayKind.WORKDAY if day.weekday() < SATURDAY else DayKind.REST_DAY


def needs_manager(day: date, calendar: Calendar, special: bool) -> bool:
    """DR-06: on a public holiday, and on a day the office has marked, somebody of middle rank or higher is on duty."""
    return special or day_kind(day, calendar) is DayKind.HOLIDAY


def span(day: date, starts: str, ends: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of a shift of that day in UTC, from `08:30` and `17:30`; an end not after the start is tomorrow's."""
    begins, until = time.fromisoformat(starts), time.fromisoformat(ends)
    last = day + timedelta(days=1) if until <= begins else day
    return (
        datetime.combine(day, begins, zone).astimezone(UTC),
        datetime.combine(last, until, zone).astimezone(UTC),
    )


def minutes(starts: str, ends: str, break_minutes: int = 0) -> int:
    """Working minutes of a kind of shift, without its break."""
    begins, until = time.fromisoformat(starts), time.fromisoformat(ends)
    long = (until.hour * 60 + until.minute) - (begins.hour * 60 + begins.minute)
    return (long if long > 0 else long + 24 * 60) - break_minutes
