"""Which visits a page lists, and for whom; the figures of a month. Every look-up starts at `visible_to`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.return_visits import rules
from portal.blueprints.complaints.return_visits.codes import State, VisitKind
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

PAGE = 50
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a visit: desk and office of all, others of the own ones."""
    if viewer.role in {Role.OFFICE, Role.DESK} or viewer.is_manager or viewer.is_director:
        return sa.true()
    return sa.or_(ReturnVisit.person_id == viewer.id, ReturnVisit.department.in_(viewer.leads))


def find(viewer: Viewer, visit_id: int, *, lock: bool = False) -> ReturnVisit:
    """The visit of that id, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    statement = sa.select(ReturnVisit).where(ReturnVisit.id == visit_id, visible_to(viewer))
    visit = db.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if visit is None:
        raise NotFound
    return visit


@dataclass(frozen=True)
class VisitList:
    """The plan: what is due first comes first; what was visited, newest first."""

    viewer: Viewer
    kind: str = ""
    done: bool = False
    overdue: bool = False
    after: int | None = None  # keyset: behind this visit

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> VisitList:
        """The list an address asks for; what cannot be read is left out."""
        kind, after = args.get("kind", ""), args.get("after", "")
        return cls(
            viewer,
            kind=kind if kind in set(VisitKind) else "",
            done=args.get("done") == "1",
            overdue=args.get("overdue") == "1",
            after=int(after) if re.fullmatch(r"[0-9]{1,9}", after, re.ASCII) else None,
        )

    def address(self, **changes: Any) -> str:
        """The query string of this list with changes, from its beginning unless one of them is `after`."""
        given: dict[str, Any] = {"kind": self.kind, "done": self.done, "overdue": self.overdue} | changes
        return urlencode({name: int(v) if v is True else v for name, v in given.items() if v})

    def page(self, today: date, most: int = PAGE) -> tuple[Sequence[ReturnVisit], int | None]:
        """The visits of the page, and behind which one the next page begins."""
        rows = sa.select(ReturnVisit).where(visible_to(self.viewer))
        made = ReturnVisit.state != State.PLANNED
        rows = rows.where(made if self.done else sa.not_(made))
        if self.kind:
            rows = rows.where(ReturnVisit.kind == VisitKind(self.kind))
        if self.overdue:
            rows = rows.where(ReturnVisit.due_on < today)
        if self.after is not None:
            rows = rows.where(self._behind(self.after))
        order = [ReturnVisit.id.desc()] if self.done else [ReturnVisit.due_on.asc(), ReturnVisit.id.asc()]
        found = db.session.scalars(rows.order_by(*order).limit(most + 1)).all()
        return found[:most], found[most - 1].id if len(found) > most else None

    def _behind(self, visit_id: int) -> sa.ColumnElement[bool]:
        if self.done:
            return ReturnVisit.id < visit_id
        due = sa.select(ReturnVisit.due_on).where(ReturnVisit.id == visit_id).scalar_subquery()
        return sa.or_(ReturnVisit.due_on > due, sa.and_(ReturnVisit.due_on == due, ReturnVisit.id > visit_id))


@dataclass(frozen=True)
class Month:
    """What a month's report tells."""

    planned: dict[VisitKind, int]  # due in the month
    made: dict[VisitKind, int]  # of those
    remarks: dict[str, int]
    cases: int
    open: Sequence[ReturnVisit]  # due until the month's end and not made, or promised and not answered


def month(viewer: Viewer, first: date) -> Month:
    """The figures of a month, in two statements."""
    ends = rules.in_months(first, 1)
    zone = clock.zone()
    since, until = (datetime.combine(day, time(), zone) for day in (first, ends))
    due = sa.and_(ReturnVisit.due_on >= first, ReturnVisit.due_on < ends)
    made = sa.and_(ReturnVisit.visited_at >= since, ReturnVisit.visited_at < until)
    rows = sa.select(
        ReturnVisit.kind, ReturnVisit.remark, due.label("due"), made.label("made"),
        ReturnVisit.visited_at, ReturnVisit.case_number,
    ).where(visible_to(viewer), sa.or_(due, made))  # fmt: skip
    planned, done = dict.fromkeys(VisitKind, 0), dict.fromkeys(VisitKind, 0)
    remarks: dict[str, int] = {}
    cases = 0
    for kind, remark, is_due, is_made, visited_at, case_number in db.session.execute(rows):
        planned[kind] += bool(is_due)
        done[kind] += bool(is_due and visited_at is not None)
        if is_made:
            remarks[str(remark)] = remarks.get(str(remark), 0) + 1
            cases += bool(case_number)
    waits = sa.or_(
        sa.and_(ReturnVisit.state == State.PLANNED, ReturnVisit.due_on < ends),
        sa.and_(
            ReturnVisit.state == State.VISITED,
            ReturnVisit.promised_at.is_not(None),
            ReturnVisit.visited_at < until,
        ),
    )
    left = sa.select(ReturnVisit).where(visible_to(viewer), waits)
    open_ = db.session.scalars(left.order_by(ReturnVisit.due_on, ReturnVisit.id)).all()
    return Month(planned, done, remarks, cases, open_)
