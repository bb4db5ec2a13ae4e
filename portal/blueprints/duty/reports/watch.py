"""What the kernel asks about daily reports; no limit runs."""

from __future__ import annotations

from datetime import datetime

from portal.blueprints.duty.reports import queries
from portal.blueprints.duty.reports.codes import State
from portal.blueprints.duty.reports.models import DailyReport
from portal.kernel import reference, timers, todos
from portal.kernel.rights import Role
from portal.kernel.timers import Pauses, Told


class ReportWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> DailyReport:
        """The report, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: DailyReport) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/reports/{subject.number}"

    def start(self, subject: DailyReport, kind: str, now: datetime) -> None:
        """Nothing runs."""

    def pauses(self, subject: DailyReport) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: DailyReport, audience: str) -> Told:
        """The head of the department; an empty seat passes it up."""
        staff = reference.staff()
        return Told(*staff.climb([staff.leads_of(subject.department), staff.with_role(Role.OFFICE)]))

    def clocks_moved(self, subject: DailyReport, now: datetime) -> None:
        """A draft waits for whoever began it, a signed report for the head."""
        waits = {
            State.DRAFT: [todos.Wanted("report-sign", f"person:{subject.begun_by_id}")],
            State.SIGNED: [todos.Wanted("report-read", f"lead:{subject.department}")],
            State.READ: [],
        }[subject.state]
        todos.replace(subject, waits, now=now, title=f"{subject.day:%m-%d}", address=self.address(subject))


WATCH = ReportWatch()
timers.WATCHED["daily_report"] = WATCH
