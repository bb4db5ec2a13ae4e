"""What daily reports plug in: addresses, words, their table of states, what duty counts, who reads them in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.reports import counts, labels, queries, routes
from portal.blueprints.duty.reports.models import DailyReport
from portal.blueprints.duty.reports.workflow import REPORT
from portal.kernel import audit

FLOWS = (REPORT,)
audit.REACH["daily_report"] = lambda viewer, its_id: sa.exists().where(
    DailyReport.id == its_id, queries.visible_to(viewer)
)

__all__ = ["FLOWS", "counts", "labels", "routes"]
