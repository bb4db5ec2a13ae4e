"""The codes of attendance; pure."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """How somebody stands to one planned stretch of work."""

    ON_TIME = "on_time"
    LATE = "late"
    ABSENT = "absent"
    LEAVE = "leave"
    EXCUSED = "excused"
    AHEAD = "ahead"
