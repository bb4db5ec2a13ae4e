"""Cases: inquiries, suggestions, complaints; what the area shows the portal."""

from portal.blueprints.complaints.labels import CLOCKS, LABELS, NOTICES, REASONS, VERBS
from portal.blueprints.complaints.routes import bp
from portal.blueprints.complaints.watch import recompute
from portal.kernel import policies

policies.RECOMPUTE.append(recompute)

__all__ = ["CLOCKS", "LABELS", "NOTICES", "REASONS", "VERBS", "bp"]
