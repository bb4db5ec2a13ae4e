"""What the board and the reports read: counters for what was, open cases for what is, the cases behind a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints import queries
from portal.blueprints.complaints.codes import CLOSED, Finding, Kind, Outcome, State
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.counters import TABLE
from portal.blueprints.complaints.figures.models import Erratum, PeriodReport
from portal.blueprints.complaints.figures.rules import Facet, Kept, Period
from portal.blueprints.complaints.queries import C
from portal.kernel import clock, lists, reference
from portal.kernel.db import UTCDateTime, db, is_sqlite
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Clock

PAGE = 50
MOST_EXPORTED = 10_000
TOP = 10  # customers
RISK = 0.75  # of a limit used (the ladders warn there too)
UNROUTED = "none"  # in an address: no department yet
K, N = Clock.__table__.c, TABLE.c
NAMED = sa.text("cases.customer_phone != ''")  # as the partial indexes have it: a parameter would not do


@dataclass(frozen=True)
class Reach:
    """Whose figures somebody sees. What is counted here is always among the cases that the person may see."""

    viewer: Viewer
    departments: tuple[str, ...] | None  # None: the whole company
    confidential: bool  # tip-offs too, which are the general office's alone (CP-04)

    def of(self, table: Any, about: Any) -> list[sa.ColumnElement[bool]]:
        """The conditions on cases, or on counters: never what is about the viewer (CP-09)."""
        wanted = [about]
        if not self.confidential:
            wanted.append(sa.not_(table.confidential))
        if self.departments is not None:
            wanted.append(table.department.in_(self.departments))
        return wanted

    def of_cases(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on cases."""
        return self.of(C, sa.or_(C.person_concerned_id.is_(None), C.person_concerned_id != self.viewer.id))


def reach(viewer: Viewer) -> Reach | None:
    """CP-21: the general office sees the company, the desk and the managers all but tip-offs, a lead the own
    departments; nobody else has figures."""
    if viewer.role is Role.OFFICE:
        return Reach(viewer, None, confidential=True)
    if viewer.role is Role.DESK or viewer.is_manager or viewer.is_director:
        return Reach(viewer, None, confidential=False)
    return Reach(viewer, tuple(sorted(viewer.leads)), confidential=False) if viewer.leads else None


def departments_of(asked: Reach) -> list[str]:
    """The departments that the figures tell apart, in the company's order."""
    every = reference.staff().departments
    return [code for code in every if asked.departments is None or code in asked.departments]


# -- what is open now ------------------------------------------------------------------------------------------


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
    return sa.and_(C.state.not_in(CLOSED), conditions[what])


class Open:
    """How many cases are open, by department and state."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.sums: Counter[tuple[str, str, str]] = Counter()
        for department, state, *numbers in rows:
            for what, n in zip(LIVE, numbers, strict=True):
                for where in ("", department or UNROUTED):
                    self.sums[what, where, ""] += n
                    if what == "open":
                        self.sums[what, where, str(state)] += n

    def n(self, what: str, department: str = "", state: str = "") -> int:
        """A number; department and state empty for all of them."""
        return self.sums[what, department, state]


def open_now(asked: Reach, now: datetime) -> Open:
    """CP-21: what is open, overdue, at risk, waiting for its customer; in one statement over the open cases."""
    sums = [sa.func.sum(sa.case((live(what, now), 1), else_=0)) for what in LIVE]
    open_ = [C.state == state for state in State if state not in CLOSED]
    rows = sa.select(C.department, C.state, *sums).where(sa.or_(*open_), *asked.of_cases())
    return Open(db.session.execute(rows.group_by(C.department, C.state)).all())


# -- what was --------------------------------------------------------------------------------------------------


class Figures:
    """The counters of a period; a number is asked for by facet and code, department and kind."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self.rows = [list(row) for row in rows]  # facet, code, department, kind, number
        self.sums: Counter[tuple[str, str, str, str]] = Counter()
        for facet, code, department, kind, n in self.rows:
            for where in ("", department or UNROUTED):
                for of in ("", kind):
                    self.sums[facet, code, where, of] += n

    def n(self, facet: str, code: str = "all", department: str = "", kind: str = "") -> int:
        """A number; department and kind empty for all of them."""
        return self.sums[facet, code, department, kind]

    def states(self, states: frozenset[State], department: str = "", kind: str = "") -> int:
        """How many stand in one of these states."""
        return sum(self.n(Facet.STATE, state, department, kind) for state in states)

    def limits(self, kind: str, department: str = "") -> tuple[int, int]:
        """Limits of a kind that were kept, and overrun."""
        kept, late = (self.n(Facet.CLOCK, rules.clock_code(kind, how), department) for how in Kept)
        return kept, late


def figures(asked: Reach, period: Period, department: str = "", kind: str = "") -> Figures:
    """The counters of the cases registered in a period, read by whole months where there are any."""
    grouped = (N.facet, N.code, N.department, N.kind)
    rows = sa.select(*grouped, sa.func.sum(N.n)).where(
        N.facet.in_(list(Facet)), _within(period), *_counted(asked, department, kind)
    )
    return Figures(db.session.execute(rows.group_by(*grouped)).all())


def _within(period: Period) -> sa.ColumnElement[bool]:
    stretches = rules.covering(period.since, period.until)
    return sa.or_(
        sa.false(), *(sa.and_(N.grain == s.grain, N.since.between(s.first, s.last)) for s in stretches)
    )


def _counted(asked: Reach, department: str, kind: str) -> list[sa.ColumnElement[bool]]:
    wanted = asked.of(N, N.about != asked.viewer.id)
    if department:
        wanted.append(N.department == ("" if department == UNROUTED else department))
    if kind:
        wanted.append(N.kind == kind)
    return wanted


@dataclass(frozen=True)
class Trend:
    """Cases registered, by week of the period and by month up to its end."""

    weeks: dict[date, int]
    months: dict[date, int]


def trend(asked: Reach, period: Period, department: str = "", kind: str = "") -> Trend:
    """Both series in one statement; a week and a month without a case are there as nought."""
    first = min(rules.months_back(period.until, 11), period.since.replace(day=1))
    spans = sa.or_(
        sa.and_(N.grain == "d", N.since.between(period.since, period.until)),
        sa.and_(N.grain == "m", N.since.between(first, period.until)),
    )
    rows = sa.select(N.grain, N.since, sa.func.sum(N.n)).where(
        N.facet == Facet.CASE.value, spans, *_counted(asked, department, kind)
    )
    found = db.session.execute(rows.group_by(N.grain, N.since)).all()
    days = {at: n for grain, at, n in found if grain == "d"}
    each = [period.since + timedelta(days=n) for n in range(period.days)]
    months: dict[date, int] = {}
    for back in range(months_between(first, period.until), -1, -1):
        month = rules.months_back(period.until, back)
        months[month] = sum(n for grain, at, n in found if grain == "m" and at == month)
    return Trend(rules.weeks((day, days.get(day, 0)) for day in each), months)


def months_between(first: date, last: date) -> int:
    """How many months lie between the months of two days."""
    return (last.year - first.year) * 12 + last.month - first.month


def customers(
    asked: Reach, period: Period, department: str = "", kind: str = ""
) -> list[tuple[str, str, int]]:
    """CP-22: phone, name and cases of those who came most often in a period, twice at least."""
    often = sa.func.count()
    rows = (
        sa.select(C.customer_phone, often)
        .where(NAMED, *Behind(asked, period.since, period.until, department, kind).counted())
        .group_by(C.customer_phone)
        .having(often > 1)
        .order_by(often.desc(), C.customer_phone)
        .limit(TOP)
    )
    found = db.session.execute(rows).all()
    phones = [phone for phone, _ in found]
    named = sa.select(C.customer_phone, sa.func.max(C.customer_name)).where(
        NAMED, C.customer_phone.in_(phones), *asked.of_cases()
    )
    names: dict[str, str] = dict(db.session.execute(named.group_by(C.customer_phone)).all())
    return [(phone, names.get(phone, ""), n) for phone, n in found]


# -- the cases behind a number ---------------------------------------------------------------------------------


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
    phone: str = ""
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
            phone=args.get("phone", "").strip()[:40],
            before=lists.number(args.get("before")),
        )

    def address(self, **changes: Any) -> str:
        """The query string; empty filters left out."""
        other = replace(self, **changes)
        names = ("since", "until", "department", "kind", "facet", "code", "live", "phone", "before")
        return urlencode({name: getattr(other, name) for name in names if getattr(other, name)})

    @property
    def of_limits(self) -> bool:
        """True when it lists limits, not cases."""
        return self.facet == Facet.CLOCK

    def counted(self) -> list[sa.ColumnElement[bool]]:
        """Reach, period, department and kind, as the counters have them."""
        zone, wanted = clock.zone(), self.reach.of_cases()
        if self.since:
            wanted.append(C.registered_at >= datetime.combine(self.since, time(), zone))
        if self.until:
            wanted.append(C.registered_at < datetime.combine(self.until + timedelta(days=1), time(), zone))
        if self.department:
            wanted.append(
                C.department.is_(None) if self.department == UNROUTED else C.department == self.department
            )
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
        if self.phone:
            wanted.append(C.customer_phone == self.phone)
        return wanted

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
        place = K.id if self.of_limits else C.id
        rows = sa.select(place, *columns, *limit).select_from(self._from()).where(*self.conditions(now))
        if self.before is not None:
            rows = rows.where(*self._older(self.before))
        order = (C.id.desc(), K.id.desc()) if self.of_limits else (C.id.desc(),)
        return list(db.session.execute(rows.order_by(*order).limit(most + 1)).all())

    def _older(self, before: int) -> list[sa.ColumnElement[bool]]:
        """What comes after a row. Limits go by their cases, which are found newest first without sorting."""
        if not self.of_limits:
            return [C.id < before]
        case = sa.select(K.subject_id).where(K.id == before).scalar_subquery()
        return [C.id <= case, sa.or_(C.id < case, K.id < before)]

    def number(self, now: datetime) -> int:
        """How many there are: what the counters say, where they tell it."""
        if self.facet and self.since and not self.live and not self.phone:
            period = Period(self.since, self.until or clock.local(now).date())
            counted = _counted(self.reach, self.department, self.kind)
            rows = sa.select(sa.func.sum(N.n)).where(
                N.facet == self.facet, N.code == self.code, _within(period), *counted
            )
            return db.session.scalar(rows) or 0
        rows = sa.select(sa.func.count()).select_from(self._from()).where(*self.conditions(now))
        return db.session.scalar(rows) or 0

    def _from(self) -> Any:
        if not self.of_limits:
            return C.id.table
        # The sum keeps SQLite from reading every limit there is and looking each one's case up.
        ours = sa.and_(K.subject_kind == "case", K.subject_id == C.id + 0)
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


# -- reports ---------------------------------------------------------------------------------------------------


def report(period: str, *, lock: bool = False) -> PeriodReport | None:
    """The report on a period, if there is one; `lock` inside a write."""
    rows = sa.select(PeriodReport).where(PeriodReport.period == period)
    return db.session.scalars(rows.with_for_update() if lock else rows).one_or_none()


def reports(most: int = 24) -> list[PeriodReport]:
    """The reports there are, the latest first."""
    order = (PeriodReport.until.desc(), PeriodReport.since)
    return list(db.session.scalars(sa.select(PeriodReport).order_by(*order).limit(most)))


def unreported(periods: Sequence[Period]) -> list[Period]:
    """Those of some periods that have no report, though there were cases by their end."""
    codes = [period.code for period in periods]
    there = set(db.session.scalars(sa.select(PeriodReport.period).where(PeriodReport.period.in_(codes))))
    return [period for period in periods if period.code not in there and _had_cases(period.until)]


def _had_cases(until: date) -> bool:
    months = sa.and_(N.grain == "m", N.facet == Facet.CASE.value, N.since <= until, N.n > 0)
    return bool(db.session.scalar(sa.select(sa.exists().where(months))))


def errata(of: PeriodReport) -> list[Erratum]:
    """The corrections of a report, oldest first."""
    rows = sa.select(Erratum).where(Erratum.report_id == of.id).order_by(Erratum.id)
    return list(db.session.scalars(rows))
