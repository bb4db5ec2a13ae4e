"""What the desk sees of what was said at the kiosk."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.kiosk.codes import Why
from portal.blueprints.reception.kiosk.models import KioskVisit
from portal.blueprints.reception.models import Visit
from portal.kernel.db import db


def told(visit: Visit) -> tuple[str, Why | None]:
    """Whom a visitor at the kiosk asks for, in their own words, and why; only where the arrival was not the desk's."""
    if not visit.measured:
        return "", None
    said = sa.select(KioskVisit.asked_for, KioskVisit.why).where(KioskVisit.visit_id == visit.id)
    row = db.session.execute(said).one_or_none()
    return (row.asked_for, row.why) if row else ("", None)
