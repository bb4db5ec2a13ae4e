"""What complaints have due when a post of their department changes hands (DR-09)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE
from portal.i18n import _l
from portal.kernel import handing
from portal.kernel.todos import Todo

AHEAD = timedelta(hours=12)  # what falls due within the next shift

handing.CAPTIONS.update({"case": _l("Case or promise due"), "unfiled": _l("Papers not filed")})


def what_is_open(department: str, now: datetime) -> list[sa.Select[Any]]:
    """Cases due in the next shift or overdue; never one that is about a person or kept in confidence."""
    due = handing.line("case", "/complaints/", Case.number, Case.notice_number, Case.due_at, Case.due_kind)
    return [
        due.where(
            # Among the open ones, not by the index of all that the department ever had.
            Case.department.concat("") == department,
            queries.IS_OPEN,
            Case.due_at <= now + AHEAD,
            sa.not_(Case.confidential),
            Case.person_concerned_id.is_(None),
        )
    ]


def unfiled(department: str, now: datetime) -> list[sa.Select[Any]]:
    """DR-14: cases whose papers the department has still to file, and those that customer service has to archive."""
    waits = sa.or_(
        sa.and_(Todo.kind == "file", Case.department == department),
        sa.and_(Todo.kind == "archive", sa.literal(department) == CUSTOMER_SERVICE),
    )
    papers = handing.line("unfiled", "/complaints/", Case.number, Case.notice_number)
    # From what waits to the cases: there are few of the one and many of the others.
    joined = papers.select_from(Todo).join(Case, Case.id == Todo.subject_id)
    return [
        joined.where(
            Todo.subject_kind == Case.history_kind,
            Todo.since <= now,
            waits,
            sa.not_(Case.confidential),
            Case.person_concerned_id.is_(None),
        )
    ]
