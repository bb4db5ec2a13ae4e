"""China's holidays as published, and the calendar an office starts with."""

from datetime import date

import pytest

from portal.kernel.holidays import OFFICE_HOURS, default_calendar, known_years, missing_years, statutory


def test_2026_is_as_the_state_council_published_it() -> None:
    tables = statutory([2026])
    assert [f"{day:%a %m-%d}" for day in tables.workdays] == [
        "Sun 01-04",
        "Sat 02-14",
        "Sat 02-28",
        "Sat 05-09",
        "Sun 09-20",
        "Sat 10-10",
    ]
    assert len(tables.holidays) == 33
    assert tables.holidays[date(2026, 10, 1)] == "National Day"
    assert tables.holidays[date(2026, 2, 20)] == "Spring Festival"  # a day off in lieu
    assert date(2026, 10, 8) not in tables.holidays
    assert {day.year for day in (*tables.holidays, *tables.workdays)} == {2026}


def test_several_years_are_read_at_once() -> None:
    both = statutory([2025, 2026])
    assert both.holidays == statutory([2025]).holidays | statutory([2026]).holidays


def test_a_year_without_a_table_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="no table of public holidays for 1999"):
        statutory([2026, 1999])


def test_this_year_and_the_next_are_missed_when_nobody_knows_them() -> None:
    last = max(known_years())
    assert {2025, 2026} <= known_years()
    assert missing_years(date(last - 1, 11, 22)) == []
    assert missing_years(date(last, 11, 22)) == [last + 1]
    assert missing_years(date(last + 1, 1, 2)) == [last + 1, last + 2]
    assert missing_years(date(last + 1, 1, 2), entered={last + 1}) == [last + 2]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 10), True),  # a make-up Saturday
        (date(2026, 10, 11), False),  # the Sunday after it
        (date(2026, 10, 12), True),  # a Monday
        (date(2026, 10, 5), False),  # a holiday
        (date(2026, 10, 3), False),  # a holiday's Saturday
    ],
)
def test_an_office_starts_with_the_published_days(day: date, works: bool) -> None:
    assert default_calendar().is_workday(day) is works
    assert default_calendar().spans(day) == (OFFICE_HOURS if works else ())


def test_an_office_elsewhere_keeps_its_own_time() -> None:
    assert default_calendar("Asia/Urumqi").timezone.key == "Asia/Urumqi"
    assert default_calendar().timezone.key == "Asia/Shanghai"
