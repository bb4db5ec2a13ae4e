"""The codes of the ledger; pure."""

from __future__ import annotations

from enum import StrEnum


class System(StrEnum):
    """What a piece of equipment belongs to; by it the contacts are sorted, too (DR-15)."""

    LIFT = "lift"
    DOORS = "doors"
    CAMERAS = "cameras"
    NETWORK = "network"
    POWER = "power"
    WATER = "water"
    FIRE = "fire"
    CLIMATE = "climate"
    OFFICE = "office"
    OTHER = "other"
