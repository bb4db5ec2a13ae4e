"""What the shift log plugs in: addresses and words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.log import call_end, finding, glance, labels, queries, routes
from portal.blueprints.duty.log.models import LogEntry
from portal.kernel import audit, calls

FLOWS: tuple[Any, ...] = ()
calls.ENDS.append(call_end.END)
audit.REACH["duty_log"] = lambda viewer, its_id: sa.exists().where(
    LogEntry.id == its_id, queries.visible_to(viewer)
)

__all__ = ["FLOWS", "finding", "glance", "labels", "routes"]
