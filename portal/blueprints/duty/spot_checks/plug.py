"""What checks on duty plug in: addresses, words, their table of states, who reads of them in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.spot_checks import labels, queries, routes
from portal.blueprints.duty.spot_checks.models import DutyCheck
from portal.blueprints.duty.spot_checks.workflow import DUTY_CHECK
from portal.kernel import audit

FLOWS = (DUTY_CHECK,)
audit.REACH["duty_check"] = lambda viewer, its_id: sa.exists().where(
    DutyCheck.id == its_id, queries.visible_to(viewer)
)

__all__ = ["FLOWS", "labels", "routes"]
