"""What rosters plug in: addresses, words, the table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal import importing
from portal.blueprints.duty.rosters import edits, excel, imports, jobs, labels, routes
from portal.blueprints.duty.rosters.workflow import ROSTER
from portal.kernel import audit

FLOWS = (ROSTER,)
importing.KINDS[excel.SHIFTS.name] = excel.SHIFTS
audit.REACH["roster"] = lambda viewer, its_id: sa.true()  # who reads the audit sees every roster

__all__ = ["FLOWS", "edits", "imports", "jobs", "labels", "routes"]
