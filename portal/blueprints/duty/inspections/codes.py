"""The codes of inspections; pure."""

from __future__ import annotations

from enum import StrEnum


class PlanKind(StrEnum):
    """What an inspection is about (DR-13, DR-19)."""

    ROUND = "round"
    FIRE = "fire"
    PASSAGES = "passages"
    ELECTRICITY = "electricity"
    TRAINING = "training"
    OTHER = "other"


class Rhythm(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class State(StrEnum):
    DUE = "due"
    DONE = "done"
    MISSED = "missed"


class Mark(StrEnum):
    """What somebody says of a point."""

    FINE = "fine"
    FINDING = "finding"
