"""The rules of an assessment: how a number becomes points, marks a score, a score a grade; pure (GO-03)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from portal.blueprints.phrases.assessment.codes import Follows, Grade, Outcome, Rater, State
from portal.kernel.aspects import Aspect
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

WHOLE = 100
Marks = Mapping[Rater, Mapping[Aspect, int]]


@dataclass(frozen=True)
class Counted:
    """A figure of the portal's own records; `minus` is what each time costs, None where a share counts."""

    kind: str
    aspect: Aspect
    value: int
    of: int
    minus: int | None = None
    by_customers: bool = False


@dataclass(frozen=True)
class Cell:
    """One mark in the score: whose, in what, its share of the whole in per cent, and the points that it brings."""

    rater: Rater
    aspect: Aspect
    mark: int
    share: Decimal
    points: Decimal


@dataclass(frozen=True)
class Score:
    """The weighted score with its workings, and what nobody rated: its weight was shared among the rest."""

    total: Decimal
    cells: tuple[Cell, ...]
    lacking: tuple[tuple[Rater, Aspect], ...]


def points(figure: Counted) -> int:
    """GO-03: a share as it is, in per cent; of what should not happen, a hundred less so much for each time."""
    if figure.minus is not None:
        return max(0, WHOLE - figure.minus * figure.value)
    return _rounded(Fraction(WHOLE * figure.value, figure.of))


def proposed(figures: Iterable[Counted], aspect: Aspect) -> int | None:
    """GO-03: the mean of what the records say of one criterion; None where they say nothing."""
    found = [points(figure) for figure in figures if figure.aspect is aspect and figure.of]
    return _rounded(Fraction(sum(found), len(found))) if found else None


def of_customers(figures: Iterable[Counted]) -> dict[Aspect, int]:
    """GO-03: the customers' marks, from what they said themselves."""
    theirs = [figure for figure in figures if figure.by_customers]
    marks = ((aspect, proposed(theirs, aspect)) for aspect in Aspect)
    return {aspect: mark for aspect, mark in marks if mark is not None}


def score(marks: Marks, of_aspects: Mapping[Aspect, int], of_raters: Mapping[Rater, int]) -> Score | None:
    """GO-03: the weighted mean of all marks; None when nobody with a weight gave one.

    What is lacking takes no part: within a criterion its raters share the weight of one who said nothing, and the
    criteria that were rated share the weight of one that nobody rated. Reckoned in fractions and rounded at the end.
    """
    asked = [
        (rater, aspect) for aspect in Aspect for rater in Rater if of_aspects[aspect] and of_raters[rater]
    ]
    there = [(rater, aspect) for rater, aspect in asked if aspect in marks.get(rater, {})]
    if not there:
        return None
    all_aspects = sum(of_aspects[aspect] for aspect in {aspect for _, aspect in there})
    cells, total = [], Fraction()
    for rater, aspect in there:
        raters = sum(of_raters[other] for other, of in there if of is aspect)
        share = Fraction(of_aspects[aspect] * of_raters[rater], all_aspects * raters)
        mark = marks[rater][aspect]
        total += share * mark
        cells.append(Cell(rater, aspect, mark, _cents(share * WHOLE), _cents(share * mark)))
    return Score(_cents(total), tuple(cells), tuple(cell for cell in asked if cell not in there))


def grade(total: Decimal, bands: Mapping[Grade, int]) -> Grade:
    """GO-03: the best band whose least score is reached."""
    return next((band for band in Grade if band in bands and total >= bands[band]), Grade.BELOW)


def follows(found: Grade) -> Follows:
    """GO-03: a reward is proposed for the best, retraining for the lowest."""
    return {Grade.EXCELLENT: Follows.REWARD, Grade.BELOW: Follows.RETRAINING}.get(found, Follows.NOTHING)


def sums_up(weights: Iterable[int]) -> bool:
    """GO-03: weights make a hundred together."""
    return sum(weights) == WHOLE


def descends(bands: Sequence[int]) -> bool:
    """GO-03: a better grade asks for a higher score."""
    return all(above > below for above, below in pairwise(bands))


def _rounded(exact: Fraction) -> int:
    return int(_decimal(exact, 0))


def _cents(exact: Fraction) -> Decimal:
    return _decimal(exact, 2)


def _decimal(exact: Fraction, digits: int) -> Decimal:
    """Half up, from the fraction itself: no division of a decimal comes before it."""
    scaled = exact * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    up = 2 * rest >= scaled.denominator
    return Decimal(whole + up).scaleb(-digits).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


# -- who and when -----------------------------------------------------------------------------------------------------


def of_office(_period: Any, by: Any) -> frozenset[str]:
    """A period is the general office's."""
    return frozenset({"office"}) if by.role is Role.OFFICE else frozenset()


def standing(sheet: Any, by: Any) -> frozenset[str]:
    """GO-03: the person of a sheet, their superior, the general office."""
    roles = {
        "self": by.id == sheet.person_id,
        "superior": sheet.rated_by in by.audiences,
        "office": by.role is Role.OFFICE,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def rates_another(attempt: Attempt) -> Reason | None:
    """GO-03: nobody rates themselves as superior."""
    return Reason("GO-03", "rates_own") if attempt.by.id == attempt.subject.person_id else None


def another_corrects(attempt: Attempt) -> Reason | None:
    """GO-03: nobody answers the own objection or corrects the own sheet."""
    return Reason("GO-03", "assesses_own") if attempt.by.id == attempt.subject.person_id else None


def departs_with_reason(attempt: Attempt) -> Reason | None:
    """GO-03: whoever departs from what the records propose says why."""
    marks, reasons = attempt.given["marks"], attempt.given["reasons"]
    bare = tuple(
        aspect
        for aspect, value in attempt.subject.proposed.items()
        if value is not None and marks[aspect] != value and not reasons.get(aspect)
    )
    return Reason("GO-03", "departs_bare", {"aspects": bare}) if bare else None


def within_limit(attempt: Attempt) -> Reason | None:
    """GO-03: an objection comes within its limit."""
    until = attempt.subject.object_until
    return Reason("GO-03", "objects_late") if until is None or until < attempt.now else None


def objects_once(attempt: Attempt) -> Reason | None:
    """GO-03: one objection to each version of a result."""
    sheet = attempt.subject
    return Reason("GO-03", "objected_before") if sheet.objected == sheet.result else None


def has_objection(sheet: Any) -> Reason | None:
    """GO-03: there is an objection to answer."""
    return None if sheet.objecting else Reason("GO-03", "no_objection")


def has_result(sheet: Any) -> Reason | None:
    """GO-01: what was published can be corrected."""
    return None if sheet.result else Reason("GO-01", "no_published_result")


def needs_training(sheet: Any) -> Reason | None:
    """GO-03: training is asked for after a result of the lowest grade."""
    return None if sheet.grade is Grade.BELOW else Reason("GO-03", "above_the_mark")


def time_is_over(attempt: Attempt) -> Reason | None:
    """GO-03: the figures of a period are drawn when it is over."""
    return Reason("GO-03", "assessment_runs") if attempt.now < attempt.subject.is_over_at else None


def somebody_takes_part(attempt: Attempt) -> Reason | None:
    """GO-03: there is somebody to assess."""
    return None if attempt.given["people"] else Reason("GO-03", "nobody_assessed")


def everybody_is_rated(attempt: Attempt) -> Reason | None:
    """GO-03: a result is published when every superior has rated."""
    lacking = attempt.given["unrated"]
    return Reason("GO-03", "unrated", {"people": lacking}) if lacking else None


def nothing_is_open(attempt: Attempt) -> list[Reason]:
    """GO-03: a period closes when objections are answered, what was upheld is corrected, and the limit is over."""
    given = attempt.given
    reasons = []
    if given["objecting"]:
        reasons.append(Reason("GO-03", "objections_open", {"people": given["objecting"]}))
    if given["uncorrected"]:
        reasons.append(Reason("GO-03", "not_corrected", {"people": given["uncorrected"]}))
    if attempt.now < attempt.subject.due_at:
        reasons.append(Reason("GO-03", "may_object_still"))
    return reasons


def audience_of(lead: bool, led: bool, manages: bool, department: str) -> str:
    """GO-03: a lead is rated by the general manager, everybody else by the lead; empty for the manager, whom nobody
    rates. Where a department has no lead the manager rates."""
    if manages:
        return ""
    return "manager" if lead or not led else f"lead:{department}"


def uncorrected(outcome: Outcome | None, about: int, result: int) -> bool:
    """True while an objection that was upheld has brought no new version."""
    return outcome is Outcome.UPHELD and about == result


AFTER = frozenset({State.PUBLISHED, State.CLOSED})
