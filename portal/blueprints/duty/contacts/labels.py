"""What people read of contacts."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.systems import System
from portal.i18n import _l, label

HISTORY: dict[str, Any] = {
    "contact:create": _l("Contact added"),
    "contact:edit": _l("Contact changed"),
    "contact:retire": _l("Contact retired"),
}
READERS: dict[str, telling.Readers] = {
    "contact": {"system": (_l("System"), lambda code: label(System(code)))},
}
