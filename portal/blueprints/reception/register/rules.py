"""The rules of the daily register as pure functions (RC-17)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.register.codes import UNFINISHED, State
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

Found = Reason | Iterable[Reason] | None


def standing(_register: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a register: the desk, the superior, or the sweep, which is `portal`."""
    if by.id is None:
        return frozenset({"portal"})
    found = {
        "desk": by.role in {Role.DESK, Role.OFFICE},
        "superior": ADMINISTRATION in by.leads or by.is_manager or by.is_director,
    }
    return frozenset(name for name, is_so in found.items() if is_so)


def day_has_come(attempt: Attempt) -> Found:
    """RC-17: nobody compiles the register of a day to come."""
    return Reason("RC-17", "day_to_come") if attempt.subject.day > attempt.given["today"] else None


def another_reviews(attempt: Attempt) -> Found:
    """RC-17: who compiled it never reviews it."""
    return Reason("RC-17", "own_register") if attempt.subject.compiled_by_id == attempt.by.id else None


def nothing_open(attempt: Attempt) -> Found:
    """RC-17: every visit of the day is over before its register is reviewed or put away."""
    numbers = attempt.given["still_open"]
    return Reason("RC-17", "visits_open", {"numbers": tuple(numbers)}) if numbers else None


def day_is_over(attempt: Attempt) -> Found:
    """RC-17: somebody may still come as long as the day lasts."""
    return Reason("RC-17", "day_not_over") if attempt.subject.day >= attempt.given["today"] else None


def as_reviewed(attempt: Attempt) -> Found:
    """RC-17: what is archived is what was reviewed."""
    same = attempt.given["digest"] == attempt.subject.digest
    return None if same else Reason("RC-17", "changed_since_review")


def still_open(visit: Any) -> bool:
    """RC-17: true for a visit that the register waits for: somebody is expected, here, or a room is unchecked."""
    if visit.state is VisitState.DECLINED:
        return visit.arrived_at is not None and visit.left_at is None
    return visit.state in UNFINISHED


def against_correcting(state: State | None, visit_state: VisitState) -> Reason | None:
    """RC-17: as long as an entry is not locked it is mended, not corrected."""
    locked = state is State.ARCHIVED and visit_state is VisitState.ARCHIVED
    return None if locked else Reason("RC-17", "not_locked")


def against_taking_over(day: str, today: str, until: str, state: State | None) -> Reason | None:
    """RC-17, RC-20: an old register has days that are over, past no term and not yet summed up in the portal's own.

    `until` is the last day whose visits are past their term; `state` that of the day's register here, if there is one.
    """
    if day >= today:
        return Reason("RC-17", "day_not_old")
    if day <= until:
        return Reason("RC-20", "day_past_term", {"day": until})
    return Reason("RC-17", "day_summed_up") if state not in {None, State.OPEN} else None


def digest(number: str, entries: Iterable[Sequence[Any]]) -> str:
    """What tells whether an entry was changed: a hash of a register's number and of all that its entries say."""
    written = json.dumps([number, *map(list, entries)], ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def years_later(day: date, years: int) -> date:
    """The same day years later; the last of February where there is no such day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def summed(rows: Iterable[Any]) -> Mapping[str, Any]:
    """The figures of a day: who came, visits and people, by category and what they said on leaving; who is expected."""
    found: dict[str, Any] = {"visits": 0, "people": 0, "expected": 0, "category": {}, "satisfaction": {}}
    for row in rows:
        if not row.arrived:
            found["expected"] += row.n if row.expected else 0
            continue
        found["visits"] += row.n
        found["people"] += row.people
        found["category"][str(row.category)] = found["category"].get(str(row.category), 0) + row.n
        if row.satisfaction:
            told = found["satisfaction"]
            told[str(row.satisfaction)] = told.get(str(row.satisfaction), 0) + row.n
    return found
