"""What the shift log plugs in: addresses and words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.log import glance, labels, queries, routes
from portal.blueprints.duty.log.models import LogEntry
from portal.kernel import audit

FLOWS: tuple[Any, ...] = ()
audit.REACH["duty_log"] = lambda viewer, its_id: sa.exists().where(
    LogEntry.id == its_id, queries.visible_to(viewer)
)

__all__ = ["FLOWS", "glance", "labels", "routes"]
