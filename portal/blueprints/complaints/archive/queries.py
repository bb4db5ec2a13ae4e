"""What the archive lists, and for whom; every look-up starts at `visible_to` of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.archive.codes import RetentionClass
from portal.blueprints.complaints.archive.models import Erratum, Retention
from portal.blueprints.complaints.codes import State, Urgency
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.reach import visible_to
from portal.kernel import clock, lists, reference, search
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

C, KEPT = Case.__table__.c, Retention.__table__.c

# CP-20: what the facts of a case say, as `closing.important` says it of one.
_IMPORTANT = sa.or_(C.major, C.urgency == Urgency.URGENT, C.round > 1)
CLASS: sa.ColumnElement[str] = sa.func.coalesce(
    sa.type_coerce(KEPT.retention_class, sa.String),
    sa.case((_IMPORTANT, RetentionClass.IMPORTANT.value), else_=RetentionClass.NORMAL.value),
)
ROW = (
    C.id,
    C.number,
    C.customer_name,
    sa.func.substr(C.content, 1, 60).label("what"),
    C.kind,
    C.category,
    C.department,
    C.archived_at,
    C.filed_at,
    C.keep_until,
    C.disposed_at,
    C.asks,
    CLASS.label("retention_class"),
    sa.exists().where(Erratum.case_id == C.id, Erratum.signed).label("corrected"),
)


@dataclass(frozen=True)
class ArchiveList(Listing):
    """The filters of the archive."""

    words: str = ""
    department: str = ""
    retention_class: str = ""
    since: date | None = None
    until: date | None = None
    term: bool = False  # the term is over, and the record is still there (CP-20)

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> ArchiveList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            department=lists.code(args.get("department"), tuple(reference.staff().departments)),
            retention_class=lists.code(args.get("retention_class"), tuple(RetentionClass)),
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            term=args.get("term") == "1" and viewer.role is Role.OFFICE,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def _conditions(self, now: datetime) -> list[sa.ColumnElement[bool]]:
        wanted: list[sa.ColumnElement[bool]] = [visible_to(self.viewer), C.state == State.ARCHIVED]
        if self.department:
            wanted.append(C.department == self.department)
        if self.retention_class:
            wanted.append(CLASS.in_([self.retention_class]))
        if self.since:
            wanted.append(C.archived_at >= lists.begins(self.since))
        if self.until:
            wanted.append(C.archived_at < lists.begins(self.until, days_later=1))
        if self.term:
            wanted += [C.keep_until <= now, C.disposed_at.is_(None)]
        return wanted

    def rows(self, now: datetime, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says, newest case first unless it goes back."""
        joined = Case.__table__.outerjoin(Retention.__table__, KEPT.case_id == C.id)
        wanted: sa.Select[Any] = sa.select(*ROW).select_from(joined).where(*self._conditions(now))
        place: sa.ColumnElement[int] = C.id
        if self.words:
            wanted, place = search.join(wanted, "case", self.words, C.id)
            wanted = wanted.where(search.recheck(self.words, *cases.SEARCHED))
        return db.session.execute(self.placed(wanted, place).limit(most)).all()

    def page(self, now: datetime) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(now, lists.PAGE + 1)))


def chosen(case: Case) -> Retention | None:
    """The class that the office chose for a case, if it did."""
    return db.session.get(Retention, case.id)


def errata(case: Case) -> list[Erratum]:
    """Every erratum of a case, oldest first."""
    wanted = sa.select(Erratum).where(Erratum.case_id == case.id).order_by(Erratum.id)
    return list(db.session.scalars(wanted))


def open_erratum(case: Case) -> Erratum | None:
    """The erratum that waits for its second signature."""
    wanted = sa.select(Erratum).where(Erratum.case_id == case.id, Erratum.decided_at.is_(None))
    return db.session.scalars(wanted).one_or_none()


def past_term(now: datetime) -> int | None:
    """The id of the record whose term ended first, of those that nobody proposed to dispose of; None without any."""
    over = sa.select(C.id).where(C.keep_until <= now, C.disposed_at.is_(None), C.asks.not_like("%dispose%"))
    return db.session.scalar(over.order_by(C.keep_until, C.id).limit(1))


def reminded(people: Sequence[int], now: datetime) -> bool:
    """True when one of them was told this month, in company time, that terms are over."""
    month = lists.begins(clock.local(now).date().replace(day=1))
    told = sa.select(Notice.id).where(
        Notice.person_id.in_(people), Notice.kind == "case:term_over", Notice.at >= month
    )
    return db.session.scalar(told.limit(1)) is not None
