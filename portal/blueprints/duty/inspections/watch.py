"""What waits for whom around an inspection, and whom its limit tells."""

from __future__ import annotations

from datetime import datetime

from portal.blueprints.duty.inspections import queries
from portal.blueprints.duty.inspections.codes import State
from portal.blueprints.duty.inspections.models import Round
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.rights import Role
from portal.kernel.timers import Basis, Pauses, Told

TODO = "inspection"


class InspectionWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Round | None:
        """The round, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: Round) -> str:
        """Where it is done; links in notices need no request."""
        return f"/duty/inspections/{subject.number}"

    def start(self, subject: Round, kind: str, now: datetime) -> None:
        """DR-13: done within its limit, which is longer for what is looked at seldom."""
        figure = f"limit.inspection.{subject.plan.rhythm}"
        timers.start(subject, kind, now=now, clause="DR-13", basis=Basis.STATE, figure=figure)

    def pauses(self, subject: Round) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Round, audience: str) -> Told:
        """Whoever has to do it; the lead of the department; the general office. An empty seat passes it up."""
        staff = reference.staff()
        doers = [i for i in sorted(subject.on_duty | {subject.plan.person_id or 0}) if staff.active(i)]
        leads, office = staff.leads_of(subject.department), staff.with_role(Role.OFFICE)
        rungs = {"handler": [doers, leads, office], "lead": [leads, office]}
        return Told(*staff.climb(rungs.get(audience, [office])))

    def clocks_moved(self, subject: Round, now: datetime) -> None:
        """Put it up for whoever has to do it, as long as it is due."""
        if subject.state is State.DUE:
            subject.due_at = next((clock.due_at for clock in timers.running(subject)), subject.due_at)
        wanted = [todos.Wanted(TODO, audience, subject.due_at) for audience in audiences(subject)]
        title, address = subject.plan.name, self.address(subject)
        todos.replace(subject, wanted, now=now, title=title, address=address)


def audiences(round_: Round) -> list[str]:
    """For whom a round waits: its person, or whoever is on duty at its post; else the lead, else the office."""
    if round_.state is not State.DUE:
        return []
    staff = reference.staff()
    people = [i for i in sorted(round_.on_duty | {round_.plan.person_id or 0}) if staff.active(i)]
    leads = [f"lead:{round_.department}"] if staff.leads_of(round_.department) else ["office"]
    return [f"person:{i}" for i in people] or leads


WATCH = InspectionWatch()
timers.WATCHED["inspection"] = WATCH


def tell_lead(round_: Round, kind: str, now: datetime) -> None:
    """Put a message about the round into the lead's inbox."""
    told = WATCH.told(round_, "lead")
    inbox.tell(
        told.people,
        kind,
        round_,
        now=now,
        address=WATCH.address(round_),
        climbed=told.climbed,
        clause="DR-13",
    )
