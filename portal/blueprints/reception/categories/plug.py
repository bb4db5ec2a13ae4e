"""What the category matrix plugs in: addresses and words."""

from __future__ import annotations

from portal.blueprints.reception.categories import labels, routes

FLOWS = ()

__all__ = ["FLOWS", "labels", "routes"]
