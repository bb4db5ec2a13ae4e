"""What attendance plugs in: addresses, words, what stands against its figures, who reads of it in the audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty import heads
from portal.blueprints.duty.attendance import labels, routes, rules
from portal.blueprints.duty.attendance.models import SignIn
from portal.kernel import audit, policies
from portal.kernel.people import Person, Viewer
from portal.kernel.workflow import Reason

FLOWS: tuple[Any, ...] = ()


def _days_of(viewer: Viewer, its_id: Any) -> sa.ColumnElement[bool]:
    theirs = sa.true() if heads.is_over_all(viewer) else Person.department.in_(viewer.leads)
    mine = sa.or_(SignIn.person_id == viewer.id, theirs)
    return sa.exists().where(SignIn.id == its_id, Person.id == SignIn.person_id, mine)


def _against(key: str, value: str) -> Reason | None:
    """DR-17: the office's hours are times of the day."""
    if key in {"attendance.starts", "attendance.ends"} and not rules.is_time(value):
        return Reason("DR-17", "not_a_time")
    return None


audit.REACH["attendance"] = _days_of
audit.REACH["attendance_month"] = lambda viewer, its_id: sa.true()
policies.OBJECTIONS.append(_against)

__all__ = ["FLOWS", "labels", "routes"]
