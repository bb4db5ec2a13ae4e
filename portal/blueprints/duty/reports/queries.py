"""Which reports a page lists, and for whom; what is missing; what a period adds up to. Look-ups start at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty import heads
from portal.blueprints.duty.reports import rules
from portal.blueprints.duty.reports.codes import State
from portal.blueprints.duty.reports.models import DailyReport
from portal.blueprints.duty.reports.rules import Period
from portal.kernel import clock, company_calendar, daily, lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

BACK = 7  # workdays that are looked at for missing reports


def departments_of(viewer: Viewer) -> list[str]:
    """The departments whose reports the viewer may read: the own, those that the viewer heads."""
    every = reference.staff().departments
    return [code for code in every if code == viewer.department or heads.is_head(viewer, code)]


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may read a report."""
    return DailyReport.department.in_(departments_of(viewer))


def find(viewer: Viewer, number: str, *, lock: bool = False) -> DailyReport:
    """The report of that number, if the viewer may read it; NotFound otherwise. `lock` inside a write."""
    return _one(sa.select(DailyReport).where(DailyReport.number == number, visible_to(viewer)), lock)


def load(report_id: int) -> DailyReport:
    """The report for the portal's own hands, locked for this write."""
    return _one(sa.select(DailyReport).where(DailyReport.id == report_id), True)


def _one(wanted: sa.Select[DailyReport], lock: bool) -> DailyReport:
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def of_day(department: str, day: date) -> DailyReport | None:
    """The report of a department's day, if somebody has begun it."""
    ours = sa.and_(DailyReport.department == department, DailyReport.day == day)
    return db.session.scalars(sa.select(DailyReport).where(ours)).one_or_none()


def lines(department: str, day: date) -> dict[str, int]:
    """What the records say of that day now."""
    begins = lists.begins(day)
    return daily.lines(department, begins, lists.begins(day, days_later=1) - timedelta(microseconds=1))


def missing(departments: Sequence[str], now: datetime) -> list[tuple[date, str]]:
    """The workdays of late, today among them, of which a department has no signed report; the newest first."""
    days = _workdays(clock.local(now).date())
    signed = sa.select(DailyReport.day, DailyReport.department).where(
        DailyReport.day.in_(days), DailyReport.state != State.DRAFT, DailyReport.department.in_(departments)
    )
    there = {tuple(row) for row in db.session.execute(signed)}
    return [(day, code) for day in days for code in departments if (day, code) not in there]


def _workdays(today: date) -> list[date]:
    calendar = company_calendar.current()
    days = (today - timedelta(days=back) for back in range(BACK * 4))
    return [day for day in days if calendar.is_workday(day)][:BACK]


def of_period(department: str, period: Period) -> Sequence[DailyReport]:
    """The signed reports of a department in a week or month, oldest first."""
    ours = sa.and_(
        DailyReport.department == department,
        DailyReport.day.between(period.first, period.last),
        DailyReport.state != State.DRAFT,
    )
    return db.session.scalars(sa.select(DailyReport).where(ours).order_by(DailyReport.day)).all()


def expected(period: Period, now: datetime) -> int:
    """How many workdays of a period have begun."""
    calendar, today = company_calendar.current(), clock.local(now).date()
    days = (period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1))
    return sum(calendar.is_workday(day) for day in days if day <= today)


def summary(reports: Sequence[DailyReport]) -> dict[str, int]:
    """The lines of these reports added up, in the order of the captions."""
    sums = rules.added_up(report.lines for report in reports)
    return {kind: sums[kind] for kind in daily.CAPTIONS if kind in sums}


@dataclass(frozen=True)
class ReportList(Listing):
    """The filters of the list."""

    department: str = ""
    state: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> ReportList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(query.get("before")),
            after=lists.number(query.get("after")),
            department=lists.code(query.get("department"), set(departments_of(viewer))),
            state=lists.code(query.get("state"), set(State)),
        )

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        wanted = sa.select(DailyReport).where(visible_to(self.viewer))
        if self.department:
            wanted = wanted.where(DailyReport.department == self.department)
        if self.state:
            wanted = wanted.where(DailyReport.state == State(self.state))
        placed = self.placed(wanted, DailyReport.__table__.c.id).limit(lists.PAGE + 1)
        return self.paged(list(db.session.scalars(placed)))
