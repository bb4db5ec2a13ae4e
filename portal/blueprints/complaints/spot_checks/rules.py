"""What CP-23 says about a sample: how it is drawn, who calls again, who rates; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE, Duty
from portal.kernel.workflow import Attempt, Reason

QUARTER = re.compile(r"(20[0-9]{2})Q([1-4])", re.ASCII)


def sample(numbers: Iterable[str], share: Fraction, seed: str) -> list[str]:
    """CP-23: that share of the numbers, rounded up, at random; the same seed draws the same ones, in any order given.

    Each number is weighed by the SHA-256 of seed, line break and number, and the lightest are drawn: anybody can draw
    the sample once more without this program.
    """
    known = set(numbers)
    most = min(len(known), math.ceil(len(known) * share))
    return sorted(sorted(known, key=lambda number: (_weight(seed, number), number))[:most])


def _weight(seed: str, number: str) -> bytes:
    return sha256(f"{seed}\n{number}".encode()).digest()


def quarter_of(day: date) -> str:
    """The quarter of a day, `2026Q1`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def first_day(quarter: str) -> date:
    """The day on which a quarter begins; ValueError when it is none."""
    found = QUARTER.fullmatch(quarter)
    if not found:
        raise ValueError(f"no quarter: {quarter}")
    return date(int(found[1]), int(found[2]) * 3 - 2, 1)


def after(quarter: str) -> str:
    """The quarter that follows."""
    begins = first_day(quarter)
    return quarter_of(date(begins.year + begins.month // 10, (begins.month + 2) % 12 + 1, 1))


def before(quarter: str) -> str:
    """The quarter that went before."""
    begins = first_day(quarter)
    return quarter_of(date(begins.year - (begins.month == 1), (begins.month - 4) % 12 + 1, 1))


def against_drawing(quarter: str, today: date, *, drawn: bool, solved: int, rater: str) -> Iterator[Reason]:
    """CP-23: a quarter's sample is drawn once, when the quarter is over, and rated from outside customer service."""
    if today < first_day(after(quarter)):
        yield Reason("CP-23", "quarter_runs")
    elif drawn:
        yield Reason("CP-23", "drawn_before")
    elif not solved:
        yield Reason("CP-23", "nothing_solved")
    if rater == CUSTOMER_SERVICE:
        yield Reason("CP-23", "rated_inside")


def standing(check: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a check; the person complained about is nobody to it (CP-09).

    The head of customer service, or the general office, calls again; the lead of the department chosen when the sample
    was drawn rates; the lead of the department that a finding is about settles it.
    """
    if check.barred_id is not None and check.barred_id == by.id:
        return frozenset()
    office = by.role == "office"
    roles = {
        "head": office or CUSTOMER_SERVICE in by.leads,
        "rater": check.rater != CUSTOMER_SERVICE and check.rater in by.leads,
        "tasked": check.task_department is not None and (office or check.task_department in by.leads),
    }
    return frozenset(name for name, holds in roles.items() if holds)


def not_own_work(attempt: Attempt) -> Reason | None:
    """CP-23: nobody checks what they solved, answered or followed up themselves."""
    own = attempt.by.id in attempt.subject.hands
    return Reason("CP-23", "own_work") if own else None


def rated_once(check: Any) -> Reason | None:
    """CP-23: the follow-up work of a matter is rated once."""
    return None if check.rating is None else Reason("CP-23", "rated_before")


def something_found(check: Any) -> Reason | None:
    """CP-23: only a finding is a task."""
    return None if check.task_department else Reason("CP-23", "nothing_found")


def is_finding(outcome: Outcome | None, duty: Duty | None) -> bool:
    """CP-23, CP-32: the customer is not satisfied, or one of the five banned acts was found."""
    return outcome is Outcome.DISSATISFIED or duty not in {None, Duty.KEPT}
