"""What the ledger of equipment plugs in: addresses and words; everybody on duty may read it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.equipment import finding, labels, routes
from portal.kernel import audit

FLOWS: tuple[Any, ...] = ()
audit.REACH["equipment"] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "finding", "labels", "routes"]
