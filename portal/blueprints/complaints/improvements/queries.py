"""Which improvement cases a page lists, and for whom; what recurs. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.codes import Category, Finding, Kind
from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.improvements import rules
from portal.blueprints.complaints.improvements.codes import ENDED, Cause, Recurring, State
from portal.blueprints.complaints.improvements.models import DismissedCase, Improvement, ImprovementCase
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.reach import visible_to as sees_case
from portal.kernel import clock, lists, policies, reference
from portal.kernel.customers import masked
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

MOST_INCIDENTS = 5_000  # the newest complaints of the span; more are not counted
MOST_MISTAKES = 50

IC, LINK = Improvement.__table__.c, ImprovementCase.__table__.c


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of an improvement case.

    The general office and the manager see every one, leads those of their departments, an owner the own; one that
    came from a confidential case the general office only (CP-04); nobody one that came from a complaint about
    themselves (CP-09).
    """
    # Asked of the few cases of each one, not the other way about: so many cases never led to one.
    linked = sa.exists().where(LINK.improvement_id == IC.id, LINK.case_id == Case.id)
    about_others = sa.not_(linked.where(Case.person_concerned_id == viewer.id))
    if viewer.role is Role.OFFICE:
        return about_others
    reach = sa.and_(about_others, sa.not_(linked.where(Case.confidential)))
    if viewer.is_manager or viewer.is_director:
        return reach
    own = [IC.owner_id == viewer.id]
    if viewer.leads:
        own.append(IC.department.in_(viewer.leads))
    return sa.and_(reach, sa.or_(*own))


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Improvement:
    """The improvement case of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Improvement).where(Improvement.number == number, visible_to(viewer))
    if lock:
        wanted = wanted.with_for_update()
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def still_visible(improvement: Improvement, viewer: Viewer) -> bool:
    """True when the viewer may still see it after what they did to it."""
    wanted = sa.select(Improvement.id).where(Improvement.id == improvement.id, visible_to(viewer))
    return db.session.scalar(wanted) is not None


def concerned(improvement_id: int) -> set[int]:
    """CP-09: those whom the cases behind it are about."""
    linked = sa.select(Case.person_concerned_id).join(LINK_TABLE, LINK.case_id == Case.id)
    wanted = linked.where(LINK.improvement_id == improvement_id, Case.person_concerned_id.is_not(None))
    return {person for person in db.session.scalars(wanted) if person is not None}


LINK_TABLE = ImprovementCase.__table__


@dataclass(frozen=True)
class Behind:
    """A case behind an improvement case, as far as its reader may see it."""

    number: str
    what: str
    state: CaseState
    finding: Finding | None


def behind(improvement: Improvement, viewer: Viewer) -> list[Behind]:
    """The cases that it comes from, of those that the viewer may see."""
    shown = sa.select(Case.number, sa.func.substr(Case.content, 1, 60), Case.state, Case.finding).join(
        LINK_TABLE, LINK.case_id == Case.id
    )
    rows = shown.where(LINK.improvement_id == improvement.id, sees_case(viewer)).order_by(Case.id)
    return [Behind(*row) for row in db.session.execute(rows)]


def may_take(viewer: Viewer, numbers: Iterable[str]) -> list[Case]:
    """The cases of these numbers from which the viewer may raise an improvement case, oldest first.

    Those that the viewer sees and that were not disposed of; a lead's are of the own departments.
    """
    wanted = sa.select(Case).where(
        Case.number.in_(list(numbers)), sees_case(viewer), Case.disposed_at.is_(None)
    )
    if not rules.may_raise(viewer, "*"):
        wanted = wanted.where(Case.department.in_(viewer.leads))
    return list(db.session.scalars(wanted.order_by(Case.id)))


def open_of(case_id: int) -> str | None:
    """The number of an open improvement case of a case, else None (CP-20)."""
    wanted = sa.select(IC.number).join(LINK_TABLE, LINK.improvement_id == IC.id)
    ours = wanted.where(LINK.case_id == case_id, IC.state.not_in(ENDED)).order_by(IC.id).limit(1)
    return db.session.scalar(ours)


# -- the list -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ImprovementList(Listing):
    """The filters of the list page."""

    words: str = ""
    state: str = ""
    department: str = ""
    cause: str = ""
    case: str = ""  # raised from this case
    mine: bool = False
    overdue: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> ImprovementList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            state=lists.code(args.get("state"), (*State, "open")),
            department=lists.code(args.get("department"), tuple(reference.staff().departments)),
            cause=lists.code(args.get("cause"), tuple(Cause)),
            case=lists.words(args.get("case"), 24),
            mine=args.get("mine") == "1",
            overdue=args.get("overdue") == "1",
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def _conditions(self, now: datetime) -> list[sa.ColumnElement[bool]]:
        wanted: list[sa.ColumnElement[bool]] = [visible_to(self.viewer)]
        if self.state == "open":
            wanted.append(IC.state.not_in(ENDED))
        elif self.state:
            wanted.append(IC.state == State(self.state))
        if self.department:
            wanted.append(IC.department == self.department)
        if self.cause:
            wanted.append(IC.cause == Cause(self.cause))
        if self.mine:
            wanted.append(IC.owner_id == self.viewer.id)
        if self.overdue:
            wanted.append(IC.due_at < now)
        if self.words:
            wanted.append(
                sa.or_(
                    IC.number.endswith(self.words, autoescape=True),
                    IC.title.contains(self.words, autoescape=True),
                )
            )
        if self.case:
            linked = sa.select(LINK.improvement_id).join(Case, Case.id == LINK.case_id)
            wanted.append(IC.id.in_(linked.where(Case.number == self.case, sees_case(self.viewer))))
        return wanted

    def rows(self, now: datetime, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(*ROW).where(*self._conditions(now))
        return db.session.execute(self.placed(wanted, IC.id).limit(most)).all()

    def page(self, now: datetime) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(now, lists.PAGE + 1)))


ROW = (
    IC.id,
    IC.number,
    IC.title,
    IC.state,
    IC.department,
    IC.cause,
    IC.owner_id,
    IC.target_at,
    IC.raised_at,
    IC.changes,
    IC.round,
    IC.due_at,
    IC.due_from,
    sa.select(sa.func.count())
    .where(LINK.improvement_id == IC.id)
    .correlate(Improvement.__table__)
    .scalar_subquery()
    .label("cases"),
)


# -- what recurs (CP-22) --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """An improvement case that the portal proposes: why, about what, from which cases."""

    origin: Recurring
    numbers: tuple[str, ...]
    last: Any
    department: str = ""
    category: Category | None = None
    finding: Finding | None = None
    customer: str = ""
    what: str = ""

    @property
    def newest(self) -> tuple[str, ...]:
        """As many of its cases as one improvement case may name."""
        return self.numbers[-rules.MOST_CASES :]

    @property
    def key(self) -> str:
        """What tells it from the others on the page, and from what it was before another case came."""
        return f"{self.origin}-{self.numbers[-1]}-{len(self.numbers)}"


def proposals(viewer: Viewer, now: datetime) -> list[Proposal]:
    """CP-22, CP-34: what came again and again lately, and ordinary mistakes that nobody learns from yet.

    A lead is shown the own departments' matters, the general office also customers who came again.
    """
    days = policies.number("recurrence.days", now)
    rows = _incidents(viewer, now, days)
    by_number = {row.number: row for row in rows}
    wide = rules.may_raise(viewer, "*")
    found: list[Proposal] = []
    matters = [
        _incident(row, rules.matter_key(row.department, row.category, row.finding or ""))
        for row in rows
        if _counts(row, Recurring.MATTER) and row.finding is not Finding.MISUNDERSTANDING
    ]
    for run in rules.recurrences(matters, times=policies.number("recurrence.times", now), days=days):
        department, category, finding = rules.of_matter(run.key)
        found.append(
            Proposal(
                Recurring.MATTER,
                run.numbers,
                run.last,
                department,
                Category(category),
                Finding(finding),
            )
        )
    if wide:
        customers = [
            _incident(row, key)
            for row in rows
            if (key := rules.customer_key(row.customer_phone)) and Recurring.CUSTOMER not in row.settled
        ]
        times = policies.number("recurrence.customer_times", now)
        for run in rules.recurrences(customers, times=times, days=days):
            newest = by_number[run.numbers[-1]]
            name = newest.customer_name or masked(newest.customer_phone)
            found.append(
                Proposal(Recurring.CUSTOMER, run.numbers, run.last, newest.department or "", customer=name)
            )
    proposed = {number for each in found for number in each.numbers}
    mistakes = [
        row
        for row in rows
        if row.finding is Finding.MISTAKE and row.number not in proposed and _counts(row, Recurring.MISTAKE)
    ]
    found += [
        Proposal(
            Recurring.MISTAKE,
            (row.number,),
            clock.local(row.registered_at).date(),
            row.department,
            row.category,
            row.finding,
            what=" ".join(row.what.split()),
        )
        for row in mistakes[:MOST_MISTAKES]
    ]
    return found


@dataclass(frozen=True)
class _Row:
    number: str
    department: str
    category: Category
    finding: Finding | None
    customer_phone: str
    customer_name: str
    registered_at: datetime
    what: str
    dismissed: str | None  # kinds of proposal for which it counts no more, with commas between

    @property
    def settled(self) -> list[str]:
        return (self.dismissed or "").split(",")


def _incident(row: _Row, key: str) -> rules.Incident:
    return rules.Incident(row.number, key, clock.local(row.registered_at).date())


def _counts(row: _Row, origin: Recurring) -> bool:
    return bool(row.department) and row.finding is not None and origin not in row.settled


def _incidents(viewer: Viewer, now: datetime, days: int) -> list[_Row]:
    """Complaints of the span that no improvement case has taken up, newest first, with what they were dismissed for."""
    taken = (
        sa.select(LINK.case_id)
        .join(Improvement, Improvement.id == LINK.improvement_id)
        .where(Improvement.state != State.CANCELLED, LINK.case_id == Case.id)
    )
    dismissed = (
        sa.select(_joined(DismissedCase.origin)).where(DismissedCase.case_id == Case.id).scalar_subquery()
    )
    wanted = sa.select(
        Case.number,
        Case.department,
        Case.category,
        Case.finding,
        Case.customer_phone,
        Case.customer_name,
        Case.registered_at,
        sa.func.substr(Case.content, 1, 60),
        dismissed,
    ).where(
        sees_case(viewer),
        Case.kind == Kind.COMPLAINT,
        Case.registered_at >= now - timedelta(days=days),
        Case.state.not_in([CaseState.WITHDRAWN, CaseState.NOT_UPHELD]),
        Case.disposed_at.is_(None),
        sa.not_(sa.exists(taken)),
    )
    if not rules.may_raise(viewer, "*"):
        wanted = wanted.where(Case.department.in_(viewer.leads))
    rows: Any = db.session.execute(wanted.order_by(Case.id.desc()).limit(MOST_INCIDENTS))
    return [_Row(*row) for row in rows]


def _joined(column: Any) -> sa.ColumnElement[str]:
    """Every value of a column in one text."""
    plain = sa.cast(column, sa.String)
    if db.engine.dialect.name == "sqlite":
        return sa.func.group_concat(plain, ",")
    return sa.func.string_agg(plain, ",")
