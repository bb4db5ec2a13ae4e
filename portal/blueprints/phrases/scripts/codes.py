"""The codes of scripts; pure."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """Where a script is spoken."""

    PHONE = "phone"
    ONSITE = "onsite"


class End(StrEnum):
    """How a talk ends."""

    FAREWELL = "farewell"
    HAND_OVER = "hand_over"


ASKED = (
    "caller",
    "company",
    "phone",
    "matter",
    "place",
    "reason",
    "demand",
    "transfer",
)  # fields of a call (PG-02)
BECOMES = ("case", "question", "log")  # what a talk usually becomes
