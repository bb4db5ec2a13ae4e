"""The calls that are due: every limit that runs until somebody has spoken to a customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints.calls.rules import OF_CASES, CallKind
from portal.blueprints.complaints.codes import OPEN, DealingKind
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.reach import visible_to
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.return_visits.queries import visible_to as visits_visible_to
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

PAGE = 50
# What waits for a person while such a call is due: the call itself, or before that the department's signature.
WAITS = {
    CallKind.PROMISE: ("contact",),
    CallKind.FOLLOW_UP: ("follow-up",),
    CallKind.FIRST_CONTACT: ("contact", "accept"),
}


@dataclass(frozen=True)
class CallList:
    """The filters of the page of calls: read from the address, made into one statement, written back into links."""

    viewer: Viewer
    kind: str = ""
    mine: bool = False  # those that wait for the viewer
    overdue: bool = False
    after: tuple[datetime | None, int] | None = None  # keyset: calls due later than this one

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> CallList:
        """The list an address asks for; what cannot be read is left out."""
        kind = args.get("kind", "")
        return cls(
            viewer,
            kind=kind if kind in set(CallKind) else "",
            mine=args.get("mine") == "1",
            overdue=args.get("overdue") == "1",
            after=_place(args.get("after", "")),
        )

    def address(self, **changes: Any) -> str:
        """The query string of this list with changes, from its beginning unless one of them is `after`."""
        other = replace(self, **{"after": None, **changes})
        given: dict[str, Any] = {"kind": other.kind} if other.kind else {}
        given |= {name: 1 for name in ("mine", "overdue") if getattr(other, name)}
        if other.after:
            due, clock_id = other.after
            given["after"] = f"{due.isoformat() if due else ''}~{clock_id}"
        return urlencode(given)

    def here(self) -> str:
        """The query string of this very list, place and all."""
        return self.address(after=self.after)

    def of_cases(self, now: datetime, most: int) -> sa.Select[Any]:
        """The calls that cases owe, the one that is due first on top."""
        rows = (
            _calls(Case)
            .join(Clock, sa.and_(Clock.subject_kind == "case", Clock.subject_id == Case.id))
            .where(visible_to(self.viewer), Case.state.in_(OPEN))
            .where(Clock.kind.in_([self.kind] if self.kind else OF_CASES))
        )
        return self._in_order(rows.where(self._waits_for_me()) if self.mine else rows, now, most)

    def of_visits(self, now: datetime, most: int) -> sa.Select[Any]:
        """The answers that were promised at return visits."""
        rows = (
            _calls(ReturnVisit)
            .join(Clock, sa.and_(Clock.subject_kind == "return_visit", Clock.subject_id == ReturnVisit.id))
            .where(visits_visible_to(self.viewer), Clock.kind == "promise")
        )
        if self.mine:
            rows = rows.where(ReturnVisit.person_id == self.viewer.id)
        return self._in_order(rows, now, most)

    def _in_order(self, rows: sa.Select[Any], now: datetime, most: int) -> sa.Select[Any]:
        rows = rows.where(Clock.met_at.is_(None), Clock.ended_at.is_(None))
        if self.overdue:
            rows = rows.where(Clock.due_at < now)
        if self.after:
            rows = rows.where(_later(*self.after))
        return rows.order_by(Clock.due_at.is_(None), Clock.due_at, Clock.id).limit(most)

    def _waits_for_me(self) -> sa.ColumnElement[bool]:
        """What my day shows as well, so that both agree on whose call it is."""
        kinds = [sa.and_(Clock.kind == kind, Todo.kind.in_(verbs)) for kind, verbs in WAITS.items()]
        return sa.exists().where(
            Todo.subject_kind == "case",
            Todo.subject_id == Case.id,
            Todo.audience.in_(self.viewer.audiences),
            sa.or_(*kinds),
        )

    def page(self, now: datetime, most: int = PAGE) -> tuple[Sequence[Any], str | None]:
        """The calls of the page, and the address of those that are due later."""
        wanted = [] if self.kind == CallKind.RETURN_VISIT else [self.of_cases(now, most + 1)]
        if self.kind in {"", CallKind.RETURN_VISIT}:
            wanted.append(self.of_visits(now, most + 1))
        found = [row for statement in wanted for row in db.session.execute(statement)]
        found.sort(key=lambda row: (row.due_at is None, row.due_at or now, row.id))
        rows = found[:most]
        later = self.address(after=(rows[-1].due_at, rows[-1].id)) if len(found) > most else None
        return rows, later


def _calls(subject: Any) -> sa.Select[Any]:
    return sa.select(subject, Clock.id, Clock.kind, Clock.clause, Clock.due_at, Clock.started_at)


def _place(text: str) -> tuple[datetime | None, int] | None:
    due, _, number = text.partition("~")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        at = datetime.fromisoformat(due) if due else None
    except ValueError:
        return None
    return (at, int(number)) if at is None or at.tzinfo else None


def _later(due: datetime | None, clock_id: int) -> sa.ColumnElement[bool]:
    """Behind that call in the order of the page; the ones whose limit stands still come last."""
    if due is None:
        return sa.and_(Clock.due_at.is_(None), Clock.id > clock_id)
    same = sa.and_(Clock.due_at == due, Clock.id > clock_id)
    return sa.or_(Clock.due_at.is_(None), Clock.due_at > due, same)


SPOKEN = (DealingKind.FOLLOW_UP, DealingKind.CONTACT)


def spoken(case_ids: Collection[int]) -> dict[int, list[Dealing]]:
    """What was said to the customers of these cases so far, and what they were promised; oldest first."""
    found: dict[int, list[Dealing]] = defaultdict(list)
    promised = sa.and_(Dealing.kind == DealingKind.PROMISE, Dealing.done_at.is_(None))
    rows = sa.select(Dealing).where(Dealing.case_id.in_(case_ids), sa.or_(Dealing.kind.in_(SPOKEN), promised))
    for row in db.session.scalars(rows.order_by(Dealing.id)) if case_ids else ():
        found[row.case_id].append(row)
    return found
