"""What people read of contacts."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.contacts.codes import System
from portal.i18n import _l, label

LABELS: dict[Any, Any] = {
    System: {
        System.LIFT: _l("Lifts"),
        System.DOORS: _l("Doors and gates"),
        System.CAMERAS: _l("Cameras"),
        System.NETWORK: _l("Network"),
        System.PHONES: _l("Phones"),
        System.POWER: _l("Power"),
        System.WATER: _l("Water and drains"),
        System.AIR: _l("Air conditioning"),
        System.FIRE: _l("Fire protection"),
        System.CLEANING: _l("Cleaning"),
        System.OTHER: _l("Other"),
    }
}
HISTORY: dict[str, Any] = {
    "contact:create": _l("Contact added"),
    "contact:edit": _l("Contact changed"),
    "contact:retire": _l("Contact retired"),
}
READERS: dict[str, telling.Readers] = {
    "contact": {"system": (_l("System"), lambda code: label(System(code)))},
}
