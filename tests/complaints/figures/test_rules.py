"""The arithmetic of periods and shares."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.rules import Period, Stretch
from tests.factories import like_a_case

DAYS = st.dates(date(2001, 1, 1), date(2150, 12, 31))


def days_in(stretch: Stretch) -> set[date]:
    """Every day that a stretch stands for."""
    first = stretch.first
    last = stretch.last if stretch.grain == "d" else rules.month_of(stretch.last).until
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


@given(DAYS, st.integers(0, 900))
def test_a_period_is_covered_once_and_by_few_rows(since: date, length: int) -> None:
    until = since + timedelta(days=length)
    parts = [days_in(stretch) for stretch in rules.covering(since, until)]
    assert sorted(day for part in parts for day in part) == [
        since + timedelta(days=n) for n in range(length + 1)
    ]
    assert (
        sum(len(days) for s, days in zip(rules.covering(since, until), parts, strict=True) if s.grain == "d")
        <= 60
    )


@given(DAYS)
def test_a_month_and_a_quarter_hold_their_day_and_are_known_by_their_code(day: date) -> None:
    for period in (rules.month_of(day), rules.quarter_of(day)):
        assert period.since <= day <= period.until
        assert rules.period_of(period.code) == period
        assert period.before.until == period.since - timedelta(days=1)
        assert rules.period_of(period.before.code) == period.before


def test_a_period_of_days_is_compared_with_as_many_days_before() -> None:
    assert Period(date(2026, 3, 10), date(2026, 3, 12)).before == Period(date(2026, 3, 7), date(2026, 3, 9))


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-13", "2026-00", "2026-Q5", "1999-01", "2026-Q1 ", "２０２６-01"]
)
def test_what_is_no_period(code: str) -> None:
    assert rules.period_of(code) is None


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 0, None), (0, 5, "0.0"), (1, 3, "33.3"), (1999, 2000, "99.9"), (1, 100_000, "0.1"), (5, 5, "100.0")],
)
def test_a_share_never_hides_the_last_one(part: int, whole: int, told: str | None) -> None:
    found = rules.share(part, whole)
    assert (None if found is None else str(found)) == told


@pytest.mark.clause("CP-18")
@pytest.mark.parametrize("satisfied", [None, True, False])
def test_who_was_not_reached_is_never_counted_as_satisfied(satisfied: bool | None) -> None:
    case = like_a_case(followed_up=Outcome.NO_ANSWER, not_reached=True, satisfied=satisfied)
    assert rules.verdict(case) is None


@pytest.mark.clause("CP-27")
def test_customers_served_come_from_the_figure_or_from_what_was_registered() -> None:
    assert rules.served(0, 321, 31) == 321
    assert rules.served(3000, 321, 365) == 36_000
    assert rules.served(3000, 321, 31) == 3058


@given(st.dictionaries(DAYS, st.integers(0, 50), max_size=40))
def test_weeks_lose_nothing(days: dict[date, int]) -> None:
    weeks = rules.weeks(days.items())
    assert sum(weeks.values()) == sum(days.values())
    assert all(monday.weekday() == 0 for monday in weeks)
