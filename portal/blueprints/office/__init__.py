"""The general office: people, departments, positions, routing, limits, the calendar, the audit."""

# Each of these modules names its addresses.
import portal.blueprints.office.audit.routes
import portal.blueprints.office.calendar.routes
import portal.blueprints.office.channels.routes
import portal.blueprints.office.intake.routes
import portal.blueprints.office.limits.routes
import portal.blueprints.office.notices.routes
import portal.blueprints.office.outbox.routes
import portal.blueprints.office.people.routes
import portal.blueprints.office.routes
import portal.blueprints.office.structure.routes  # noqa: F401
from portal.blueprints.office.area import bp
from portal.blueprints.office.labels import EVENTS, FIGURES, READERS, REASONS

HISTORY = EVENTS

__all__ = ["FIGURES", "HISTORY", "READERS", "REASONS", "bp"]
