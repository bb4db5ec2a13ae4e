"""What DR-21 asks of a swap; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.blueprints.duty.leave.rules import heads
from portal.blueprints.duty.swaps.codes import State
from portal.kernel.workflow import Attempt, Reason

Found = Reason | Iterable[Reason] | None


def standing(swap: Any, by: Any) -> frozenset[str]:
    """DR-21: who gives or offered, who was named or may take, who took, and the head, who decides nothing of the own."""
    asks = by.id in {swap.giver_id, swap.asked_by_id}
    takes = by.id == swap.taker_id
    roles = {
        "asker": asks,
        "candidate": by.id != swap.giver_id and swap.to_id in (None, by.id),
        "named": by.id == swap.to_id and swap.state is State.OFFERED,
        "taker": takes,
        "head": heads(by, swap.department) and not asks and not takes,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def lapses_at(shifts: Iterable[Any], now: datetime) -> datetime:
    """DR-21: until when it can be taken and approved: the first begin; of a shift that runs, its end."""
    begins: list[datetime] = [shift.starts_at if shift.starts_at > now else shift.ends_at for shift in shifts]
    return min(begins)


# -- gates ----------------------------------------------------------------------------------------------------------


def still_in_time(attempt: Attempt) -> Found:
    """DR-21: the past is not changed any more."""
    swap = attempt.subject
    late = not swap.at_once and attempt.now >= swap.lapses_at
    return Reason("DR-21", "swap_too_late") if late else None


def still_theirs(attempt: Attempt) -> Found:
    """DR-21: the shifts are still whose they were when it was offered."""
    return Reason("DR-21", "shift_moved") if attempt.given["moved"] else None


def swap_keeps_rules(attempt: Attempt) -> Found:
    """DR-21: rest, qualification, cover and every other rule of the roster, asked again in the same write."""
    return attempt.given["against"] or None


def not_at_once(attempt: Attempt) -> Found:
    """DR-21: what was taken over while it ran is not given back by a touch."""
    return Reason("DR-21", "taken_over_already") if attempt.subject.at_once else None
