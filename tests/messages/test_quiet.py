"""When a message may leave: quiet hours, collecting, and by which way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kernel.calendars import Calendar
from portal.kernel.quiet import Choices, Quiet, Where
from tests.kernel.moments import at

HOURS = [["08:30", "12:00"], ["13:30", "17:30"]]
OFFICE = Calendar.from_json(
    {"timezone": "Asia/Shanghai", "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS)}
)
NIGHT = {"quiet": Quiet.OWN, "quiet_from": 20 * 60, "quiet_until": 7 * 60 + 30}
NOON = {"quiet": Quiet.OWN, "quiet_from": 12 * 60, "quiet_until": 14 * 60}


@pytest.mark.parametrize(
    ("chosen", "now", "due"),
    [
        ({}, "Mon 2026-03-02 09:10", "Mon 2026-03-02 09:10"),
        ({}, "Mon 2026-03-02 12:10", "Mon 2026-03-02 13:30"),
        ({}, "Fri 2026-03-06 17:30", "Mon 2026-03-09 08:30"),
        ({"quiet": Quiet.NEVER}, "Sat 2026-03-07 03:00", "Sat 2026-03-07 03:00"),
        (NIGHT, "Sat 2026-03-07 19:59", "Sat 2026-03-07 19:59"),
        (NIGHT, "Sat 2026-03-07 20:00", "Sun 2026-03-08 07:30"),
        (NIGHT, "Sun 2026-03-08 07:29", "Sun 2026-03-08 07:30"),
        (NIGHT, "Sun 2026-03-08 07:30", "Sun 2026-03-08 07:30"),
        (NOON, "Mon 2026-03-02 13:59", "Mon 2026-03-02 14:00"),
        (NOON, "Mon 2026-03-02 14:00", "Mon 2026-03-02 14:00"),
    ],
)
def test_nothing_leaves_in_quiet_hours(chosen: dict[str, object], now: str, due: str) -> None:
    assert Choices(**chosen).due("case", at(now), OFFICE) == at(due)  # type: ignore[arg-type]  # as named


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("Mon 2026-03-02 09:10", "Mon 2026-03-02 09:30"),
        ("Mon 2026-03-02 09:30", "Mon 2026-03-02 09:30"),
        ("Mon 2026-03-02 12:10", "Mon 2026-03-02 13:30"),
        ("Mon 2026-03-02 17:10", "Mon 2026-03-02 17:10"),  # rather at once than tomorrow
        ("Mon 2026-03-02 18:00", "Tue 2026-03-03 08:30"),
    ],
)
def test_what_is_collected_leaves_together(now: str, due: str) -> None:
    chosen = Choices(every=30, collected=frozenset({"case"}))
    assert chosen.due("case", at(now), OFFICE) == at(due)
    assert chosen.due("visit", at("Mon 2026-03-02 09:10"), OFFICE) == at("Mon 2026-03-02 09:10")
    second = chosen.due("case", at(now) + timedelta(seconds=1), OFFICE)
    assert second >= at(due)


@pytest.mark.parametrize(
    ("where", "ways"),
    [
        (Where.ALL, ["mail", "robot:1"]),
        (Where.MAIL, ["mail"]),
        (Where.ROBOT, ["robot:1"]),
        (Where.NONE, []),
    ],
)
def test_a_topic_takes_the_ways_that_were_chosen(where: Where, ways: list[str]) -> None:
    chosen = Choices(where={"case": where})
    assert [way for way in ("mail", "robot:1") if chosen.wants("case", way)] == ways
    assert chosen.wants("visit", "mail")
