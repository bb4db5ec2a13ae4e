"""What leave plugs in: addresses, words, its table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.leave import labels, queries, routes
from portal.blueprints.duty.leave.models import Absence, Leave
from portal.blueprints.duty.leave.workflow import LEAVE
from portal.kernel import audit

FLOWS = (LEAVE,)
audit.REACH["leave"] = lambda viewer, its_id: sa.exists().where(
    Leave.id == its_id, queries.visible_to(viewer)
)
audit.REACH["absence"] = lambda viewer, its_id: sa.exists().where(
    Absence.id == its_id, queries.absences_visible_to(viewer)
)

__all__ = ["FLOWS", "labels", "routes"]
