"""What places plug in: addresses, words, who reads of them in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.rooms import labels, routes
from portal.kernel import audit

FLOWS = ()
audit.REACH["place"] = lambda _viewer, _place_id: sa.true()  # everybody sees the calendars

__all__ = ["FLOWS", "labels", "routes"]
