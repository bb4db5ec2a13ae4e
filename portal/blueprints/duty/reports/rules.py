"""The rules of the daily report, and the spans of its summaries; pure (DR-18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.blueprints.duty import heads
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason


@dataclass(frozen=True)
class Period:
    """A week or a month: as it is written in an address, its first and last day."""

    text: str
    first: date
    last: date

    @property
    def before(self) -> str:
        """The one before of the same length."""
        return self._at(self.first - timedelta(days=1))

    @property
    def after(self) -> str:
        """The one after of the same length."""
        return self._at(self.last + timedelta(days=1))

    def _at(self, day: date) -> str:
        return week_of(day) if "W" in self.text else f"{day:%Y-%m}"


def week_of(day: date) -> str:
    """The calendar week of a day, as 2026-W10."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def period_of(text: str) -> Period | None:
    """The week or month that is written so; None for what is neither."""
    found = re.fullmatch(r"(20[0-9]{2}|21[0-9]{2})-(W?)([0-9]{2})", text, re.ASCII)
    if found is None:
        return None
    year, weekly, number = int(found[1]), found[2], int(found[3])
    try:
        if weekly:
            first = date.fromisocalendar(year, number, 1)
            return Period(text, first, first + timedelta(days=6))
        first = date(year, number, 1)
    except ValueError:
        return None
    return Period(text, first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def added_up(days: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The lines of many days added up; what is counted at the end of a day is added up as well."""
    sums: dict[str, int] = {}
    for lines in days:
        for kind, number in lines.items():
            sums[kind] = sums.get(kind, 0) + number
    return sums


def may_write(viewer: Any, department: str) -> bool:
    """DR-18: whoever works in a department writes its report; the general office may for any."""
    return viewer.department == department or viewer.role is Role.OFFICE


def standing(report: Any, by: Any) -> frozenset[str]:
    """DR-18: who writes the report of a department, and who reads it as its head."""
    roles = {"writer": may_write(by, report.department), "head": heads.is_head(by, report.department)}
    return frozenset(name for name, holds in roles.items() if holds)


def is_complete(attempt: Attempt) -> Reason | None:
    """DR-18: a report is signed when a person has said what was done and what is planned; figures say too little."""
    report = attempt.subject
    lacking = [name for name in ("done", "plan") if not getattr(report, name)]
    return Reason("DR-18", "report_incomplete") if lacking else None


def another_reads(attempt: Attempt) -> Reason | None:
    """DR-18: nobody reads the own report as its head."""
    return Reason("DR-18", "reads_own") if attempt.by.id == attempt.subject.signed_by_id else None
