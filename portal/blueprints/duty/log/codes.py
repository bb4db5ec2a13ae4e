"""The codes of the shift log; pure."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    ROUTINE = "routine"
    VISITOR = "visitor"
    EQUIPMENT = "equipment"
    FAULT = "fault"
    INCIDENT = "incident"
    OTHER = "other"


class Standing(StrEnum):
    """Where a matter stood when it was written down."""

    DONE = "done"
    OPEN = "open"
    RUNNING = "running"  # an event in progress


class Act(StrEnum):
    """What an entry is: one of its own, or a word about an earlier one."""

    NOTE = "note"
    CORRECT = "correct"
    SETTLE = "settle"
    TAKE_OVER = "take-over"
    CONSENT = "consent"
