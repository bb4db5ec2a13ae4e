"""What keeping and forgetting plugs in: addresses and words."""

from __future__ import annotations

from portal.blueprints.reception.retention import labels, routes

FLOWS = ()

__all__ = ["FLOWS", "labels", "routes"]
