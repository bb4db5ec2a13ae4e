"""The rules of reception as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from portal.blueprints.reception import rules
from portal.blueprints.reception.rules import Sought
from portal.kernel.holidays import default_calendar
from tests.kernel.moments import at

CALENDAR = default_calendar()


@dataclass
class Expected:
    visitor_name: str
    phone: str = ""
    company: str = ""
    pass_code: str = ""


WANG = Expected("王建国", "138 0000 1111", "华东机电", "AB34CD67")
OTHER = Expected("王建国", "13900002222", "青堤制造", "XY34CD67")


@pytest.mark.clause("RC-18")
@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(pass_code="ab34cd67"), [WANG]),
        (Sought(phone="13800001111"), [WANG]),
        (Sought("王建国"), [WANG, OTHER]),
        (Sought("王建国", company="青堤制造"), [OTHER, WANG]),
        (Sought("王建国", "13700003333"), []),
        (Sought("王建"), []),
        (Sought(), []),
    ],
)
def test_an_arriving_visitor_is_matched_with_the_appointment(sought: Sought, found: list[Expected]) -> None:
    assert rules.matching(sought, [WANG, OTHER]) == found


@pytest.mark.clause("RC-18")
def test_of_a_name_alone_nobody_is_sure() -> None:
    assert rules.matching(Sought("王建国"), [WANG, OTHER], surely=True) == []
    assert rules.matching(Sought("王建国", company="华东机电"), [WANG, OTHER], surely=True) == [WANG]


@pytest.mark.clause("RC-04")
@pytest.mark.parametrize(
    ("made", "begins", "days", "in_time"),
    [
        ("Mon 2026-03-02 09:00", "Mon 2026-03-02 17:00", 1, False),
        ("Mon 2026-03-02 09:00", "Tue 2026-03-03 09:00", 1, True),
        ("Fri 2026-03-06 17:00", "Mon 2026-03-09 08:30", 1, True),
        ("Fri 2026-03-06 18:00", "Mon 2026-03-09 08:30", 1, False),  # nobody prepares on a weekend
        ("Sat 2026-03-07 10:00", "Mon 2026-03-09 14:00", 1, False),
        ("Mon 2026-03-02 09:00", "Tue 2026-03-03 09:00", 2, False),
        ("Mon 2026-03-02 09:00", "Mon 2026-03-02 09:05", 0, True),
    ],
)
def test_a_form_is_in_time_so_many_working_days_ahead(
    made: str, begins: str, days: int, in_time: bool
) -> None:
    assert rules.in_time(at(made), at(begins), days, CALENDAR) is in_time


@pytest.mark.clause("RC-17")
@pytest.mark.parametrize(("minutes", "may"), [(0, True), (10, True), (10.1, False)])
def test_a_touch_may_be_taken_back_for_ten_minutes(minutes: float, may: bool) -> None:
    touched, within = at("Mon 2026-03-02 09:00"), timedelta(minutes=10)
    assert (rules.undo_refused(touched, touched + timedelta(minutes=minutes), within) is None) is may
