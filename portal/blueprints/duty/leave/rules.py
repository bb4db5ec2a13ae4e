"""What DR-04 asks of a leave; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.blueprints.duty.leave.codes import PENDING, Answer, State
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

Found = Reason | Iterable[Reason] | None


def heads(by: Any, department: str) -> bool:
    """Whether somebody decides leave and swaps of a department: its head, the general office, the general manager."""
    return department in by.leads or by.role is Role.OFFICE or by.is_manager or by.is_director


def standing(leave: Any, by: Any) -> frozenset[str]:
    """DR-04: who is away or asked for it, who would substitute, and the head; nobody decides what is the own.

    The own is also what somebody asked for on behalf of another, and what would give them a shift.
    """
    asks = by.id in {leave.person_id, leave.asked_by_id}
    named = by.id in {cover.substitute_id for cover in leave.covers if cover.answer is not Answer.DECLINED}
    roles = {
        "asker": asks,
        "substitute": named,
        "head": heads(by, leave.department) and not asks and not named,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def lapses_at(starts_at: datetime, ends_at: datetime, shifts: Iterable[Any], now: datetime) -> datetime:
    """DR-04: until when it can be approved: its start; of one that has begun, the end of the shift it is for."""
    if starts_at > now:
        return starts_at
    running: list[datetime] = [shift.ends_at for shift in shifts if shift.starts_at <= now < shift.ends_at]
    return min([ends_at, *running])


def state_of(covers: Iterable[Any]) -> State:
    """What a leave waits for: a substitute to be named, an answer, or only the head."""
    answers = {cover.answer for cover in covers}
    if answers & {Answer.NOBODY, Answer.DECLINED}:
        return State.SEEKING
    return State.ASKED if Answer.WAITING in answers else State.ACCEPTED


# -- gates ----------------------------------------------------------------------------------------------------------


def rules_kept(attempt: Attempt) -> Found:
    """DR-04, DR-21: the substitutes are free, qualified and rested, now, whatever they were when they were asked."""
    against = attempt.given["against"]
    return [Reason("DR-04", "substitute_unfit"), *against] if against else None


def every_shift_covered(attempt: Attempt) -> Found:
    """DR-04: no shift is left without a substitute who accepted, unless the head gives the gap openly with a reason."""
    open_ones = attempt.given["uncovered"]
    if not open_ones or attempt.given.get("gap_reason"):
        return None
    return Reason("DR-04", "no_substitute", {"shifts": tuple(open_ones)})


def still_in_time(attempt: Attempt) -> Found:
    """DR-04: leave comes before leaving: what was not approved when it began is over."""
    late = attempt.subject.state in PENDING and attempt.now >= attempt.subject.lapses_at
    return Reason("DR-04", "leave_too_late") if late else None


def not_begun(attempt: Attempt) -> Found:
    """DR-04: a leave that has begun is taken."""
    begun = attempt.subject.state is State.APPROVED and attempt.now >= attempt.subject.starts_at
    return Reason("DR-04", "leave_begun") if begun else None


def on_duty(attempt: Attempt) -> Found:
    """DR-04: only a running shift can be left."""
    return None if attempt.given["running"] else Reason("DR-04", "no_running_shift")
