"""What repair orders plug in: addresses, words, their table of states, what they have open at a handover."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.repairs import finding, handing, labels, queries, routes
from portal.blueprints.duty.repairs.codes import State
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.repairs.workflow import REPAIR
from portal.i18n import _l, label
from portal.kernel import audit

FLOWS = (REPAIR,)
audit.REACH["repair"] = lambda viewer, its_id: sa.exists().where(
    Repair.id == its_id, queries.visible_to(viewer)
)
equipment.PAST_WORDS["repair"] = (_l("Repair order"), lambda state: label(State(state)))

__all__ = ["FLOWS", "finding", "handing", "labels", "routes"]
