"""What inspections plug in: addresses, words, their table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.inspections import labels, queries, routes
from portal.blueprints.duty.inspections.codes import Mark
from portal.blueprints.duty.inspections.models import Round
from portal.blueprints.duty.inspections.workflow import INSPECTION
from portal.i18n import _l, label
from portal.kernel import audit

FLOWS = (INSPECTION,)
audit.REACH["inspection"] = lambda viewer, its_id: sa.exists().where(
    Round.id == its_id, queries.visible_to(viewer)
)
audit.REACH["inspection_plan"] = lambda viewer, its_id: sa.true()
equipment.PAST_WORDS["inspection"] = (_l("Inspection"), lambda mark: label(Mark(mark)))

__all__ = ["FLOWS", "labels", "routes"]
