"""What emergencies plug in: addresses, words, their table of states, the shipped playbooks."""

from __future__ import annotations

import sqlalchemy as sa

from portal import notices
from portal.blueprints.duty.emergencies import labels, playbooks, routes, shipped
from portal.blueprints.duty.emergencies.workflow import EMERGENCY
from portal.kernel import audit

FLOWS = (EMERGENCY,)
audit.REACH["emergency"] = lambda viewer, its_id: sa.true()
audit.REACH["playbook"] = lambda viewer, its_id: sa.true()
notices.DRILLS |= labels.DRILLS

__all__ = ["FLOWS", "labels", "playbooks", "routes", "shipped"]
