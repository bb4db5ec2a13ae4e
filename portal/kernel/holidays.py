"""Public holidays and make-up workdays in China, and the calendar that an office starts with.

The tables come from the library `chinesecalendar`, which knows the years whose notice the State Council has
published (usually in November for the next one). It lists a holiday's weekend days and the days off in lieu
among the holidays, and the Saturdays and Sundays worked instead as workdays, each under the name of its
holiday.
"""

from collections.abc import Collection, Iterable
from datetime import date, time
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.kernel.calendars import Calendar, Spans

OFFICE_HOURS: Spans = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))


class Statutory(NamedTuple):
    """The days off and the make-up workdays of some years, each with the English name of its holiday."""

    holidays: dict[date, str]
    workdays: dict[date, str]


def statutory(years: Iterable[int]) -> Statutory:
    """The published tables of `years`; ValueError for a year without one: a guess would be wrong unseen."""
    wanted = set(years)
    if unknown := sorted(wanted - known_years()):
        raise ValueError(f"there is no table of public holidays for {unknown[0]}")
    library = _library()
    return Statutory(
        holidays={day: name for day, name in sorted(library.holidays.items()) if day.year in wanted},
        workdays={day: name for day, name in sorted(library.workdays.items()) if day.year in wanted},
    )


@cache
def known_years() -> frozenset[int]:
    """The years whose public holidays the library knows."""
    return frozenset(day.year for day in _library().holidays)


def missing_years(today: date, entered: Collection[int] = ()) -> list[int]:
    """This year and the next, as far as nobody knows their holidays: neither the library nor the office.

    `entered` are the years whose table the office has put in by hand. What is left here is worth a warning:
    limits that reach into such a year are reckoned as if it had weekends only.
    """
    known = known_years().union(entered)
    return [year for year in (today.year, today.year + 1) if year not in known]


@cache
def default_calendar(timezone: str = "Asia/Shanghai") -> Calendar:
    """Monday to Friday 08:30-12:00 and 13:30-17:30, with every published holiday and make-up day.

    A make-up day has the hours of a weekday. A year without a table has its weekends only; see
    `missing_years`.
    """
    known = statutory(known_years())
    return Calendar(
        timezone=ZoneInfo(timezone),
        hours=dict.fromkeys(range(5), OFFICE_HOURS),
        holidays=frozenset(known.holidays),
        workdays=dict.fromkeys(known.workdays, OFFICE_HOURS),
    )


def _library() -> Any:
    # Loaded when first asked for, so that starting the portal does not wait for twenty years of tables.
    import chinese_calendar

    return chinese_calendar
