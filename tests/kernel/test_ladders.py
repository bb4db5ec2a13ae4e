"""How an escalation ladder is written, and when its steps are due."""

from __future__ import annotations

import pytest

from portal.kernel.holidays import default_calendar
from portal.kernel.ladders import Ladder
from portal.kernel.limits import Limit, due
from tests.kernel.moments import at

CALENDAR = default_calendar("Asia/Shanghai")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("75 % handler", "75 % handler"),
        ("75% handler,100 % lead", "75 % handler, 100 % lead"),
        ("  0 %  supervisor ,\n200 % manager ", "0 % supervisor, 200 % manager"),
        ("+4 wh office, + 30 min desk", "+4 wh office, +30 min desk"),
        ("+1.50 h director", "+1.5 h director"),
    ],
)
def test_a_ladder_has_one_way_of_writing(written: str, kept: str) -> None:
    assert str(Ladder.parse(written)) == kept
    assert str(Ladder.parse(kept)) == kept


@pytest.mark.parametrize(
    "written", ["", "75 handler", "75 % nobody", "-5 % lead", "+4 lead", "99999 % lead", "75 % lead;"]
)
def test_what_cannot_be_read_is_named(written: str) -> None:
    with pytest.raises(ValueError, match="not a step of a ladder"):
        Ladder.parse(written)


@pytest.mark.parametrize(
    ("step", "limit", "fires"),
    [
        ("0 % lead", "4 wh", "Mon 2026-03-02 11:00"),
        ("50 % lead", "4 wh", "Mon 2026-03-02 14:30"),
        ("100 % lead", "4 wh", "Mon 2026-03-02 16:30"),
        ("150 % lead", "4 wh", "Tue 2026-03-03 09:30"),
        ("+4 wh lead", "4 wh", "Tue 2026-03-03 11:30"),
        ("+30 min lead", "4 wh", "Mon 2026-03-02 17:00"),
        ("100 % lead", "3 wd", "Thu 2026-03-05 17:30"),
        ("75 % lead", "24 h", "Tue 2026-03-03 05:00"),
        ("200 % lead", "24 h", "Wed 2026-03-04 11:00"),
    ],
)
def test_when_a_step_is_due(step: str, limit: str, fires: str) -> None:
    started = at("Mon 2026-03-02 11:00")
    ends = due(started, limit, CALENDAR)
    (rung,) = Ladder.parse(step).rungs
    assert rung.at(started, Limit.parse(limit), ends, CALENDAR, []) == at(fires)


def test_a_named_end_is_shared_out_in_plain_time() -> None:
    (rung,) = Ladder.parse("75 % handler").rungs
    started, ends = at("Fri 2026-03-06 16:00"), at("Fri 2026-03-06 20:00")
    assert rung.at(started, None, ends, CALENDAR, []) == at("Fri 2026-03-06 19:00")
