"""What the category matrix plugs in: addresses and words."""

from __future__ import annotations

from portal import notices
from portal.blueprints.reception.categories import labels, routes

FLOWS = ()
notices.VALUES.update(labels.VALUES)

__all__ = ["FLOWS", "labels", "routes"]
