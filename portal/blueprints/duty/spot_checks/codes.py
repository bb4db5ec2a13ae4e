"""The codes of a check on duty; pure."""

from __future__ import annotations

from enum import StrEnum


class Finding(StrEnum):
    """What was found; `none` stands alone (DR-03, DR-05)."""

    ABSENT = "absent"
    UNRELATED = "unrelated"
    DRESS = "dress"
    RECORD = "record"
    TIDY = "tidy"
    NONE = "none"


class State(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    CLEAN = "clean"
