"""What the board and the reports read: counters for what was, open cases for what is; the reports themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import CLOSED, State
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.behind import LIVE, Behind, live
from portal.blueprints.complaints.figures.models import Erratum, PeriodReport
from portal.blueprints.complaints.figures.reach import UNROUTED, N, Reach, counted, within
from portal.blueprints.complaints.figures.rules import Facet, Kept, Period
from portal.blueprints.complaints.reach import C
from portal.kernel.db import db

TOP = 10  # customers
NAMED = sa.text("cases.customer_phone != ''")  # as the partial indexes have it: a parameter would not do


# -- what is open now ------------------------------------------------------------------------------------------


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
        N.facet.in_(list(Facet)), within(period), *counted(asked, department, kind)
    )
    return Figures(db.session.execute(rows.group_by(*grouped)).all())


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
        N.facet == Facet.CASE.value, spans, *counted(asked, department, kind)
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
) -> list[tuple[str, str, int, int]]:
    """CP-22: phone, name, a case and how many, of those who came most often in a period, twice at least."""
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
    named = sa.select(C.customer_phone, sa.func.max(C.customer_name), sa.func.max(C.id)).where(
        NAMED, C.customer_phone.in_(phones), *asked.of_cases()
    )
    known = {row[0]: row[1:] for row in db.session.execute(named.group_by(C.customer_phone))}
    return [(phone, *known[phone], n) for phone, n in found]


# -- reports ---------------------------------------------------------------------------------------------------


def report(period: str, *, lock: bool = False) -> PeriodReport | None:
    """The report on a period, if there is one; `lock` inside a write."""
    rows = sa.select(PeriodReport).where(PeriodReport.period == period)
    return db.session.scalars(rows.with_for_update() if lock else rows).one_or_none()


def drafted(period: str) -> PeriodReport:
    """The report on a period that somebody has drafted; NoResultFound when nobody has."""
    return db.session.scalars(sa.select(PeriodReport).where(PeriodReport.period == period)).one()


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
