"""What waits for whom around a return visit, and whom its limits tell."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from portal.blueprints.complaints.return_visits.codes import State
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.return_visits.workflow import ANSWER, RECORD
from portal.kernel import clock, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

AHEAD = timedelta(days=30)  # a plan for next year is nobody's day


def ends(visit: ReturnVisit) -> datetime:
    """The end of the day by which the visit is due."""
    return datetime.combine(visit.due_on + timedelta(days=1), time(), clock.zone())


class VisitWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> ReturnVisit | None:
        """The visit, locked for this write."""
        return db.session.scalars(
            sa.select(ReturnVisit).where(ReturnVisit.id == subject_id).with_for_update()
        ).one_or_none()

    def address(self, subject: ReturnVisit) -> str:
        """Where the visit is dealt with."""
        return f"/complaints/return-visits/{subject.id}"

    def told(self, subject: ReturnVisit, audience: str) -> Told:
        """Who goes, and above that the department's lead; the general office answers for an empty seat."""
        staff = reference.staff()
        own = [subject.person_id] if staff.active(subject.person_id) else []
        above = [staff.leads_of(subject.department), staff.holding(Position.GENERAL_MANAGER)]
        office = staff.with_role(Role.OFFICE)
        rungs = [own, *above, office] if audience in {"handler", "first_responder"} else [*above, office]
        return Told(*staff.climb(rungs))

    def start(self, subject: ReturnVisit, kind: str, now: datetime) -> None:
        """The limit of the plan (CU-03), or of what was promised there (CP-15)."""
        promise = kind == "promise"
        timers.start(
            subject,
            kind,
            now=now,
            clause="CP-15" if promise else "CU-03",
            basis=Basis.CASE,
            ends_at=subject.promised_at if promise else ends(subject),
        )

    def pauses(self, subject: ReturnVisit) -> Pauses:
        """Nothing stands still."""
        return []

    def clocks_moved(self, subject: ReturnVisit, now: datetime) -> None:
        """Put up what waits; a visit that is still far away does not fill anybody's day."""
        to, wanted = f"person:{subject.person_id}", []
        if subject.state is State.PLANNED and ends(subject) - AHEAD <= now:
            wanted = [todos.Wanted(RECORD, to, ends(subject), subject.planned_at)]
        if subject.state is State.VISITED and subject.promised_at is not None:
            wanted = [todos.Wanted(ANSWER, to, subject.promised_at, subject.visited_at)]
        todos.replace(subject, wanted, now=now, title=subject.customer_name, address=self.address(subject))


WATCH = VisitWatch()
timers.WATCHED["return_visit"] = WATCH
