"""Cases: inquiries, suggestions, complaints; what the area shows the portal."""

import sqlalchemy as sa

from portal.blueprints.complaints.labels import CLOCKS, HISTORY, LABELS, NOTICES, REASONS, VERBS
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.queries import visible_to
from portal.blueprints.complaints.routes import bp
from portal.blueprints.complaints.story import DETAILS
from portal.blueprints.complaints.watch import CLOCKS as LIMITS
from portal.blueprints.complaints.watch import recompute
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import audit, policies

policies.RECOMPUTE.append(recompute)
audit.REACH["case"] = lambda viewer, case_id: sa.exists().where(Case.id == case_id, visible_to(viewer))

FLOWS = (CASE,)
READERS = {"case": DETAILS}
CLOCK_CLAUSES = {kind: clause for kind, (_, clause) in LIMITS.items()}

__all__ = [
    "CLOCKS",
    "CLOCK_CLAUSES",
    "FLOWS",
    "HISTORY",
    "LABELS",
    "NOTICES",
    "READERS",
    "REASONS",
    "VERBS",
    "bp",
]
