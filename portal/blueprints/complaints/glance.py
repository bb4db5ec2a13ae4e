"""How many cases are overdue, for the board of who is on duty; a number, never a case."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.complaints.codes import CLOSED
from portal.blueprints.complaints.models import Case
from portal.i18n import _l
from portal.kernel import glance

glance.SORTS.append(
    glance.Sort(
        "cases",
        _l("Cases overdue"),
        "complaints.index",
        30,
        lambda now: sa.select(sa.func.count()).where(Case.due_at < now, Case.state.not_in(CLOSED)),
    )
)
