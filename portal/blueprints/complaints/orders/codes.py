"""The codes of a service order."""

from __future__ import annotations

from enum import StrEnum


class OrderKind(StrEnum):
    REPAIR = "repair"
    INSTALLATION = "installation"


class OrderState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    ASSIGNED = "assigned"
    DONE = "done"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class EntryKind(StrEnum):
    """What was put down on the way: parts and hours, a thing taken in, a device swapped."""

    WORK = "work"
    TAKEN = "taken"
    SWAP = "swap"


class Fate(StrEnum):
    """What became of a thing that was taken in."""

    RETURNED = "returned"
    SWAPPED = "swapped"


CLOSED = frozenset({OrderState.ACCEPTED, OrderState.CANCELLED})
OPEN = frozenset(OrderState) - CLOSED
# Planned work that is late only while nobody has done it.
UNDONE = frozenset({OrderState.ASKED, OrderState.APPROVED, OrderState.ASSIGNED})
