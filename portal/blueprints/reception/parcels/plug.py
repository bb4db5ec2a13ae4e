"""What the book of letters and parcels plugs in: addresses, words, its table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.parcels import labels, routes
from portal.blueprints.reception.parcels.workflow import PARCEL
from portal.kernel import audit

FLOWS = (PARCEL,)
audit.REACH["parcel"] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "labels", "routes"]
