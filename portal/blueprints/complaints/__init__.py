"""Cases: inquiries, suggestions, complaints; what the area shows the portal."""

import sqlalchemy as sa

from portal.blueprints.complaints import labels
from portal.blueprints.complaints.labels import CLOCKS
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import labels as order_labels
from portal.blueprints.complaints.orders import plug as orders
from portal.blueprints.complaints.queries import visible_to
from portal.blueprints.complaints.routes import bp
from portal.blueprints.complaints.story import DETAILS
from portal.blueprints.complaints.watch import CLOCKS as LIMITS
from portal.blueprints.complaints.watch import recompute
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import audit, policies

policies.RECOMPUTE.append(recompute)
audit.REACH["case"] = lambda viewer, case_id: sa.exists().where(Case.id == case_id, visible_to(viewer))

FLOWS = (CASE, *orders.FLOWS)
READERS = {"case": DETAILS, "order": order_labels.DETAILS}
LABELS = {**labels.LABELS, **order_labels.LABELS}
HISTORY = {**labels.HISTORY, **order_labels.HISTORY}
REASONS = {**labels.REASONS, **order_labels.REASONS}
NOTICES = {**labels.NOTICES, **order_labels.NOTICES}
VERBS = {**labels.VERBS, **order_labels.WAITS}
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
