"""What checklists plug in: addresses, words, their table of states, a line on the handover's page."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.checklists import labels, queries, routes
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.models import Checklist
from portal.blueprints.duty.checklists.workflow import CHECKLIST
from portal.blueprints.duty.handover import page
from portal.blueprints.duty.handover import queries as handovers
from portal.kernel import audit

FLOWS = (CHECKLIST,)
handovers.BESIDE.append(queries.as_marks)
page.CHECKED += [Moment.START, Moment.END]
audit.REACH["checklist"] = lambda viewer, its_id: sa.exists().where(
    Checklist.id == its_id, queries.visible_to(viewer)
)
audit.REACH["checklist_list"] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "labels", "routes"]
