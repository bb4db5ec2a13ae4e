"""The codes of places: how one stands now, what is checked and when; pure."""

from __future__ import annotations

import enum


class Condition(enum.StrEnum):
    """How a place stands now; the first that holds is said first."""

    BLOCKED = "blocked"
    OCCUPIED = "occupied"
    USED = "used"  # somebody left, and the room check is still to come (RC-13)
    UNREADY = "unready"  # one of the four points does not hold, or nobody looked this morning (RC-16)
    FREE = "free"


class CheckKind(enum.StrEnum):
    MORNING = "morning"  # of all places
    READY = "ready"  # before a visit


class Point(enum.StrEnum):
    """RC-16: the four things that make a place ready."""

    TIDY = "tidy"
    FLOOR_AIR = "floor_air"
    CLIMATE_LIGHT = "climate_light"
    SUPPLIES = "supplies"
