"""The systems of the house, by which equipment is kept and people are called; pure."""

from __future__ import annotations

from enum import StrEnum


class System(StrEnum):
    """What a piece of equipment belongs to, and what a contact maintains or supplies (DR-13, DR-15)."""

    LIFT = "lift"
    DOORS = "doors"
    CAMERAS = "cameras"
    NETWORK = "network"
    PHONES = "phones"
    POWER = "power"
    WATER = "water"
    FIRE = "fire"
    CLIMATE = "climate"
    OFFICE = "office"
    CLEANING = "cleaning"
    OTHER = "other"
