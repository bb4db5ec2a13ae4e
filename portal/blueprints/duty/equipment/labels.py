"""What people read of equipment."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.systems import System
from portal.drawing import name_of
from portal.i18n import _, _l, label

LABELS: dict[Any, Any] = {
    System: {
        System.LIFT: _l("Lifts"),
        System.DOORS: _l("Doors and gates"),
        System.CAMERAS: _l("Cameras"),
        System.NETWORK: _l("Network"),
        System.PHONES: _l("Phones"),
        System.POWER: _l("Power"),
        System.WATER: _l("Water and drains"),
        System.FIRE: _l("Fire protection"),
        System.CLIMATE: _l("Air conditioning"),
        System.OFFICE: _l("Office equipment"),
        System.CLEANING: _l("Cleaning"),
        System.OTHER: _l("Other"),
    },
}
HISTORY: dict[str, Any] = {
    "equipment:create": _l("Added to the ledger of equipment"),
    "equipment:edit": _l("Ledger of equipment changed"),
    "equipment:import": _l("Imported into the ledger of equipment"),
}
READERS: dict[str, telling.Readers] = {
    "equipment": {
        "code": (_l("Code"), str),
        "system": (_l("System"), lambda code: label(System(code))),
        "responsible": (_l("Responsible person"), name_of),
        "important": (_l("Important"), lambda _important: _("yes")),
    }
}
