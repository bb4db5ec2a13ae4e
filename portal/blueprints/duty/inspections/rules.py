"""What DR-13 and DR-19 say of inspections: on which days, by whom; pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from portal.blueprints.duty.inspections.codes import Rhythm
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason


def is_due(rhythm: Rhythm, weekdays: str, month_day: int | None, day: date) -> bool:
    """DR-13, DR-19: whether an inspection is made on a day; a month that has no such day has it on its last."""
    match rhythm:
        case Rhythm.DAY:
            return True
        case Rhythm.WEEK:
            return str(day.isoweekday()) in weekdays.split()
        case Rhythm.MONTH:
            last = monthrange(day.year, day.month)[1]
            return month_day is not None and day.day == min(month_day, last)


def standing(round_: Any, by: Any) -> frozenset[str]:
    """Who does an inspection: whoever is on duty at its post, or its person; the lead or the office in their place.

    The portal itself only finds that nobody did.
    """
    if by.id is None:
        return frozenset({"portal"})
    does = (
        by.id in round_.on_duty
        or by.id == round_.plan.person_id
        or round_.department in by.leads
        or by.role is Role.OFFICE
    )
    return frozenset({"doer"}) if does else frozenset()


def limit_over(attempt: Attempt) -> Reason | None:
    """DR-13: an inspection is missed when its limit is over, and not before."""
    due = attempt.subject.due_at
    return Reason("DR-13", "inspection_in_time") if due is None or due > attempt.now else None
