"""What the contacts plug in: addresses and words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.contacts import finding, labels, routes
from portal.kernel import audit

FLOWS: tuple[Any, ...] = ()
audit.REACH["contact"] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "finding", "labels", "routes"]
