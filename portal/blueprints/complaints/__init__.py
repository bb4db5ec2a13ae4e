"""Cases: inquiries, suggestions, complaints; what the area shows the portal."""

from portal.blueprints.complaints.labels import CLOCKS, LABELS, NOTICES, REASONS, VERBS
from portal.blueprints.complaints.routes import bp
from portal.blueprints.complaints.watch import CLOCKS as LIMITS
from portal.blueprints.complaints.watch import recompute
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import policies

policies.RECOMPUTE.append(recompute)

FLOWS = (CASE,)
CLOCK_CLAUSES = {kind: clause for kind, (_, clause) in LIMITS.items()}

__all__ = ["CLOCKS", "CLOCK_CLAUSES", "FLOWS", "LABELS", "NOTICES", "REASONS", "VERBS", "bp"]
