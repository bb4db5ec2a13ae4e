"""The rules of places as pure functions: how one stands, when it is free, who may check it, what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.reception.codes import ADMINISTRATION, Category, Side, State
from portal.blueprints.reception.rooms.codes import Condition
from portal.blueprints.reception.rules import standing
from portal.kernel.rights import Role
from portal.kernel.workflow import Reason

Span = tuple[datetime, datetime]

# While a ready check still says something; once the hosts sit there it is too late.
CHECKABLE = frozenset({State.EXPECTED, State.ARRIVED, State.WAITING})


def keeps_places(by: Any) -> bool:
    """RC-03: desk, general office and administration block places and check them."""
    return by.role in {Role.DESK, Role.OFFICE} or by.department == ADMINISTRATION


def condition(*, blocked: bool, occupied: bool, used: bool, unready: bool) -> Condition:
    """RC-02, RC-13, RC-16: how a place stands now, the weightiest first. None of it keeps a visitor from a seat."""
    told = {
        Condition.BLOCKED: blocked,
        Condition.OCCUPIED: occupied,
        Condition.USED: used,
        Condition.UNREADY: unready,
    }
    return next((word for word, holds in told.items() if holds), Condition.FREE)


def free_spans(
    opens: datetime,
    closes: datetime,
    taken: Iterable[Span],
    buffer: timedelta,
    least: timedelta = timedelta(minutes=30),
) -> Iterator[Span]:
    """RC-02: when a meeting of at least `least` still fits between what is taken.

    `taken` are bookings with the buffer behind them; a meeting before one leaves it the same buffer.
    """
    at = opens
    for begins, until in sorted(taken):
        if min(begins - buffer, closes) - at >= least:
            yield at, min(begins - buffer, closes)
        at = max(at, until)
    if closes - at >= least:
        yield at, closes


def block_refused(
    starts_at: datetime, ends_at: datetime, others: Iterable[tuple[str, datetime, datetime]]
) -> list[Reason]:
    """RC-02: a place is not blocked where something is booked; each is named. No number: it is blocked already."""
    return [
        Reason("RC-02", "booked_there", {"number": number}) if number else Reason("RC-02", "blocked_there")
        for number, begins, until in others
        if begins < ends_at and until > starts_at
    ]


def ready_asked(visit: Any, sides: Iterable[Side]) -> bool:
    """RC-16: whether a ready check belongs to this visit now: its category has one, and it is not too late."""
    return bool(tuple(sides)) and visit.state in CHECKABLE


def ready_due(visit: Any, today: str) -> bool:
    """RC-16: whether the check waits for somebody: from the morning of the day of a confirmed appointment, or at once.

    A walk-in's is shown and can be ticked; it is put up as well, and never keeps the visitor from the seat.
    """
    if visit.state is not State.EXPECTED:
        return True
    return bool(visit.confirmed_at) and visit.place_id is not None and visit.day <= today


def ready_refused(visit: Any, sides: Iterable[Side]) -> Reason | None:
    """RC-16: what is in the way of a ready check."""
    if not tuple(sides):
        return Reason("RC-16", "no_ready_check")
    return None if visit.state in CHECKABLE else Reason("RC-16", "too_late_to_check")


def may_check_ready(visit: Any, by: Any, sides: Iterable[Side]) -> bool:
    """RC-16: the side that the matrix names ticks it, and the desk may help."""
    able = {"desk", "clerk", "office"} | ({"host", "lead"} if Side.HOST in tuple(sides) else set())
    return bool(standing(visit, by) & able)


def desk_clears(sides_of: Mapping[Category, tuple[Side, ...]], category: Category) -> bool:
    """RC-13: the one act clears what needs the desk's check alone."""
    return set(sides_of[category]) <= {Side.DESK}
