"""Kinds of days and spans of shifts: pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.duty.posts import rules
from portal.blueprints.duty.posts.codes import DayKind
from portal.kernel import holidays
from portal.kernel.calendars import Calendar

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """The company's calendar of 2026 as it ships."""
    return holidays.default_calendar()


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-10-01", DayKind.HOLIDAY),  # National Day
        ("2026-10-10", DayKind.MAKE_UP),  # a Saturday that is worked instead
        ("2026-10-09", DayKind.WORKDAY),
        ("2026-10-11", DayKind.REST_DAY),
    ],
)
def test_the_sort_of_day(day: str, kind: DayKind, calendar: Calendar) -> None:
    assert rules.day_kind(date.fromisoformat(day), calendar) is kind


@pytest.mark.parametrize(
    ("day", "special", "needed"),
    [
        ("2026-10-01", False, True),
        ("2026-10-10", False, False),
        ("2026-10-09", True, True),
        ("2026-10-11", False, False),
    ],
)
def test_when_a_manager_is_needed(day: str, special: bool, needed: bool, calendar: Calendar) -> None:
    assert rules.needs_manager(date.fromisoformat(day), calendar, special) is needed


def test_a_night_shift_ends_tomorrow() -> None:
    begins, ends = rules.span(date(2026, 3, 2), "22:00", "06:00", ZONE)
    assert begins == datetime(2026, 3, 2, 22, tzinfo=ZONE)
    assert ends == datetime(2026, 3, 3, 6, tzinfo=ZONE)


TIMES = st.times().map(lambda at: at.strftime("%H:%M"))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), TIMES, TIMES)
def test_a_shift_lasts_as_long_as_its_minutes(day: date, starts: str, ends: str) -> None:
    begins, until = rules.span(day, starts, ends, ZONE)
    assert until - begins == timedelta(minutes=rules.minutes(starts, ends))
    assert timedelta() < until - begins <= timedelta(days=1)
