"""What appointments plug in: addresses, words, what the sweep does by the calendar; with them the arrangement form."""

from __future__ import annotations

from portal.blueprints.reception.appointments import labels, routes, sweep
from portal.blueprints.reception.arrangement import routes as arrangement

FLOWS = ()

__all__ = ["FLOWS", "arrangement", "labels", "routes", "sweep"]
