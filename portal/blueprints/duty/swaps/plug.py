"""What swaps plug in: addresses, words, their table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.swaps import labels, queries, routes
from portal.blueprints.duty.swaps.models import Swap
from portal.blueprints.duty.swaps.workflow import SWAP
from portal.kernel import audit

FLOWS = (SWAP,)
audit.REACH["swap"] = lambda viewer, its_id: sa.exists().where(Swap.id == its_id, queries.visible_to(viewer))

__all__ = ["FLOWS", "labels", "routes"]
