"""What meals and lodging plug in: addresses, words, their table of states."""

from __future__ import annotations

from portal.blueprints.reception.services import labels, routes
from portal.blueprints.reception.services.workflow import SERVICE

FLOWS = (SERVICE,)

__all__ = ["FLOWS", "labels", "routes"]
