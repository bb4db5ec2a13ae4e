"""The cases behind a number: from an address to the very rows that the number counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints import queries
from portal.blueprints.complaints.codes import Finding, Kind, Outcome, State
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.reach import UNROUTED, N, Reach, counted, departments_of, within
from portal.blueprints.complaints.figures.rules import Facet, Kept, Period
from portal.blueprints.complaints.reach import C
from portal.kernel import clock, lists
from portal.kernel.db import UTCDateTime, db, is_sqlite
from portal.kernel.timers import Clock

PAGE = 50
MOST_EXPORTED = 10_000
EVER = date(1900, 1, 1)  # no address tells an earlier day
RISK = 0.75  # of a limit used (the ladders warn there too)
K = Clock.__table__.c


def at_risk(now: datetime) -> sa.ColumnElement[bool]:
    """Three quarters of the limit are used, and it has not run out."""
    moment = sa.bindparam("risk_now", now, UTCDateTime)
    spans = [_seconds(moment) - _seconds(C.due_from), _seconds(C.due_at) - _seconds(C.due_from)]
    return sa.and_(C.due_at >= moment, C.due_from.is_not(None), spans[0] >= RISK * spans[1])


def _seconds(moment: Any) -> Any:
    return sa.func.julianday(moment) * 86400 if is_sqlite() else sa.extract("epoch", moment)


LIVE = ("open", "overdue", "risk", "paused")
STANDING = ("handled", "unhandled", "answered", "unanswered")


def live(what: str, now: datetime) -> sa.ColumnElement[bool]:
    """The condition on an open case."""
    conditions = {
        "overdue": C.due_at < now,
        "risk": at_risk(now),
        "paused": C.paused_at.is_not(None),
        "open": sa.true(),
    }
    return sa.and_(queries.IS_OPEN, conditions[what])


@dataclass(frozen=True)
class Behind:
    """The cases that one number counts: read from the address, made into one statement, written into links."""

    reach: Reach
    since: date | None = None
    until: date | None = None
    department: str = ""
    kind: str = ""
    facet: str = ""
    code: str = ""
    live: str = ""  # one of LIVE or STANDING
    customer: int | None = None  # a case of theirs: an address never says a phone number (RC-20)
    before: int | None = None

    @classmethod
    def asked_for(cls, asked: Reach, args: MultiDict[str, str]) -> Behind:
        """What an address asks for; what cannot be read is left out."""
        departments = (UNROUTED, *departments_of(asked))
        facet = lists.code(args.get("facet"), tuple(Facet))
        return cls(
            asked,
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            department=lists.code(args.get("department"), departments),
            kind=lists.code(args.get("kind"), tuple(Kind)),
            facet=facet,
            code=args.get("code", "")[:40] if facet else "",
            live=lists.code(args.get("live"), (*LIVE, *STANDING)),
            customer=lists.number(args.get("customer")),
            before=lists.number(args.get("before")),
        )

    def address(self, **changes: Any) -> str:
        """The query string; empty filters left out."""
        other = replace(self, **changes)
        names = ("since", "until", "department", "kind", "facet", "code", "live", "customer", "before")
        return urlencode({name: getattr(other, name) for name in names if getattr(other, name)})

    @property
    def of_limits(self) -> bool:
        """True when it lists limits, not cases."""
        return self.facet == Facet.CLOCK

    def counted(self) -> list[sa.ColumnElement[bool]]:
        """Reach, period, department and kind, as the counters have them."""
        wanted = [*self.reach.of_cases(), *queries.in_period(self.since, self.until)]
        if self.department:
            # Of the open ones, few, not by the index of all that a department ever had.
            at = C.department.concat("") if self.live in LIVE else C.department
            wanted.append(at.is_(None) if self.department == UNROUTED else at == self.department)
        if self.kind:
            wanted.append(C.kind == Kind(self.kind))
        return wanted

    def conditions(self, now: datetime) -> list[sa.ColumnElement[bool]]:
        """What every row must fulfil."""
        wanted = self.counted()
        if self.facet:
            wanted.append(counts_as(Facet(self.facet), self.code))
        if self.live in LIVE:
            wanted.append(live(self.live, now))
        elif self.live:
            states = rules.HANDLED if "handled" in self.live else rules.ANSWERED
            named = C.state.in_(states)
            wanted.append(sa.not_(named) if self.live.startswith("un") else named)
        if self.customer:
            wanted.append(self._of_customer(self.customer))
        return wanted

    def _of_customer(self, case_id: int) -> sa.ColumnElement[bool]:
        """The cases of whoever came with that case, if it is one of those that the viewer counts."""
        theirs = C.id.table.alias().c
        reach = self.reach.of(theirs, self.reach.about(theirs))
        phone = sa.select(theirs.customer_phone).where(theirs.id == case_id, *reach)
        return sa.and_(C.customer_phone == phone.scalar_subquery(), C.customer_phone != "")

    def rows(self, now: datetime, most: int = PAGE) -> list[Any]:
        """The rows from where the address says, newest first; one more than a page when there are more."""
        what = sa.func.substr(C.content, 1, queries.GLANCE + 1).label("what")
        columns = (
            C.number,
            C.kind,
            C.category,
            C.state,
            C.department,
            C.customer_name,
            what,
            C.registered_at,
        )
        limit = (K.kind, K.due_at, K.met_at) if self.of_limits else (C.due_kind, C.due_at, sa.null())
        place, case = (K.id, K.subject_id) if self.of_limits else (C.id, C.id)
        rows = sa.select(place, *columns, *limit).select_from(self._from()).where(*self.conditions(now))
        if not self.customer:  # whose cases are few, and found by it
            rows = rows.where(*queries.ids_between(self.since, self.until, case))
        if self.before is not None:
            rows = rows.where(*self._older(self.before))
        # A limit's id orders those of one case; of a case it is the same column again.
        return list(db.session.execute(rows.order_by(case.desc(), place.desc()).limit(most + 1)).all())

    def _older(self, before: int) -> list[sa.ColumnElement[bool]]:
        """What comes after a row. Limits go by their cases, as their index has them."""
        if not self.of_limits:
            return [C.id < before]
        case = sa.select(K.subject_id).where(K.id == before).scalar_subquery()
        return [K.subject_id <= case, sa.or_(K.subject_id < case, K.id < before)]

    def number(self, now: datetime) -> int:
        """How many there are: what the counters say, where they tell it."""
        if not self.live and not self.customer:
            today = clock.local(now).date()
            period = within(Period(self.since or EVER, self.until or today))
            what = (self.facet, self.code) if self.facet else (Facet.CASE, rules.EVERY)
            ours = counted(self.reach, self.department, self.kind)
            rows = sa.select(sa.func.sum(N.n)).where(N.facet == what[0], N.code == what[1], period, *ours)
            return db.session.scalar(rows) or 0
        rows = sa.select(sa.func.count()).select_from(self._from()).where(*self.conditions(now))
        return db.session.scalar(rows) or 0

    def _from(self) -> Any:
        if not self.of_limits:
            return C.id.table
        ours = sa.and_(K.subject_kind == "case", K.subject_id == C.id)
        return sa.join(C.id.table, K.id.table, ours)


def counts_as(facet: Facet, code: str) -> sa.ColumnElement[bool]:
    """The condition under which a case counts as something: what `rules.codes` says, for the database."""
    match facet:
        case Facet.CATEGORY | Facet.CHANNEL | Facet.STATE | Facet.FINDING:
            return sa.type_coerce(C[facet.value], sa.String) == code
        case Facet.ROUND:
            rounds = int(code) if code.isdigit() and len(code) < 4 else 0
            return C.round >= rounds if rounds == rules.MOST_ROUNDS else C.round == rounds
        case Facet.AGAIN:
            handled = C.state.in_(rules.HANDLED)
            return sa.and_(C.round > 1, handled if code == rules.Again.HANDLED else sa.not_(handled))
        case Facet.VERDICT:
            return _verdict(code)
        case Facet.JUDGED:
            return _judged(code)
        case Facet.CLOCK:
            kind, _, how = code.partition(".")
            late = K.breached_at.is_not(None)
            met = sa.and_(K.breached_at.is_(None), K.met_at.is_not(None))
            return sa.and_(K.kind == kind, late if how == Kept.LATE else met)
        case Facet.CASE:
            return sa.true()


def _verdict(code: str) -> sa.ColumnElement[bool]:
    if code == Outcome.DISSATISFIED:
        return C.followed_up == Outcome.DISSATISFIED
    return sa.or_(C.followed_up == Outcome.SATISFIED, sa.and_(C.satisfied.is_(True), C.followed_up.is_(None)))


def _judged(code: str) -> sa.ColumnElement[bool]:
    complaint, solved = C.kind == Kind.COMPLAINT, C.resolved_at.is_not(None)
    if code == rules.Judged.UPHELD:
        return sa.and_(complaint, solved, C.finding.in_(rules.UPHELD))
    unsolved = [State.NOT_UPHELD, State.WITHDRAWN, State.ARCHIVED]
    cleared = sa.and_(solved, C.finding == Finding.MISUNDERSTANDING)
    return sa.and_(complaint, sa.or_(cleared, sa.and_(sa.not_(solved), C.state.in_(unsolved))))
