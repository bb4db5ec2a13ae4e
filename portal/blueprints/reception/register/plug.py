"""What the daily register plugs in: addresses, words, its table of states."""

from __future__ import annotations

from portal.blueprints.reception.register import labels, routes, sheet
from portal.blueprints.reception.register.workflow import REGISTER

FLOWS = (REGISTER,)

__all__ = ["FLOWS", "labels", "routes", "sheet"]
