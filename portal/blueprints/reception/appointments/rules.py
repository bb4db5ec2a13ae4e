"""The days of a recurring appointment, and where they move; pure (RC-19)."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from portal.blueprints.reception.appointments.codes import MOST, Repeat
from portal.kernel.calendars import Calendar

NO_END = date(2199, 12, 31)


def occurrences(first: date, repeat: Repeat, until: date, calendar: Calendar) -> list[date]:
    """The days of a series: the first as it was chosen, then those until the last day on which the office opens.

    One more than MOST at the most, so that a caller sees that it is too long.
    """
    days = [first]
    for day in _candidates(first, repeat):
        if day > min(until, NO_END) or len(days) > MOST:
            break
        if calendar.is_workday(day):
            days.append(day)
    return days


def _candidates(first: date, repeat: Repeat) -> Iterator[date]:
    """The days after the first by the plain calendar; of a month that is too short its last day."""
    for n in count(1):
        match repeat:
            case Repeat.WEEKLY:
                yield first + timedelta(weeks=n)
            case Repeat.WORKDAYS:
                yield first + timedelta(days=n)
            case Repeat.MONTHLY:
                year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
                last = months.monthrange(year, month + 1)[1]
                yield date(year, month + 1, min(first.day, last))


def on_day(moment: datetime, day: date, calendar: Calendar) -> datetime:
    """The same time of the clock on another day."""
    local = moment.astimezone(calendar.timezone)
    return local.replace(year=day.year, month=day.month, day=day.day)


def shifted(moment: datetime, was: datetime, to: datetime, calendar: Calendar) -> datetime:
    """Where one of the following goes when the first of them is moved: as many days on, at the new time of the clock.

    A day off becomes the next day on which the office opens.
    """
    zone = calendar.timezone
    on = to.astimezone(zone).date() - was.astimezone(zone).date()
    day = moment.astimezone(zone).date() + on
    if on:
        day = next_workday(day, calendar)
    return on_day(to, day, calendar)


def next_workday(day: date, calendar: Calendar) -> date:
    """The day itself if the office opens, else the next on which it does; within a year."""
    return next((day + timedelta(n) for n in range(366) if calendar.is_workday(day + timedelta(n))), day)
