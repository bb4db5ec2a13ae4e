"""What waits for whom around a repair order, and whom its limits tell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.repairs import queries
from portal.blueprints.duty.repairs.codes import State
from portal.blueprints.duty.repairs.models import Repair
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Basis, Pauses, Told

CLOCKS = {  # kind -> figure
    "repair_assign": "limit.repair_assign",
    "repair": "limit.repair",
    "repair_accept": "limit.repair_accept",
}


class RepairWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Repair | None:
        """The order, locked for this write."""
        wanted = sa.select(Repair).where(Repair.id == subject_id).with_for_update(of=Repair)
        return db.session.scalars(wanted).one_or_none()

    def address(self, subject: Repair) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/repairs/{subject.number}"

    def start(self, subject: Repair, kind: str, now: datetime) -> None:
        """DR-13: assigned, done and accepted within their limits."""
        timers.start(
            subject,
            kind,
            now=now,
            clause="DR-13",
            basis=Basis.STATE,
            figure=CLOCKS[kind],
            urgent=subject.major,
        )

    def pauses(self, subject: Repair) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Repair, audience: str) -> Told:
        """Whoever repairs it, the lead of the department, the general office; an empty seat passes it up."""
        staff = reference.staff()
        leads, office = staff.leads_of(subject.department), staff.with_role(Role.OFFICE)
        doer = [subject.assignee_id] if subject.assignee_id and staff.active(subject.assignee_id) else []
        rungs = {"handler": [doer, leads, office], "lead": [leads, office]}
        return Told(*staff.climb(rungs.get(audience, [office])))

    def clocks_moved(self, subject: Repair, now: datetime) -> None:
        """Put up what the state waits for."""
        running = [clock.due_at for clock in timers.running(subject) if clock.due_at is not None]
        subject.due_at = min(running, default=None)
        kind, people = _waits(subject)
        wanted = [todos.Wanted(kind, audience, subject.due_at) for audience in people]
        title = subject.equipment.name if subject.equipment else subject.what[:80]
        todos.replace(
            subject, wanted, now=now, title=title, address=self.address(subject), urgent=subject.major
        )


def _waits(repair: Repair) -> tuple[str, list[str]]:
    """The act that is due next, and for whom; never for whoever did the work."""
    done_by = {repair.done_by_id, repair.assignee_id}
    responsible = repair.equipment.responsible_id if repair.equipment else None
    match repair.state:
        case State.REGISTERED:
            return "repair-assign", _lead(repair, set())
        case State.ASSIGNED:
            own = _person(repair.assignee_id, set())
            return "repair-done", own or _lead(repair, set())
        case State.DONE:
            return "repair-recheck", _person(repair.registered_by_id, done_by) or _lead(repair, done_by)
        case State.RECHECKED:
            return "repair-accept", _person(responsible, done_by) or _lead(repair, done_by)
    return "", []


def _person(person_id: int | None, barred: Collection[int | None]) -> list[str]:
    there = reference.staff().active(person_id) and person_id not in barred
    return [f"person:{person_id}"] if there else []


def _lead(repair: Repair, barred: Collection[int | None]) -> list[str]:
    """The leads of the department who did not do it themselves; the office where there is none."""
    leads = [i for i in reference.staff().leads_of(repair.department) if i not in barred]
    return [f"person:{i}" for i in leads] or ["office"]


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """What these orders are about, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Repair.id, Repair.what).where(Repair.id.in_(ids), queries.visible_to(viewer))
    return {its_id: what[:80] for its_id, what in db.session.execute(shown)}


WATCH = RepairWatch()
timers.WATCHED["repair"] = WATCH
inbox.ABOUT["repair"] = about


def tell(
    repair: Repair, kind: str, people: Collection[int], now: datetime, *, but: int | None = None
) -> None:
    """Put a message about the order into these inboxes."""
    inbox.tell(
        [i for i in people if i != but], kind, repair, now=now, address=WATCH.address(repair), urgent=repair.major,
        clause="DR-13",
    )  # fmt: skip
