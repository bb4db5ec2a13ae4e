"""The codes of a checklist; pure."""

from __future__ import annotations

from enum import StrEnum


class Moment(StrEnum):
    START = "start"
    END = "end"
    CLOSING = "closing"


class State(StrEnum):
    DUE = "due"
    DONE = "done"


class Standing(StrEnum):
    """How the checklist of a shift stands on a day's overview."""

    DONE = "done"
    MISSING = "missing"
    LATER = "later"
