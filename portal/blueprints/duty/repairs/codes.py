"""The codes of a repair order; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    DONE = "done"
    RECHECKED = "rechecked"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


CLOSED = frozenset({State.ACCEPTED, State.CANCELLED})
OPEN = frozenset(State) - CLOSED
