"""What attendance plugs in: addresses, words, what stands against its figures, who reads of it in the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty import heads
from portal.blueprints.duty.attendance import labels, queries, routes, rules
from portal.blueprints.duty.attendance.models import SignIn
from portal.i18n import _l
from portal.kernel import audit, policies, touches
from portal.kernel.people import Person, Viewer
from portal.kernel.touches import Touch
from portal.kernel.workflow import Reason

FLOWS: tuple[Any, ...] = ()
TOUCHES = {
    "in": Touch(_l("Sign in"), "duty.sign_in_today", "check"),
    "out": Touch(_l("Sign out"), "duty.sign_out_today", "logout"),
}


def _days_of(viewer: Viewer, its_id: Any) -> sa.ColumnElement[bool]:
    theirs = sa.true() if heads.is_over_all(viewer) else Person.department.in_(viewer.leads)
    mine = sa.or_(SignIn.person_id == viewer.id, theirs)
    return sa.exists().where(SignIn.id == its_id, Person.id == SignIn.person_id, mine)


def _against(key: str, value: str) -> Reason | None:
    """DR-17: the office's hours are times of the day."""
    if key in {"attendance.starts", "attendance.ends"} and not rules.is_time(value):
        return Reason("DR-17", "not_a_time")
    return None


def _touch(viewer: Viewer, now: datetime) -> Touch | None:
    return TOUCHES.get(queries.next_touch(viewer.id, now))


touches.PROVIDERS.append(_touch)
audit.REACH["attendance"] = _days_of
audit.REACH["attendance_month"] = lambda viewer, its_id: sa.true()
policies.OBJECTIONS.append(_against)

__all__ = ["FLOWS", "labels", "routes"]
