"""What is done with a report: drafted, written, signed, corrected (CP-29)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from portal.blueprints.complaints.figures import queries, rules
from portal.blueprints.complaints.figures.models import Erratum, PeriodReport, ReportState
from portal.blueprints.complaints.figures.rules import Period
from portal.kernel import clock, history, timers, todos
from portal.kernel.db import db, insert
from portal.kernel.people import Viewer
from portal.kernel.timers import Pauses, Told
from portal.kernel.transitions import Action, Effect


def draft(period: Period, *, by: Viewer | None, now: datetime) -> PeriodReport:
    """CP-29: a report for a month or quarter, one a period; the one that is there when it was drafted before."""
    report, _is_new = _draft(period, by.id if by else None, now)
    return report


def _draft(period: Period, by: int | None, now: datetime) -> tuple[PeriodReport, bool]:
    """The report of a period, and whether it is new: of two who draft at once, one does."""
    row = {
        "period": period.code,
        "since": period.since,
        "until": period.until,
        "state": ReportState.DRAFT,
        "state_since": now,
        "drafted_at": now,
        "drafted_by_id": by,
    }
    new = insert(PeriodReport).values(**row).on_conflict_do_nothing(index_elements=["period"])
    drafted = db.session.scalar(new.returning(PeriodReport.id)) is not None
    report = queries.drafted(period.code)
    if drafted:
        history.record(report, "case_report:draft", by=by, now=now, clause="CP-29", period=period.code)
        WATCH.clocks_moved(report, now)
    return report, drafted


def draft_finished(now: datetime) -> Iterator[str]:
    """CP-29: with the first pass after its end, the last month's report waits for the office, and the last quarter's.

    What ended longer ago is nobody's news any more: a worker that was down for months drafts one of each kind. A portal
    that held no case by then has nothing to report.
    """
    finished = rules.finished(clock.local(now).date())
    for period in queries.unreported(finished):
        with db.write():
            _report, drafted = _draft(period, None, now)
        if drafted:
            yield f"{period.code}\tcase_report\tdrafted for the period until {period.until} (CP-29)"


timers.BY_CALENDAR.append(draft_finished)


def write(report: PeriodReport, *, by: Viewer, now: datetime, **texts: str) -> Effect:
    """What stood out, what is done about it, what goes on the notice board."""
    for name, text in texts.items():
        setattr(report, name, text)
    return Effect({}, texts)


def sign(
    report: PeriodReport, *, by: Viewer, now: datetime, today: date, figures: dict[str, Any], **_: Any
) -> Effect:
    """The report stands from now on, with the figures of this moment."""
    report.signed_at, report.signed_by_id = now, by.id
    report.figures = json.dumps(figures, ensure_ascii=False)
    return Effect({"period": report.period})


def erratum(report: PeriodReport, *, by: Viewer, now: datetime, text: str, **_: Any) -> Effect:
    """A signed report is corrected beside, never in its own words."""
    db.session.add(Erratum(report_id=report.id, at=now, by_id=by.id, text=text))
    return Effect({}, {"text": text})


ACTIONS: dict[str, Action] = {"write": write, "sign": sign, "erratum": erratum}


class ReportWatch:
    """What the kernel asks about reports: they have no limits, and wait for the office until they are signed."""

    def load(self, subject_id: int) -> PeriodReport | None:
        return db.session.get(PeriodReport, subject_id)

    def told(self, subject: PeriodReport, audience: str) -> Told:
        return Told([])

    def address(self, subject: PeriodReport) -> str:
        return f"/complaints/reports/{subject.period}"

    def start(self, subject: PeriodReport, kind: str, now: datetime) -> None:
        """No limit runs on a report."""

    def pauses(self, subject: PeriodReport) -> Pauses:
        return []

    def clocks_moved(self, subject: PeriodReport, now: datetime) -> None:
        """Put up for the general office what is not signed yet."""
        waits = [todos.Wanted("sign", "office")] if subject.state == ReportState.DRAFT else []
        span = f"{subject.since} – {subject.until}"
        todos.replace(subject, waits, now=now, title=span, address=self.address(subject))


WATCH = ReportWatch()
timers.WATCHED[PeriodReport.history_kind] = WATCH
