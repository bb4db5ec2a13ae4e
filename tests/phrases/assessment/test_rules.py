"""How figures become points, marks a score, a score a grade: pure (GO-03)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.blueprints.phrases.assessment import rules
from portal.blueprints.phrases.assessment.codes import Follows, Grade, Rater
from portal.blueprints.phrases.assessment.rules import Counted
from portal.kernel.aspects import Aspect

EVEN = dict.fromkeys(Aspect, 25)
RATERS = {Rater.SELF: 20, Rater.SUPERIOR: 50, Rater.CUSTOMER: 30}
BANDS = {Grade.EXCELLENT: 90, Grade.GOOD: 75, Grade.FAIR: 60}
A, S, E, C = Aspect


@pytest.mark.clause("GO-03")
@pytest.mark.parametrize(
    ("value", "of", "minus", "points"),
    [(3, 3, None, 100), (0, 3, None, 0), (2, 3, None, 67), (1, 8, None, 13), (0, 5, 20, 100), (2, 5, 20, 60),
     (9, 9, 20, 0)],
)  # fmt: skip
def test_a_figure_becomes_points(value: int, of: int, minus: int | None, points: int) -> None:
    assert rules.points(Counted("x", A, value, of, minus)) == points


@pytest.mark.clause("GO-03")
def test_the_mean_of_a_criterion_is_proposed_and_only_the_customers_own_words_are_their_mark() -> None:
    figures = [
        Counted("late", A, 1, 20, 5),
        Counted("upheld", A, 1, 9, 20, by_customers=True),
        Counted("follow_up", C, 3, 4, by_customers=True),
        Counted("check", C, 1, 1),
        Counted("nothing", E, 0, 0),
    ]
    assert [rules.proposed(figures, aspect) for aspect in Aspect] == [88, None, None, 88]  # 87.5 is half: up
    assert rules.of_customers(figures) == {A: 80, C: 75}


SCORES: tuple[tuple[dict[Rater, dict[Aspect, int]], str, int], ...] = (
    # everybody said the same of everything
    ({rater: dict.fromkeys(Aspect, 80) for rater in Rater}, "80.00", 0),
    # 20·60 + 50·90 of 70 in each, and the customers' 50 in one: their weight is shared in the three others
    ({Rater.SELF: dict.fromkeys(Aspect, 60), Rater.SUPERIOR: dict.fromkeys(Aspect, 90), Rater.CUSTOMER: {C: 50}},
     "79.07", 3),
    # a criterion that nobody rated: the others share its weight
    ({Rater.SUPERIOR: {A: 100, S: 100, E: 70}}, "90.00", 9),
    # thirds are exact until the end
    ({Rater.SUPERIOR: {A: 100, S: 100, E: 0}}, "66.67", 9),
)  # fmt: skip


@pytest.mark.clause("GO-03")
@pytest.mark.parametrize(("marks", "total", "lacking"), SCORES)
def test_the_score_is_weighted_and_what_lacks_is_shared_openly(
    marks: rules.Marks, total: str, lacking: int
) -> None:
    score = rules.score(marks, EVEN, RATERS)
    assert score is not None
    assert (score.total, len(score.lacking)) == (Decimal(total), lacking)
    assert abs(sum((cell.share for cell in score.cells), Decimal()) - 100) <= Decimal("0.06")


def test_without_a_mark_or_a_weight_there_is_no_score() -> None:
    assert rules.score({}, EVEN, RATERS) is None
    assert (
        rules.score({Rater.SELF: {A: 90}}, EVEN, {Rater.SELF: 0, Rater.SUPERIOR: 70, Rater.CUSTOMER: 30})
        is None
    )


weights = some.lists(some.integers(1, 97), min_size=3, max_size=3)
marks = some.dictionaries(
    some.sampled_from(Rater),
    some.dictionaries(some.sampled_from(Aspect), some.integers(0, 100), min_size=1),
    min_size=1,
)


@given(marks, weights)
def test_a_score_lies_between_its_marks_and_its_points_make_it(given: rules.Marks, raters: list[int]) -> None:
    score = rules.score(given, EVEN, dict(zip(Rater, raters, strict=True)))
    assert score is not None
    said = [mark for of in given.values() for mark in of.values()]
    assert min(said) <= score.total <= max(said)
    assert abs(sum((cell.points for cell in score.cells), Decimal()) - score.total) <= Decimal("0.07")
    assert len(score.cells) == len(said)


@pytest.mark.clause("GO-03")
@pytest.mark.parametrize(
    ("total", "grade", "follows"),
    [("90.00", Grade.EXCELLENT, Follows.REWARD), ("89.99", Grade.GOOD, Follows.NOTHING),
     ("60", Grade.FAIR, Follows.NOTHING), ("59.99", Grade.BELOW, Follows.RETRAINING)],
)  # fmt: skip
def test_a_score_has_a_grade_and_the_grade_leads_somewhere(
    total: str, grade: Grade, follows: Follows
) -> None:
    assert rules.grade(Decimal(total), BANDS) is grade
    assert rules.follows(grade) is follows


@pytest.mark.parametrize(
    ("lead", "led", "manages", "audience"),
    [(False, True, False, "lead:tech"), (True, True, False, "manager"), (False, False, False, "manager"),
     (True, True, True, "")],
)  # fmt: skip
def test_who_rates_whom(lead: bool, led: bool, manages: bool, audience: str) -> None:
    assert rules.audience_of(lead, led, manages, "tech") == audience
