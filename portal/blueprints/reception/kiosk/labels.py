"""What people read about kiosks."""

from __future__ import annotations

from portal.i18n import _l

HISTORY = {
    "kiosk:create": _l("Kiosk set up"),
    "kiosk:open": _l("Kiosk opened on its tablet"),
    "kiosk:revoke": _l("Kiosk ended"),
    "visit:consent": _l("Agreed to the privacy notice at the kiosk"),
}
