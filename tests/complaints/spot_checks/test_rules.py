"""CP-23 as arithmetic: how a sample is drawn, which days a quarter has, what bars a drawing."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.spot_checks.codes import Duty
from portal.blueprints.complaints.spot_checks.rules import (
    after,
    against_drawing,
    before,
    first_day,
    is_finding,
    quarter_of,
    sample,
)

FIFTH = Fraction(1, 5)
NUMBERS = st.lists(st.text("TSWX-0123456789", min_size=1, max_size=16), unique=True, max_size=60)
SHARES = st.integers(0, 100).map(lambda share: Fraction(share, 100))
SEEDS = st.text(max_size=32)


@pytest.mark.clause("CP-23")
@pytest.mark.parametrize(
    ("solved", "drawn"), [(0, 0), (1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (100, 20)]
)
def test_a_fifth_rounded_up_is_drawn(solved: int, drawn: int) -> None:
    assert len(sample([f"TS-20260302-{n:04}" for n in range(solved)], FIFTH, "seed")) == drawn


@pytest.mark.clause("CP-23")
@given(NUMBERS, SHARES, SEEDS)
def test_a_sample_is_a_part_of_its_size(numbers: list[str], share: Fraction, seed: str) -> None:
    drawn = sample(numbers, share, seed)
    assert len(drawn) == len(set(drawn)) == math.ceil(len(numbers) * share)
    assert set(drawn) <= set(numbers)


@pytest.mark.clause("CP-23")
@given(NUMBERS, SHARES, SEEDS, st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_sample_in_any_order(
    numbers: list[str], share: Fraction, seed: str, random: object
) -> None:
    drawn = sample(numbers, share, seed)
    shuffled = numbers.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over a Random
    assert sample(shuffled, share, seed) == drawn
    assert sample(numbers * 2, share, seed) == drawn, "a number told twice counts once"


@given(NUMBERS, SEEDS)
def test_a_greater_share_only_adds(numbers: list[str], seed: str) -> None:
    assert set(sample(numbers, FIFTH, seed)) <= set(sample(numbers, Fraction(2, 5), seed))


def test_another_seed_draws_others_and_none_is_preferred() -> None:
    numbers = [f"TS-20260302-{n:04}" for n in range(50)]
    times = dict.fromkeys(numbers, 0)
    for seed in range(400):
        for number in sample(numbers, FIFTH, str(seed)):
            times[number] += 1
    assert sum(times.values()) == 4000
    assert all(40 < drawn < 130 for drawn in times.values()), "each about eighty times"


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2026-01-01", "2026Q1"), ("2026-03-31", "2026Q1"), ("2026-04-01", "2026Q2"), ("2026-09-30", "2026Q3"),
        ("2026-10-01", "2026Q4"), ("2026-12-31", "2026Q4"),
    ],
)  # fmt: skip
def test_a_day_lies_in_its_quarter(day: str, quarter: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_quarters_follow_each_other_without_a_gap(day: date) -> None:
    quarter = quarter_of(day)
    assert first_day(quarter) <= day < first_day(after(quarter))
    assert before(after(quarter)) == quarter == after(before(quarter))


@pytest.mark.parametrize("text", ["", "2026Q5", "2026Q0", "26Q1", "2026Q1 ", "２０２６Q1"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        first_day(text)


@pytest.mark.clause("CP-23")
@pytest.mark.parametrize(
    ("today", "given_", "against"),
    [
        ("2026-04-01", {}, []),
        ("2026-03-31", {}, ["quarter_runs"]),
        ("2026-04-01", {"drawn": True}, ["drawn_before"]),
        ("2026-04-01", {"solved": 0}, ["nothing_solved"]),
        ("2026-04-01", {"rater": "admin"}, ["rated_inside"]),
        ("2026-03-31", {"rater": "admin"}, ["quarter_runs", "rated_inside"]),
    ],
)
def test_what_bars_a_drawing(today: str, given_: dict[str, object], against: list[str]) -> None:
    usual: dict[str, object] = {"drawn": False, "solved": 7, "rater": "market"}
    reasons = list(against_drawing("2026Q1", date.fromisoformat(today), **usual | given_))  # type: ignore[arg-type]  # a table
    assert [(reason.clause, reason.code) for reason in reasons] == [("CP-23", code) for code in against]


@pytest.mark.clause("CP-32")
@pytest.mark.parametrize(
    ("outcome", "duty", "found"),
    [
        (Outcome.SATISFIED, Duty.KEPT, False),
        (Outcome.NO_ANSWER, None, False),
        (Outcome.DISSATISFIED, Duty.KEPT, True),
        *((Outcome.SATISFIED, duty, True) for duty in Duty if duty is not Duty.KEPT),
        (Outcome.NO_ANSWER, Duty.LATE, True),
    ],
)
def test_what_is_a_finding(outcome: Outcome, duty: Duty | None, found: bool) -> None:
    assert is_finding(outcome, duty) is found
