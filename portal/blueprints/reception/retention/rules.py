"""When a visit may be forgotten, and whether what was found is one person; pure (RC-20)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.blueprints.reception.codes import OVER, State
from portal.kernel.mentions import digits
from portal.kernel.workflow import Reason

MOST = 1000  # things of one person that are handed over or removed together


def last_day(today: date, days: int) -> date:
    """RC-20: visits of this day and before have been kept for the whole term."""
    return today - timedelta(days=days)


def against_forgetting(visit: Any) -> Reason | None:
    """RC-20: why a visit cannot be forgotten yet: it is not over, or something of it is still here (RC-27)."""
    if visit.outstanding:
        return Reason("RC-20", "visit_things_here", {"things": visit.outstanding})
    declined = visit.state is State.DECLINED and (visit.left_at is not None or visit.arrived_at is None)
    return None if visit.state in OVER or declined else Reason("RC-20", "visit_not_over")


def several_people(found: Iterable[tuple[str, str]]) -> Reason | None:
    """RC-20: one person's data are given out and removed, never those of two who share a name or a number.

    `found` are names and phone numbers; one that nobody wrote down tells nobody apart.
    """
    pairs = list(found)
    names = {name for name, _phone in pairs if name}
    phones = {digits(phone) for _name, phone in pairs if phone}
    return Reason("RC-20", "several_people") if len(names) > 1 or len(phones) > 1 else None


def too_many(count: int) -> Reason | None:
    """RC-20: what is found is given out and removed whole, never a part of it."""
    return Reason("RC-20", "too_many_traces", {"most": MOST}) if count > MOST else None
