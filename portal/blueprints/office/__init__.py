"""The general office: people, departments, positions, routing, limits, the calendar, the audit."""

import sqlalchemy as sa

# Each of these modules names its addresses.
import portal.blueprints.office.audit.routes
import portal.blueprints.office.calendar.routes
import portal.blueprints.office.channels.routes
import portal.blueprints.office.intake.routes
import portal.blueprints.office.limits.routes
import portal.blueprints.office.notices.routes
import portal.blueprints.office.outbox.routes
import portal.blueprints.office.people.access
import portal.blueprints.office.people.departing
import portal.blueprints.office.people.finding
import portal.blueprints.office.people.routes
import portal.blueprints.office.privacy.routes
import portal.blueprints.office.routes
import portal.blueprints.office.sheets.routes
import portal.blueprints.office.structure.routes
import portal.blueprints.office.system.routes  # noqa: F401
from portal.blueprints.office import labels
from portal.blueprints.office.area import bp
from portal.blueprints.office.labels import EVENTS
from portal.blueprints.office.privacy import kept, staff
from portal.blueprints.office.privacy import labels as privacy
from portal.blueprints.office.privacy.workflow import PERSON_REQUEST
from portal.blueprints.office.system import labels as system
from portal.kernel import audit, personal_data
from portal.kernel.rights import Role

kept.declare()
personal_data.OWN.append(staff.OWN)
audit.REACH["person_request"] = lambda viewer, _its_id: sa.literal(viewer.role is Role.OFFICE)

HISTORY = EVENTS | privacy.HISTORY
READERS = labels.READERS | privacy.READERS
FIGURES = labels.FIGURES | system.FIGURES
REASONS = labels.REASONS | privacy.REASONS | system.REASONS
LABELS = {**privacy.LABELS, **system.LABELS}
NOTICES = privacy.NOTICES | system.NOTICES
VERBS = privacy.VERBS | system.VERBS
FLOWS = (PERSON_REQUEST,)

__all__ = ["FIGURES", "FLOWS", "HISTORY", "LABELS", "NOTICES", "READERS", "REASONS", "VERBS", "bp"]
