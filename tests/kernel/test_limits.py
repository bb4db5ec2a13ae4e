"""What a limit means: tables to be checked with a wall calendar, and what holds for every limit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.calendars import Calendar, NoWorkingTime
from portal.kernel.holidays import default_calendar
from portal.kernel.limits import MOST, Limit, Pause, answer_lines, due, part
from tests.kernel.moments import BERLIN, SHANGHAI, at, calendars, moments

CALENDAR = default_calendar()  # Monday to Friday 08:30-12:00, 13:30-17:30, with China's holidays
few = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("started", "limit", "runs_out"),
    [
        # time that simply passes
        ("Mon 2026-03-02 11:00", "30 min", "Mon 2026-03-02 11:30"),
        ("Sat 2026-03-07 23:50", "30 min", "Sun 2026-03-08 00:20"),
        ("Mon 2026-03-02 11:00", "0 min", "Mon 2026-03-02 11:00"),
        ("Wed 2026-09-30 17:00", "24 h", "Thu 2026-10-01 17:00"),
        ("Mon 2028-02-28 12:00", "24 h", "Tue 2028-02-29 12:00"),
        ("Mon 2026-03-02 11:00", "0.25 h", "Mon 2026-03-02 11:15"),
        # working hours
        ("Mon 2026-03-02 11:00", "4 wh", "Mon 2026-03-02 16:30"),  # over lunch
        ("Mon 2026-03-02 11:45", "0.5 wh", "Mon 2026-03-02 13:45"),
        ("Mon 2026-03-02 11:30", "0.5 wh", "Mon 2026-03-02 12:00"),  # used up exactly at lunch
        ("Mon 2026-03-02 12:30", "0.5 wh", "Mon 2026-03-02 14:00"),  # taken in at lunch
        ("Mon 2026-03-02 07:00", "0.5 wh", "Mon 2026-03-02 09:00"),  # taken in before opening
        ("Mon 2026-03-02 13:30", "4 wh", "Mon 2026-03-02 17:30"),  # used up exactly at closing
        ("Mon 2026-03-02 17:30", "0.5 wh", "Tue 2026-03-03 09:00"),
        ("Mon 2026-03-02 19:00", "0 wh", "Tue 2026-03-03 08:30"),
        ("Wed 2026-09-30 17:00", "1.5 wh", "Thu 2026-10-08 09:30"),  # over the holidays
        ("Sun 2026-10-04 10:00", "0.5 wh", "Thu 2026-10-08 09:00"),  # taken in on a holiday
        ("Fri 2026-10-09 17:00", "1 wh", "Sat 2026-10-10 09:00"),  # into a make-up Saturday
        # working days
        ("Mon 2026-03-02 11:00", "3 wd", "Thu 2026-03-05 17:30"),
        ("Fri 2026-03-06 11:00", "1 wd", "Mon 2026-03-09 17:30"),
        ("Sat 2026-03-07 11:00", "1 wd", "Mon 2026-03-09 17:30"),
        ("Wed 2026-09-30 11:00", "2 wd", "Fri 2026-10-09 17:30"),
        ("Wed 2026-09-30 11:00", "7 wd", "Thu 2026-10-15 17:30"),  # make-up Saturday the 10th is the third
        ("Fri 2026-02-13 11:00", "2 wd", "Tue 2026-02-24 17:30"),  # make-up Saturday the 14th is the first
        ("Mon 2026-03-02 07:00", "0 wd", "Mon 2026-03-02 17:30"),
        ("Mon 2026-03-02 17:29", "0 wd", "Mon 2026-03-02 17:30"),
        ("Mon 2026-03-02 17:30", "0 wd", "Tue 2026-03-03 17:30"),  # nothing left of today
        ("Sun 2026-10-04 10:00", "0 wd", "Thu 2026-10-08 17:30"),
        ("Mon 2028-02-28 10:00", "1 wd", "Tue 2028-02-29 17:30"),  # the leap day
        # days
        ("Mon 2026-03-02 11:00", "2 d", "Wed 2026-03-04 24:00"),
        ("Mon 2026-03-02 00:00", "0 d", "Mon 2026-03-02 24:00"),
        ("Wed 2026-09-30 23:59", "0 d", "Wed 2026-09-30 24:00"),
        ("Mon 2028-02-28 10:00", "2 d", "Wed 2028-03-01 24:00"),
    ],
)
def test_a_limit_runs_out(started: str, limit: str, runs_out: str) -> None:
    assert due(at(started), limit, CALENDAR) == at(runs_out)


def test_plain_time_passes_through_the_night_the_clocks_change() -> None:
    started = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    office = Calendar(BERLIN, CALENDAR.hours)
    assert due(started, "24 h", office) == at("Sun 2026-03-29 13:00", BERLIN)  # 24 hours, not a day
    assert due(started, "1 d", office) == at("Sun 2026-03-29 24:00", BERLIN)


# ---------------------------------------------------------------- pauses


@pytest.mark.parametrize(
    ("limit", "paused", "runs_out"),
    [
        # all started on Mon 2026-03-02 10:00
        ("4 h", [("Mon 2026-03-02 11:00", "Mon 2026-03-02 12:30")], "Mon 2026-03-02 15:30"),
        ("4 h", [("Mon 2026-03-02 14:00", "Mon 2026-03-02 15:00")], "Mon 2026-03-02 14:00"),  # it was over
        ("4 h", [("Mon 2026-03-02 08:00", "Mon 2026-03-02 10:30")], "Mon 2026-03-02 14:30"),
        ("4 h", [("Mon 2026-03-02 08:00", "Mon 2026-03-02 09:00")], "Mon 2026-03-02 14:00"),
        (  # two pauses, the first prolonging into the second
            "4 h",
            [
                ("Mon 2026-03-02 14:30", "Mon 2026-03-02 15:30"),
                ("Mon 2026-03-02 11:00", "Mon 2026-03-02 12:00"),
            ],
            "Mon 2026-03-02 16:00",
        ),
        (  # overlapping pauses count once
            "4 h",
            [
                ("Mon 2026-03-02 11:00", "Mon 2026-03-02 12:00"),
                ("Mon 2026-03-02 11:30", "Mon 2026-03-02 12:30"),
            ],
            "Mon 2026-03-02 15:30",
        ),
        ("4 wh", [("Mon 2026-03-02 11:00", "Mon 2026-03-02 14:00")], "Mon 2026-03-02 17:00"),  # 1.5 of them
        ("4 wh", [("Mon 2026-03-02 12:00", "Mon 2026-03-02 13:30")], "Mon 2026-03-02 15:30"),  # only lunch
        ("4 wh", [("Mon 2026-03-02 15:00", "Wed 2026-03-04 09:00")], "Wed 2026-03-04 09:30"),
        ("3 wd", [("Tue 2026-03-03 10:00", "Tue 2026-03-03 16:00")], "Thu 2026-03-05 17:30"),
        ("3 wd", [("Tue 2026-03-03 10:00", "Wed 2026-03-04 16:00")], "Fri 2026-03-06 17:30"),
        ("3 wd", [("Tue 2026-03-03 18:00", "Wed 2026-03-04 08:00")], "Thu 2026-03-05 17:30"),  # a night
        ("3 wd", [("Tue 2026-03-03 10:00", "Mon 2026-03-09 09:00")], "Wed 2026-03-11 17:30"),  # Tue..Fri
        ("3 wd", [("Thu 2026-03-05 16:00", "Thu 2026-03-05 20:00")], "Fri 2026-03-06 17:30"),  # slept through
        ("3 wd", [("Thu 2026-03-05 17:30", "Mon 2026-03-09 09:00")], "Thu 2026-03-05 17:30"),  # it was over
        ("3 wd", [("Thu 2026-03-05 16:00", "Thu 2026-03-05 17:30")], "Fri 2026-03-06 17:30"),  # till closing
        ("3 wd", [("Thu 2026-02-26 10:00", "Mon 2026-03-02 11:00")], "Thu 2026-03-05 17:30"),  # from before
        ("0 wd", [("Mon 2026-03-02 11:00", "Tue 2026-03-03 11:00")], "Tue 2026-03-03 17:30"),
        ("1 wd", [("Mon 2026-03-02 11:00", "Tue 2026-03-03 11:00")], "Wed 2026-03-04 17:30"),
        ("2 d", [("Tue 2026-03-03 10:00", "Tue 2026-03-03 16:00")], "Wed 2026-03-04 24:00"),
        ("2 d", [("Tue 2026-03-03 10:00", "Fri 2026-03-06 16:00")], "Sat 2026-03-07 24:00"),
        ("2 d", [("Thu 2026-03-05 00:00", "Fri 2026-03-06 16:00")], "Wed 2026-03-04 24:00"),  # it was over
        (  # touching pauses sleep through one closing time once
            "3 wd",
            [
                ("Tue 2026-03-03 16:00", "Tue 2026-03-03 17:30"),
                ("Tue 2026-03-03 17:30", "Wed 2026-03-04 09:00"),
            ],
            "Fri 2026-03-06 17:30",
        ),
    ],
)
def test_paused_time_does_not_count(limit: str, paused: list[tuple[str, str]], runs_out: str) -> None:
    pauses = [(at(begins), at(ends)) for begins, ends in paused]
    started = at("Mon 2026-03-02 10:00")
    assert due(started, limit, CALENDAR, pauses) == at(runs_out)
    assert part(started, limit, CALENDAR, 1, pauses) == at(runs_out)


@pytest.mark.parametrize("limit", ["4 h", "4 wh", "3 wd", "3 d"])
def test_a_resting_limit_has_no_end_yet(limit: str) -> None:
    started = at("Mon 2026-03-02 10:00")
    resting: list[Pause] = [(at("Mon 2026-03-02 13:45"), None)]
    assert due(started, limit, CALENDAR, resting) is None
    assert part(started, limit, CALENDAR, 1, resting) is None
    assert due(started, limit, CALENDAR, [*resting, (at("Wed 2026-03-04 09:00"), None)]) is None
    late: list[Pause] = [(at("Mon 2026-04-06 09:00"), None)]  # it had run out before
    assert due(started, limit, CALENDAR, late) == due(started, limit, CALENDAR)


def test_a_warning_that_came_before_the_pause_stays() -> None:
    resting: list[Pause] = [(at("Mon 2026-03-02 13:45"), None)]
    assert part(at("Mon 2026-03-02 10:00"), "4 h", CALENDAR, 0.75, resting) == at("Mon 2026-03-02 13:00")


def test_a_pause_has_offsets_and_runs_forwards() -> None:
    started = at("Mon 2026-03-02 10:00")
    with pytest.raises(ValueError, match="cannot end before"):
        due(started, "4 h", CALENDAR, [(started, started - timedelta(minutes=1))])
    with pytest.raises(ValueError, match="without an offset"):
        due(started, "4 h", CALENDAR, [(datetime(2026, 3, 2, 10), None)])  # noqa: DTZ001  that is the point


# ---------------------------------------------------------------- a part of a limit


@pytest.mark.parametrize(
    ("started", "limit", "fraction", "reached"),
    [
        ("Mon 2026-03-02 11:00", "4 h", "0.75", "Mon 2026-03-02 14:00"),
        ("Mon 2026-03-02 11:00", "4 wh", "0.75", "Mon 2026-03-02 15:30"),
        ("Mon 2026-03-02 11:00", "4 wh", "0.25", "Mon 2026-03-02 12:00"),
        ("Mon 2026-03-02 11:00", "4 wh", "2", "Tue 2026-03-03 11:30"),
        ("Mon 2026-03-02 08:30", "3 wd", "0.5", "Tue 2026-03-03 17:30"),  # 15 of 30 hours
        ("Mon 2026-03-02 08:30", "1 wd", "1.5", "Wed 2026-03-04 17:30"),
        ("Sat 2026-03-07 10:00", "0 wd", "0.4", "Mon 2026-03-09 11:30"),
        ("Mon 2026-03-02 12:00", "1 d", "0.75", "Tue 2026-03-03 15:00"),  # 27 of 36 hours
        ("Sat 2026-03-07 10:00", "4 wh", "0", "Mon 2026-03-09 08:30"),
        ("Mon 2026-03-02 11:00", "0 min", "0.75", "Mon 2026-03-02 11:00"),
    ],
)
def test_a_part_of_a_limit_is_used(started: str, limit: str, fraction: str, reached: str) -> None:
    assert part(at(started), limit, CALENDAR, Decimal(fraction)) == at(reached)
    assert part(at(started), limit, CALENDAR, float(fraction)) == pytest.approx(
        at(reached), abs=timedelta(milliseconds=1)
    )


def test_a_part_is_not_negative() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        part(at("Mon 2026-03-02 11:00"), "4 h", CALENDAR, -0.1)


# ---------------------------------------------------------------- how a limit is written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("30 min", "30 min"),
        (" 4 h\n", "4 h"),
        ("1.5 wh", "1.5 wh"),
        ("1.50 wh", "1.5 wh"),
        ("0 wd", "0 wd"),
        ("100 d", "100 d"),
        ("0.0 h", "0 h"),
        ("3.0 wd", "3 wd"),
    ],
)
def test_a_limit_is_read_and_written(text: str, written: str) -> None:
    limit = Limit.parse(text)
    assert str(limit) == written
    assert Limit.parse(written) == limit


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a limit is written as .* not ''"),
        ("4", "a limit is written as"),
        ("4wh", "a limit is written as"),
        ("4  wh", "a limit is written as"),
        ("wh 4", "a limit is written as"),
        ("-1 wh", "a limit is written as"),
        ("+1 wh", "a limit is written as"),
        ("1e3 h", "a limit is written as"),
        (".5 h", "a limit is written as"),
        ("1,5 h", "a limit is written as"),
        ("４ wh", "a limit is written as"),
        ("nan h", "a limit is written as"),
        ("4 WH", "a limit is written as"),
        ("4 wh wh", "a limit is written as"),
        ("1" * 5000 + " h", "a limit is written as .*…$"),
        ("4 days", "counted in min, h, wh, wd, d, not in 'days'"),
        ("1.5 wd", "a limit in wd is a whole number"),
        ("0.5 d", "a limit in d is a whole number"),
        ("10001 wd", "a limit in wd is at most 10000"),
        ("99999999 min", "a limit in min is at most"),
    ],
)
def test_a_limit_written_badly_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Limit.parse(text)


@pytest.mark.parametrize(
    ("amount", "unit", "says"),
    [
        ("-1", "h", "not negative"),
        ("NaN", "h", "not negative"),
        ("Infinity", "wh", "not negative"),
        ("0.00001", "h", "four decimals"),
        ("1", "weeks", "counted in"),
    ],
)
def test_a_limit_made_badly_is_refused(amount: str, unit: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Limit(Decimal(amount), unit)


def test_a_start_needs_an_offset_whatever_the_unit() -> None:
    for unit in MOST:
        with pytest.raises(ValueError, match="without an offset"):
            due(datetime(2026, 3, 2, 10), f"1 {unit}", CALENDAR)  # noqa: DTZ001  that is the point


def test_a_calendar_without_working_time_has_no_working_limits() -> None:
    closed, started = Calendar(SHANGHAI, {}), at("Mon 2026-03-02 10:00")
    assert due(started, "1 d", closed) == at("Tue 2026-03-03 24:00")
    for limit in ("1 wh", "1 wd"):
        with pytest.raises(NoWorkingTime):
            due(started, limit, closed)


# ---------------------------------------------------------------- `limit due`


def test_each_line_gets_one_answer() -> None:
    asked = [
        "2026-03-02T11:00\t4 wh\n",
        "2026-09-30 17:00\t1.5 wh\r\n",
        "2026-03-02T03:00:00Z\t4 wh",
        "2026-03-02T11:00:59.9+08:00\t0 min",
        "2026-03-01T22:00-05:00\t 0 wd ",
        "2026-03-02T11:00\t0 d",
    ]
    assert list(answer_lines(asked, CALENDAR)) == [
        "2026-03-02T16:30:00+08:00",
        "2026-10-08T09:30:00+08:00",
        "2026-03-02T16:30:00+08:00",
        "2026-03-02T11:00:59+08:00",
        "2026-03-02T17:30:00+08:00",
        "2026-03-03T00:00:00+08:00",
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("\n", "expected START, a tab and LIMIT"),
        ("2026-03-02T11:00 4 wh", "expected START, a tab and LIMIT"),
        ("\t4 wh", "a start is written as"),
        ("2026-03-02T11:00\t", "a limit is written as"),
        ("2026-03-02T11:00\t4 wh\t", "2026-03-02T16:30"),
        ("2026-03-02T11:00\t4 wh\tx", "a limit is written as"),
        ("2026-03-02\t4 wh", "a start is written as"),
        ("20260302T1100\t4 wh", "a start is written as"),
        ("2026-02-30T11:00\t4 wh", "there is no time '2026-02-30T11:00'"),
        ("2026-03-02T24:30\t4 wh", "there is no time"),
        ("2026-03-02T11:00\t4 fortnights", "counted in"),
        ("9999-12-31T23:00\t3 d", "the years 1 to 9999"),
        ("9999-12-31T23:00\t3 wd", "the years 1 to 9999"),
        ("9999-12-31T23:00\t30 h", "the years 1 to 9999"),
        ("0001-01-01T00:00\t1 h", "the years 1 to 9999"),
        ("\x00\u2028\ud800\t4 wh", "a start is written as"),
    ],
)
def test_a_bad_line_gets_its_reason_in_one_line(line: str, says: str) -> None:
    (answer,) = answer_lines([line], CALENDAR)
    assert says in answer
    assert len(answer.splitlines()) == 1
    assert answer.isprintable() or "×" in answer
    assert answer.startswith("error: ") is (line.count("4 wh\t") == 0 or line.endswith("x"))


def test_a_local_time_that_is_doubled_is_the_first_and_a_skipped_one_lies_an_hour_on() -> None:
    office = Calendar(BERLIN, CALENDAR.hours)
    assert list(answer_lines(["2026-10-25T02:30\t0 min", "2026-03-29T02:30\t0 min"], office)) == [
        "2026-10-25T02:30:00+02:00",
        "2026-03-29T03:30:00+02:00",
    ]


# ---------------------------------------------------------------- what holds for every limit

limits = st.one_of(
    st.builds(
        Limit, st.integers(0, 6000).map(lambda n: Decimal(n) / 100), st.sampled_from(["min", "h", "wh"])
    ),
    st.builds(Limit, st.integers(0, 7).map(Decimal), st.sampled_from(["wd", "d"])),
)
spans = st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=5))).map(lambda s: (s[0], s[0] + s[1]))
some_pauses = st.lists(spans, max_size=4)


def slept(pauses: list[tuple[datetime, datetime]], moment: datetime) -> bool:
    return any(begins < moment < ends for begins, ends in pauses)


@few
@given(calendars(), moments, limits, some_pauses)
def test_a_limit_ends_after_its_start_and_never_in_a_pause(
    calendar: Calendar, start: datetime, limit: Limit, pauses: list[tuple[datetime, datetime]]
) -> None:
    end = due(start, limit, calendar, pauses)
    assert end is not None
    assert end >= start
    assert end.tzinfo is UTC
    assert end >= due(start, limit, calendar)
    assert not slept(pauses, end) or end == start  # a limit of nothing is over at once
    assert part(start, limit, calendar, 1.0, pauses) == end


@few
@given(calendars(), moments, moments, limits, st.integers(0, 3))
def test_a_later_start_or_a_longer_limit_ends_later(
    calendar: Calendar, start: datetime, other: datetime, limit: Limit, more: int
) -> None:
    first, last = sorted((start, other))
    assert due(first, limit, calendar) <= due(last, limit, calendar)
    assert due(start, limit, calendar) <= due(start, Limit(limit.amount + more, limit.unit), calendar)


@few
@given(calendars(), moments, limits, some_pauses, st.floats(0, 3), st.floats(0, 3))
def test_a_larger_part_is_reached_later(
    calendar: Calendar,
    start: datetime,
    limit: Limit,
    pauses: list[tuple[datetime, datetime]],
    one: float,
    other: float,
) -> None:
    smaller, larger = (part(start, limit, calendar, f, pauses) for f in sorted((one, other)))
    assert smaller is not None
    assert larger is not None
    assert start <= smaller <= larger


@few
@given(calendars(), moments, st.integers(0, 6000), some_pauses)
def test_working_hours_outside_the_pauses_are_the_limit(
    calendar: Calendar, start: datetime, hundredths: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    end = due(start, Limit(Decimal(hundredths) / 100, "wh"), calendar, pauses)
    assert end is not None
    edges = sorted({start, end, *(min(max(edge, start), end) for pause in pauses for edge in pause)})
    counted = [
        calendar.working_between(begins, ends)
        for begins, ends in pairwise(edges)
        if not slept(pauses, begins + (ends - begins) / 2)
    ]
    assert sum(counted, timedelta()) == timedelta(hours=hundredths) / 100


@few
@given(limits)
def test_every_limit_is_read_back_as_written(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


@few
@given(st.lists(st.binary(max_size=40).map(lambda raw: raw.decode(errors="surrogateescape")), max_size=5))
def test_any_text_gets_a_line_each(lines: list[str]) -> None:
    answers = list(answer_lines(lines, CALENDAR))
    assert len(answers) == len(lines)
    assert all(answer.startswith("error: ") and len(answer.splitlines()) == 1 for answer in answers)
