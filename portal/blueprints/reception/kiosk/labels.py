"""What people read about kiosks."""

from __future__ import annotations

from typing import Any

from portal.blueprints.reception.kiosk.codes import Why
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Why: {
        Why.MEETING: _l("A talk or a meeting"),
        Why.BUSINESS: _l("An interview, or business with a department"),
        Why.DELIVERY: _l("A delivery"),
        Why.OTHER: _l("Something else"),
    },
}
HISTORY = {
    "kiosk:create": _l("Kiosk set up"),
    "kiosk:open": _l("Kiosk opened on its tablet"),
    "kiosk:revoke": _l("Kiosk ended"),
    "visit:consent": _l("Agreed to the privacy notice at the kiosk"),
}
