"""What complaint handling counts for a department's daily report (DR-18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import CLOSED
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders.models import Order
from portal.i18n import _l
from portal.kernel import daily
from portal.kernel.people import Person

daily.CAPTIONS.update({
    "cases_taken": _l("Cases registered here"),
    "cases_routed": _l("Cases received"),
    "cases_answered": _l("Cases answered"),
    "cases_overdue": _l("Cases overdue at the end of the day"),
    "repairs": _l("Service orders asked for"),
})  # fmt: skip


def of_day(department: str, begins: datetime, ends: datetime) -> list[sa.Select[Any]]:
    """Cases of the department by what happened that day, never one in confidence; repairs for customers."""
    known = sa.and_(sa.not_(Case.confidential), Case.person_concerned_id.is_(None))
    taken = sa.exists().where(Person.id == Case.registered_by_id, Person.department == department)
    ours = sa.and_(known, Case.department == department)
    return [
        daily.counted("cases_taken", Case.id).where(known, taken, Case.registered_at.between(begins, ends)),
        daily.counted("cases_routed", Case.id).where(ours, Case.routed_at.between(begins, ends)),
        daily.counted("cases_answered", Case.id).where(ours, Case.reported_at.between(begins, ends)),
        daily.counted("cases_overdue", Case.id).where(
            ours, Case.state.not_in(CLOSED), Case.due_at < ends, Case.registered_at < ends
        ),
        daily.counted("repairs", Order.id).where(
            Order.department == department, Order.asked_at.between(begins, ends)
        ),
    ]
