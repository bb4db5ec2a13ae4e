"""The days of a series, where they move, and the calendar entry as text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.reception.appointments import rules
from portal.blueprints.reception.appointments.codes import MOST, Repeat
from portal.kernel import ics
from portal.kernel.calendars import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = {name: [["08:30", "12:00"], ["13:30", "17:30"]] for name in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = Calendar.from_json(
    {
        "timezone": "Asia/Shanghai",
        "hours": WEEK,
        "holidays": ["2026-03-16", "2026-04-06"],
        "workdays": {"2026-03-14": [["08:30", "17:30"]]},
    }
)
MONDAY = date(2026, 3, 2)


def days(*numbers: str) -> list[date]:
    return [date.fromisoformat(f"2026-{number}") for number in numbers]


@pytest.mark.clause("RC-19")
@pytest.mark.parametrize(
    ("first", "repeat", "until", "found"),
    [
        (MONDAY, Repeat.WEEKLY, "03-23", days("03-02", "03-09", "03-23")),  # the 16th is a holiday
        (date(2026, 3, 12), Repeat.WORKDAYS, "03-17", days("03-12", "03-13", "03-14", "03-17")),  # a make-up Saturday
        (date(2026, 1, 30), Repeat.MONTHLY, "04-30", days("01-30", "03-30", "04-30")),  # 28 February is a Saturday
        (date(2026, 3, 31), Repeat.MONTHLY, "04-30", days("03-31", "04-30")),  # a month that is too short
        (MONDAY, Repeat.WEEKLY, "03-08", days("03-02")),
        (date(2026, 3, 7), Repeat.WEEKLY, "03-14", days("03-07", "03-14")),  # the first as it was chosen
    ],
)  # fmt: skip
def test_a_series_comes_on_working_days(first: date, repeat: Repeat, until: str, found: list[date]) -> None:
    assert rules.occurrences(first, repeat, date.fromisoformat(f"2026-{until}"), CALENDAR) == found


@given(
    repeat=st.sampled_from(Repeat),
    first=st.dates(date(2000, 1, 1), date(2190, 1, 1)),
    length=st.integers(0, 4000),
)
def test_a_series_is_in_order_open_and_never_endless(repeat: Repeat, first: date, length: int) -> None:
    until = first + timedelta(days=length)
    found = rules.occurrences(first, repeat, until, CALENDAR)
    assert found[0] == first
    assert found == sorted(set(found))
    assert len(found) <= MOST + 1
    assert all(CALENDAR.is_workday(day) and day <= until for day in found[1:])


@pytest.mark.clause("RC-19")
@pytest.mark.parametrize(
    ("was", "to", "other", "found"),
    [
        ("03-02 10:00", "03-03 14:00", "03-09 10:00", "03-10 14:00"),
        ("03-02 10:00", "03-02 15:30", "03-09 10:00", "03-09 15:30"),
        (
            "03-03 10:00",
            "03-02 10:00",
            "03-17 10:00",
            "03-17 10:00",
        ),  # the 16th is a holiday: the next open day
    ],
)
def test_what_follows_moves_as_far_as_the_first(was: str, to: str, other: str, found: str) -> None:
    def at(written: str) -> datetime:
        return datetime.strptime(f"2026-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)

    assert rules.shifted(at(other), at(was), at(to), CALENDAR) == at(found)


@given(st.text(max_size=300))
def test_a_line_is_folded_within_75_bytes_and_unfolds_to_itself(words: str) -> None:
    line = f"SUMMARY:{ics.text(words)}".replace("\n", "")
    pieces = ics.folded(line).split("\r\n")
    assert all(len(piece.encode()) <= ics.LONGEST for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


def test_text_is_escaped() -> None:
    assert ics.text("a;b,c\\d\r\ne") == "a\\;b\\,c\\\\d\\ne"


def test_a_zone_with_summer_time_tells_when_its_clocks_change() -> None:
    import icalendar

    zone = ZoneInfo("Europe/Berlin")
    entry = ics.Entry(
        uid="1@x", sequence=1, made_at=datetime(2026, 1, 1, tzinfo=UTC),
        starts_at=datetime(2026, 3, 30, 9, tzinfo=zone), ends_at=datetime(2026, 3, 30, 10, tzinfo=zone),
        summary="s", place="p", description="d", status="CONFIRMED", organizer='A "B"', mail="a@b.example",
    )  # fmt: skip
    found = icalendar.Calendar.from_ical(ics.written(entry, zone))
    zones: Any = found.walk("VTIMEZONE")
    observances = [(c.name, str(c["DTSTART"].dt), c["TZOFFSETTO"].td) for c in zones[0].subcomponents]
    assert observances == [
        ("STANDARD", "2026-01-01 00:00:00", timedelta(hours=1)),
        ("DAYLIGHT", "2026-03-29 02:00:00", timedelta(hours=2)),
        ("STANDARD", "2026-10-25 03:00:00", timedelta(hours=1)),
    ]
