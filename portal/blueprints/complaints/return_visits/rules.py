"""What CU-03 says about return visits: how often, by whom, and what is owed afterwards; pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.blueprints.complaints.return_visits.codes import VisitKind
from portal.kernel.workflow import Attempt, Reason

# Months until the next one: the general office once or twice a year, staff quarterly, a meeting half-yearly.
EVERY = {VisitKind.OFFICE: 6, VisitKind.STAFF: 3, VisitKind.MEETING: 6, VisitKind.SURVEY: 12}


def next_due(kind: VisitKind, visited: date) -> date:
    """CU-03: when the next visit of that kind is due; a month's last day stays its last day."""
    return in_months(visited, EVERY[kind])


def in_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing(visit: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a visit: who goes, or whoever sees to the plan."""
    sees_to_it = by.role in {"office", "desk"} or by.is_manager or visit.department in by.leads
    roles = {"visitor": visit.person_id == by.id, "planner": sees_to_it}
    return frozenset(name for name, holds in roles.items() if holds)


def promised_ahead(attempt: Attempt) -> Iterator[Reason]:
    """CU-03, CP-15: what is not answered at once is promised for a time to come."""
    promised = attempt.given.get("promised_at")
    if promised is not None and promised <= attempt.now:
        yield Reason("CP-15", "promise_past")


def answer_owed(visit: Any) -> Reason | None:
    """CU-03: only what was promised is still to be answered."""
    return None if visit.promised_at is not None else Reason("CU-03", "no_answer_owed")


def becomes_case_once(visit: Any) -> Reason | None:
    """CU-03: a remark becomes one case."""
    return Reason("CU-03", "is_a_case") if visit.case_number else None
