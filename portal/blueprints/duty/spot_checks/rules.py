"""The rules of checking the duty at random, and the proposal of when and where; pure (DR-05)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from portal.blueprints.duty import heads
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.spot_checks.codes import Finding
from portal.kernel.workflow import Attempt, Reason

STEP = timedelta(minutes=10)


@dataclass(frozen=True)
class Proposal:
    """Where and when a head looks this week without a word beforehand."""

    post_id: int
    at: datetime


def week_of(day: date) -> str:
    """The calendar week as 2026W10."""
    year, week, _weekday = day.isocalendar()
    return f"{year}W{week:02}"


def propose(week: str, person_id: int, shifts: Sequence[Seats]) -> Proposal | None:
    """DR-05: a shift of the week and a moment in it, by chance; the same for a head and a week however often asked.

    Each post is as likely as another, however many shifts it has; nobody is sent to check a shift of the own.
    """
    others = [seats for seats in shifts if person_id not in seats.people]
    if not others:
        return None
    chance = Random(f"{week}:{person_id}")  # noqa: S311  # which shift is looked at, no secret
    post_id = chance.choice(sorted({seats.post_id for seats in others}))
    theirs = sorted(
        (s for s in others if s.post_id == post_id), key=lambda seats: (seats.starts_at, seats.id)
    )
    seats = chance.choice(theirs)
    steps = max(1, (seats.ends_at - seats.starts_at) // STEP)
    return Proposal(post_id, seats.starts_at + STEP * chance.randrange(steps))


def standing(check: Any, by: Any) -> frozenset[str]:
    """DR-05: the head of the post's department, and who was found."""
    roles = {"head": heads.is_head(by, check.department), "found": by.id in check.people}
    return frozenset(name for name, holds in roles.items() if holds)


def clashes(findings: Collection[Finding]) -> bool:
    """True when it is said that something and that nothing was found, or neither."""
    return not findings or (Finding.NONE in findings and len(findings) > 1)


def another_settles(attempt: Attempt) -> Reason | None:
    """DR-05: nobody settles what was found about themselves."""
    return Reason("DR-05", "settles_own") if attempt.by.id in attempt.subject.people else None


def answers_once(attempt: Attempt) -> Reason | None:
    """DR-05: who was found answers once; the words stay."""
    return Reason("DR-05", "answered_before") if attempt.by.id in attempt.subject.answered else None
