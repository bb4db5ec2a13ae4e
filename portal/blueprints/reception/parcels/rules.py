"""What RC-29 says about a parcel: whose it is, who signs for it, how long it has lain there; pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.kernel.workflow import Attempt, Reason


def is_mine(parcel: Any, by: Any) -> bool:
    """RC-29: a parcel is its recipient's; one for a department is everybody's there."""
    if parcel.recipient_id is not None:
        return bool(parcel.recipient_id == by.id)
    return parcel.department == by.department or parcel.department in by.leads


def standing(parcel: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a parcel: the desk that keeps it, or who may confirm to have it."""
    roles = {"desk": by.role in {"desk", "office"}, "recipient": is_mine(parcel, by)}
    return frozenset(name for name, holds in roles.items() if holds)


def collector_known(attempt: Attempt) -> Reason | None:
    """RC-29: somebody signs for it: the recipient, or whoever is named; of a department somebody is always named.

    Who is not of the desk confirms for themselves only.
    """
    parcel, collector = attempt.subject, attempt.given.get("collector")
    if "desk" not in standing(parcel, attempt.by):
        own = collector is None or collector.id == attempt.by.id
        return None if own else Reason("RC-29", "signs_for_others")
    if collector is None and parcel.recipient_id is None and not is_mine(parcel, attempt.by):
        return Reason("RC-29", "collector_missing")
    return None


def days_waiting(arrived: date, today: date) -> int:
    """How many days something has lain there; 0 on the day it came."""
    return max((today - arrived).days, 0)
