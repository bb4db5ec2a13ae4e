"""The general office: people, departments, positions, routing, limits, the calendar, the audit."""

# Each of these modules names its addresses.
import portal.blueprints.office.audit.routes
import portal.blueprints.office.calendar.routes
import portal.blueprints.office.intake.routes
import portal.blueprints.office.limits.routes
import portal.blueprints.office.notices.routes
import portal.blueprints.office.people.routes
import portal.blueprints.office.routes
import portal.blueprints.office.structure.routes
import portal.blueprints.office.system.routes  # noqa: F401
from portal.blueprints.office import labels
from portal.blueprints.office.area import bp
from portal.blueprints.office.labels import EVENTS, READERS
from portal.blueprints.office.system import labels as system
from portal.blueprints.office.system.labels import LABELS, NOTICES, VERBS

HISTORY = EVENTS
FIGURES = labels.FIGURES | system.FIGURES
REASONS = labels.REASONS | system.REASONS

__all__ = ["FIGURES", "HISTORY", "LABELS", "NOTICES", "READERS", "REASONS", "VERBS", "bp"]
