"""Working time: which hours count, and sums with them."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.calendars import Calendar, NoWorkingTime
from tests.kernel.moments import BERLIN, SHANGHAI, at, calendars, moments

DAY = [["08:30", "12:00"], ["13:30", "17:30"]]
WEEK = dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], DAY)
OFFICE = Calendar.from_json(
    {
        "timezone": "Asia/Shanghai",
        "hours": WEEK,
        "holidays": [f"2026-10-0{day}" for day in range(1, 8)],
        "workdays": {"2026-10-10": [["08:30", "17:30"]]},
        "special": {"2026-12-31": [["08:30", "12:00"]], "2026-12-30": []},
    }
)
ROUND_THE_CLOCK = Calendar(BERLIN, dict.fromkeys(range(7), ((time(0), time(0)),)))
LATE = Calendar(SHANGHAI, {4: ((time(18), time(0)),), 5: ((time(0), time(6)),)})
few = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 9, 30), True),  # a Wednesday
        (date(2026, 9, 27), False),  # a Sunday
        (date(2026, 10, 1), False),  # a holiday
        (date(2026, 10, 10), True),  # a make-up Saturday
        (date(2026, 12, 30), False),  # closed by the company
        (date(2026, 12, 31), True),  # half a day
    ],
)
def test_which_days_are_working_days(day: date, opens: bool) -> None:
    assert OFFICE.is_workday(day) is opens


def test_what_is_said_of_one_day_wins_over_what_is_said_of_many() -> None:
    day, noon, early, late = date(2026, 10, 1), time(12), ((time(8), time(9)),), ((time(20), time(21)),)
    hours = {3: ((noon, time(13)),)}
    assert Calendar(SHANGHAI, hours).spans(day) == hours[3]
    assert Calendar(SHANGHAI, hours, frozenset({day})).spans(day) == ()
    assert Calendar(SHANGHAI, hours, frozenset({day}), {day: early}).spans(day) == early
    assert Calendar(SHANGHAI, hours, frozenset({day}), {day: early}, {day: late}).spans(day) == late
    assert Calendar(SHANGHAI, hours, frozenset(), {day: early}, {day: ()}).spans(day) == ()


@pytest.mark.parametrize(
    ("moment", "next_open"),
    [
        ("Wed 2026-09-30 07:00", "Wed 2026-09-30 08:30"),  # before opening
        ("Wed 2026-09-30 08:30", "Wed 2026-09-30 08:30"),
        ("Wed 2026-09-30 12:00", "Wed 2026-09-30 13:30"),  # lunch
        ("Wed 2026-09-30 17:29", "Wed 2026-09-30 17:29"),
        ("Wed 2026-09-30 17:30", "Thu 2026-10-08 08:30"),  # the whole holiday
        ("Fri 2026-10-09 20:00", "Sat 2026-10-10 08:30"),
        ("Sat 2026-10-10 12:30", "Sat 2026-10-10 12:30"),  # no lunch on that day
        ("Tue 2026-12-29 17:30", "Thu 2026-12-31 08:30"),
        ("Thu 2026-12-31 12:00", "Fri 2027-01-01 08:30"),
    ],
)
def test_when_the_office_opens_next(moment: str, next_open: str) -> None:
    assert OFFICE.next_open(at(moment)) == at(next_open)
    assert OFFICE.is_open(at(moment)) is (moment == next_open)


@pytest.mark.parametrize(
    ("start", "minutes", "ends"),
    [
        ("Mon 2026-03-02 11:00", 60, "Mon 2026-03-02 12:00"),  # used up at lunch, so it ends at lunch
        ("Mon 2026-03-02 11:00", 61, "Mon 2026-03-02 13:31"),
        ("Mon 2026-03-02 12:15", 30, "Mon 2026-03-02 14:00"),
        ("Mon 2026-03-02 13:30", 240, "Mon 2026-03-02 17:30"),  # used up at closing, so it ends at closing
        ("Mon 2026-03-02 17:30", 1, "Tue 2026-03-03 08:31"),
        ("Mon 2026-03-02 12:15", 0, "Mon 2026-03-02 13:30"),
        ("Fri 2026-03-06 17:00", 7 * 60 + 30, "Mon 2026-03-09 17:00"),
    ],
)
def test_working_time_is_added(start: str, minutes: int, ends: str) -> None:
    assert OFFICE.add(at(start), timedelta(minutes=minutes)) == at(ends)
    assert OFFICE.working_between(at(start), at(ends)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "after", "ends"),
    [
        ("Mon 2026-03-02 07:00", 0, "Mon 2026-03-02 17:30"),
        ("Mon 2026-03-02 17:29", 0, "Mon 2026-03-02 17:30"),
        ("Mon 2026-03-02 17:30", 0, "Tue 2026-03-03 17:30"),  # nothing of today is left
        ("Sat 2026-03-07 10:00", 0, "Mon 2026-03-09 17:30"),
        ("Sat 2026-03-07 10:00", 1, "Mon 2026-03-09 17:30"),
        ("Wed 2026-02-25 10:00", 3, "Mon 2026-03-02 17:30"),
        ("Wed 2026-09-30 10:00", 3, "Sat 2026-10-10 17:30"),  # Thu 8, Fri 9, make-up Sat 10
        ("Tue 2026-12-29 10:00", 1, "Thu 2026-12-31 12:00"),  # half a day closes at noon
    ],
)
def test_closing_times_are_counted(start: str, after: int, ends: str) -> None:
    assert OFFICE.closing(at(start), after=after) == at(ends)


@pytest.mark.parametrize(
    ("start", "after", "ends"),
    [
        ("Mon 2026-03-02 00:00", 0, "Mon 2026-03-02 24:00"),
        ("Mon 2026-03-02 23:59", 0, "Tue 2026-03-03 00:00"),
        ("Fri 2028-02-25 10:00", 5, "Wed 2028-03-01 24:00"),  # over the leap day
        ("Fri 2026-03-06 10:00", 2, "Sun 2026-03-08 24:00"),
    ],
)
def test_midnights_are_counted(start: str, after: int, ends: str) -> None:
    assert OFFICE.midnight(at(start), after=after) == at(ends)


def test_the_leap_day_is_a_working_day() -> None:
    assert OFFICE.closing(at("Mon 2028-02-28 10:00"), after=1) == at("Tue 2028-02-29 17:30")


def test_a_span_may_last_till_midnight() -> None:
    friday = at("Fri 2026-03-06 20:00")
    assert LATE.closing(friday) == at("Fri 2026-03-06 24:00")
    assert LATE.closing(at("Fri 2026-03-06 24:00")) == at("Sat 2026-03-07 06:00")
    assert LATE.is_open(at("Fri 2026-03-06 23:59"))
    assert LATE.add(friday, timedelta(hours=5)) == at("Sat 2026-03-07 01:00")
    assert LATE.add(friday, timedelta(hours=4)) == at("Fri 2026-03-06 24:00")


def test_the_company_s_date_counts_not_that_of_greenwich() -> None:
    assert OFFICE.day_of(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert OFFICE.midnight(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)) == at("Mon 2026-03-02 24:00")


# ---------------------------------------------------------------- summer time


def berlin(written: str) -> datetime:
    return at(written, BERLIN)


def test_a_day_on_which_the_clocks_skip_has_23_hours() -> None:
    start, end = berlin("Sun 2026-03-29 00:00"), berlin("Sun 2026-03-29 24:00")
    assert ROUND_THE_CLOCK.working_between(start, end) == timedelta(hours=23) == end - start
    assert ROUND_THE_CLOCK.midnight(start) == end
    assert ROUND_THE_CLOCK.add(start, timedelta(hours=4)) == berlin("Sun 2026-03-29 05:00")


def test_a_day_on_which_the_clocks_go_back_has_25_hours() -> None:
    start, end = berlin("Sun 2026-10-25 00:00"), berlin("Sun 2026-10-25 24:00")
    assert ROUND_THE_CLOCK.working_between(start, end) == timedelta(hours=25) == end - start
    assert ROUND_THE_CLOCK.add(start, timedelta(hours=4)) == berlin("Sun 2026-10-25 03:00")


def test_hours_are_local_in_summer_and_in_winter() -> None:
    office = Calendar(BERLIN, {4: ((time(9), time(17)),), 0: ((time(9), time(17)),)})
    assert office.closing(berlin("Fri 2026-03-27 10:00"), after=1) == berlin("Mon 2026-03-30 17:00")
    assert office.add(berlin("Fri 2026-03-27 16:00"), timedelta(hours=2)) == berlin("Mon 2026-03-30 10:00")


def test_a_skipped_hour_is_no_working_time() -> None:
    sunday = {6: ((time(1), time(2, 30)), (time(2, 40), time(2, 50)), (time(2, 55), time(4)))}
    office = Calendar(BERLIN, sunday)
    start, jump, end = (berlin(f"Sun 2026-03-29 {clock}") for clock in ("01:00", "03:00", "04:00"))
    assert office.working_between(start, end) == timedelta(hours=2)
    assert office.add(start, timedelta(hours=1)) == jump


def test_a_repeated_hour_counts_once_or_twice_as_its_span_says() -> None:
    night = berlin("Sun 2026-10-25 00:00")
    assert Calendar(BERLIN, {6: ((time(1), time(4)),)}).closing(night) - night == timedelta(hours=5)
    assert Calendar(BERLIN, {6: ((time(1), time(2, 30)),)}).closing(night) - night == timedelta(hours=2.5)


def test_a_day_that_a_country_left_out_has_no_working_time() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from Thursday 29 straight to Saturday 31 December 2011
    office = Calendar(apia, dict.fromkeys(range(7), ((time(9), time(17)),)))
    thursday = at("Thu 2011-12-29 10:00", apia)
    assert office.closing(thursday, after=1) == at("Sat 2011-12-31 17:00", apia)
    assert office.add(thursday, timedelta(hours=8)) == at("Sat 2011-12-31 10:00", apia)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    "ask",
    [
        OFFICE.is_open,
        OFFICE.next_open,
        lambda naive: OFFICE.add(naive, timedelta(hours=1)),
        lambda naive: OFFICE.working_between(naive, naive),
        OFFICE.closing,
        OFFICE.midnight,
    ],
)
def test_a_time_without_an_offset_is_refused(ask: Callable[[datetime], object]) -> None:
    with pytest.raises(ValueError, match="without an offset"):
        ask(datetime(2026, 3, 2, 9))  # noqa: DTZ001  that is the point


def test_nothing_negative_is_reckoned() -> None:
    monday = at("Mon 2026-03-02 09:00")
    with pytest.raises(ValueError, match="cannot be negative"):
        OFFICE.add(monday, timedelta(minutes=-1))
    with pytest.raises(ValueError, match="cannot be negative"):
        OFFICE.closing(monday, after=-1)
    with pytest.raises(ValueError, match="cannot be negative"):
        OFFICE.midnight(monday, after=-1)
    assert OFFICE.working_between(monday, monday - timedelta(hours=1)) == timedelta()
    assert OFFICE.working_between(monday, monday - timedelta(days=7)) == timedelta()


def test_a_calendar_without_working_time_says_so_instead_of_searching_for_ever() -> None:
    closed = Calendar(SHANGHAI, {})
    monday = at("Mon 2026-03-02 09:00")
    assert not closed.is_open(monday)
    for ask in (closed.next_open, closed.closing, lambda start: closed.closing(start, after=3)):
        with pytest.raises(NoWorkingTime, match="no working time in the 400 days"):
            ask(monday)
    one_minute_a_week = Calendar(SHANGHAI, {0: ((time(9), time(9, 1)),)})
    with pytest.raises(NoWorkingTime, match="too little working time"):
        one_minute_a_week.add(monday, timedelta(days=365))


def test_a_calendar_may_be_closed_for_almost_400_days() -> None:
    reopening = date(2027, 4, 1)
    closed = Calendar(SHANGHAI, {}, special={reopening: ((time(9), time(17)),)})
    assert closed.closing(at("Mon 2026-03-02 09:00")) == at("Thu 2027-04-01 17:00")


# ---------------------------------------------------------------- calendar files


def test_a_calendar_file_is_written_as_it_was_read() -> None:
    written = json.loads(json.dumps(OFFICE.to_json()))
    assert written["hours"] == WEEK
    assert written["workdays"] == {"2026-10-10": [["08:30", "17:30"]]}
    assert written["special"] == {"2026-12-30": [], "2026-12-31": [["08:30", "12:00"]]}
    assert Calendar.from_json(written) == OFFICE
    assert Calendar.from_json(LATE.to_json()) == LATE
    assert LATE.to_json()["hours"]["fri"] == [["18:00", "24:00"]]


def test_spans_may_be_written_in_any_order_and_touch() -> None:
    hours = {"mon": [["13:00", "17:00"], ["09:00", "13:00"]]}
    office = Calendar.from_json({"timezone": "Asia/Shanghai", "hours": hours})
    assert office.spans(date(2026, 3, 2)) == ((time(9), time(13)), (time(13), time(17)))
    assert office.is_open(at("Mon 2026-03-02 13:00"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hours": {"monday": DAY}}, "hours: expected a weekday .* 'monday'"),
        ({"hours": {"mon": [["8:30", "12:00"]]}}, "hours.mon: expected a time .* '8:30'"),
        ({"hours": {"mon": [["08:30", "25:00"]]}}, "hours.mon: expected a time .* '25:00'"),
        ({"hours": {"mon": [["24:00", "24:00"]]}}, "hours.mon: expected a time .* '24:00'"),
        ({"hours": {"mon": [["08:30", "00:00"]]}}, "hours.mon: .* written 24:00"),
        ({"hours": {"mon": [["08:30", 17]]}}, "hours.mon: expected a time .* 17"),
        ({"hours": {"mon": [["0８:30", "12:00"]]}}, "hours.mon: expected a time"),
        ({"hours": {"mon": [["12:00", "08:30"]]}}, "hours.mon: .* 12:00 to 08:30 runs backwards"),
        ({"hours": {"mon": [["08:30", "08:30"]]}}, "hours.mon: .* runs backwards"),
        ({"hours": {"mon": [["08:30", "12:00"], ["11:00", "13:00"]]}}, "hours.mon: .* 11:00 begins before"),
        ({"hours": {"mon": [["08:30", "24:00"], ["11:00", "13:00"]]}}, "hours.mon: .* 11:00 begins before"),
        ({"hours": {"mon": [["08:30"]]}}, "hours.mon: a span has a beginning and an end"),
        ({"hours": {"mon": "08:30-12:00"}}, "hours.mon: expected a list"),
        ({"hours": [DAY]}, "hours: expected an object"),
        ({"holidays": ["2026-02-30"]}, "holidays: there is no day '2026-02-30'"),
        ({"holidays": ["20261001"]}, "holidays: expected a date .* '20261001'"),
        ({"holidays": [20261001]}, "holidays: expected a date"),
        ({"holidays": "2026-10-01"}, "holidays: expected a list"),
        ({"workdays": {"10-10": DAY}}, "workdays: expected a date .* '10-10'"),
        ({"workdays": {"2026-10-10": []}}, "workdays.2026-10-10: a make-up day needs hours"),
        ({"workdays": ["2026-10-10"]}, "workdays: expected an object"),
        ({"special": {"2026-12-31": [["12:00", "09:00"]]}}, "special.2026-12-31: .* backwards"),
        ({"timezone": "Asia/Nowhere"}, "timezone: there is no time zone 'Asia/Nowhere'"),
        ({"timezone": "../etc/passwd"}, "timezone: there is no time zone"),
        ({"timezone": "Asia"}, "timezone: there is no time zone 'Asia'"),
        ({"timezone": "x" * 5000}, "timezone: there is no time zone 'x+…$"),
        ({"timezone": 8}, "timezone: expected a name"),
        ({"holiday": []}, "calendar: unknown part 'holiday'"),
    ],
)
def test_a_bad_calendar_file_is_refused_with_the_part_named(change: dict[str, Any], says: str) -> None:
    good = {"timezone": "Asia/Shanghai", "hours": WEEK}
    with pytest.raises(ValueError, match=says):
        Calendar.from_json(good | change)


@pytest.mark.parametrize("part", ["timezone", "hours"])
def test_a_calendar_file_needs_a_time_zone_and_hours(part: str) -> None:
    good = {"timezone": "Asia/Shanghai", "hours": WEEK}
    with pytest.raises(ValueError, match=f"'{part}' is missing"):
        Calendar.from_json({key: value for key, value in good.items() if key != part})


def test_a_calendar_file_is_an_object() -> None:
    with pytest.raises(ValueError, match="calendar: expected an object"):
        Calendar.from_json([])


def test_a_weekday_has_a_number_from_0_to_6() -> None:
    with pytest.raises(ValueError, match="weekdays are 0 to 6, not 7"):
        Calendar(SHANGHAI, {7: ((time(9), time(17)),)})


# ---------------------------------------------------------------- what holds for every calendar

amounts = st.timedeltas(timedelta(), timedelta(hours=60))


@few
@given(calendars(), moments, amounts)
def test_what_was_added_lies_between(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    end = calendar.add(start, amount)
    assert end >= start
    assert end.tzinfo is UTC
    assert calendar.working_between(start, end) == amount


@few
@given(calendars(), moments, moments, amounts, amounts)
def test_later_and_longer_end_later(
    calendar: Calendar, start: datetime, other: datetime, amount: timedelta, more: timedelta
) -> None:
    first, last = sorted((start, other))
    assert calendar.add(first, amount) <= calendar.add(last, amount)
    assert calendar.add(start, amount) <= calendar.add(start, amount + more)
    for after in range(3):
        assert calendar.closing(first, after=after) <= calendar.closing(last, after=after)
        assert calendar.closing(start, after=after) <= calendar.closing(start, after=after + 1)


@few
@given(calendars(), moments, st.integers(0, 5))
def test_a_closing_time_is_one(calendar: Calendar, start: datetime, after: int) -> None:
    closing = calendar.closing(start, after=after)
    assert closing > start
    assert calendar.is_open(closing - timedelta(microseconds=1))
    day = calendar.day_of(closing - timedelta(microseconds=1))
    assert (
        calendar.working_between(closing, calendar.midnight(closing - timedelta(microseconds=1)))
        == timedelta()
    )
    assert calendar.is_workday(day)
    assert after == 0 or (day - calendar.day_of(start)).days >= after


@settings(max_examples=25, deadline=None)
@given(calendars(), moments, st.integers(0, 2 * 24 * 12))
def test_working_time_is_the_sum_of_the_open_moments(calendar: Calendar, start: datetime, steps: int) -> None:
    step = timedelta(minutes=5)
    start = start.replace(minute=0, second=0, microsecond=0)  # every opening time lies on the grid
    open_steps = sum(calendar.is_open(start + number * step) for number in range(steps))
    assert calendar.working_between(start, start + steps * step) == open_steps * step


@few
@given(calendars())
def test_every_calendar_survives_its_file(calendar: Calendar) -> None:
    assert Calendar.from_json(json.loads(json.dumps(calendar.to_json()))) == calendar
