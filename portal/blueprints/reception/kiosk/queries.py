"""What the desk sees of what was said at the kiosk."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.kiosk.models import KioskVisit
from portal.blueprints.reception.models import Visit
from portal.kernel.db import db


def asked_for(visit: Visit) -> str:
    """Whom a visitor at the kiosk wants to see, in their own words; asked only where the arrival was not the desk's."""
    if not visit.measured:
        return ""
    row = sa.select(KioskVisit.asked_for).where(KioskVisit.visit_id == visit.id)
    return db.session.scalar(row) or ""
