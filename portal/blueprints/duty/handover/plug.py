"""What the handover plugs in: addresses, words, its table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.handover import labels, queries, routes
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.handover.workflow import HANDOVER
from portal.kernel import audit

FLOWS = (HANDOVER,)
audit.REACH["handover"] = lambda viewer, its_id: sa.exists().where(
    Handover.id == its_id, queries.visible_to(viewer)
)
audit.REACH["post_item"] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "labels", "routes"]
