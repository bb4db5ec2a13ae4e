"""What the kiosk plugs in: addresses and words."""

from __future__ import annotations

from portal.blueprints.reception.kiosk import labels, routes

FLOWS = ()

__all__ = ["FLOWS", "labels", "routes"]
