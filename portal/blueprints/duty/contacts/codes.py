"""The codes of contacts; pure."""

from __future__ import annotations

from enum import StrEnum


class System(StrEnum):
    """What somebody maintains or supplies (DR-15)."""

    LIFT = "lift"
    DOORS = "doors"
    CAMERAS = "cameras"
    NETWORK = "network"
    PHONES = "phones"
    POWER = "power"
    WATER = "water"
    AIR = "air"
    FIRE = "fire"
    CLEANING = "cleaning"
    OTHER = "other"
