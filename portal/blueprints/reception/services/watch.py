"""What the kernel asks about meals and lodging: whom a step tells, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.services import queries
from portal.blueprints.reception.services.codes import State
from portal.blueprints.reception.services.models import Service
from portal.blueprints.reception.watch import title
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Pauses, Told


class ServiceWatch:
    """The answers to the timers; no limit runs on a meal."""

    def load(self, subject_id: int) -> Service | None:
        return queries.load(subject_id)

    def told(self, subject: Service, audience: str) -> Told:
        """The persons behind an audience's name; an empty seat passes the message up."""
        staff, around = reference.staff(), subject.around
        leads, manager = staff.leads_of(around.department or ""), staff.holding(Position.GENERAL_MANAGER)
        office = staff.with_role(Role.OFFICE)
        single = {"host": around.host_id, "asker": subject.asked_by_id, "arranger": subject.arranged_by_id}
        if audience in single:
            person = single[audience]
            return Told([person] if person is not None and staff.active(person) else [])
        rungs = {"lead": [leads, manager, office], "desk": [staff.with_role(Role.DESK), office]}
        return Told(*staff.climb(rungs.get(audience, [office])))

    def address(self, subject: Service) -> str:
        """Where it is dealt with: on the visit's page for it."""
        return f"/reception/visits/{subject.visit_number}/services"

    def start(self, subject: Service, kind: str, now: datetime) -> None:
        """No limit runs on it."""

    def pauses(self, subject: Service) -> Pauses:
        return []

    def clocks_moved(self, subject: Service, now: datetime) -> None:
        """Put up what waits: the lead's word, then the desk's arranging, then the cost (RC-12)."""
        leads = reference.staff().leads_of(subject.around.department or "")
        lead = f"lead:{subject.around.department}" if leads else "manager"
        waits = {
            State.ASKED: ("service-approve", lead),
            State.AGREED: ("service-arrange", "desk"),
            State.ARRANGED: ("service-done", "desk"),
        }
        wanted = [todos.Wanted(*waits[subject.state])] if subject.state in waits else []
        todos.replace(subject, wanted, now=now, title=subject.around.who, address=self.address(subject))


WATCH = ServiceWatch()
timers.WATCHED[Service.history_kind] = WATCH


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """For whom these are, for an inbox; only of those that the viewer may see."""
    rows = sa.select(Service.id, Visit).join(Visit, Visit.id == Service.visit_id)
    shown = rows.where(Service.id.in_(ids), visible_to(viewer))
    return {service_id: title(visit) for service_id, visit in db.session.execute(shown)}


inbox.ABOUT[Service.history_kind] = about


def tell(service: Service, audience: str, kind: str, now: datetime, *, but: int | None = None) -> None:
    """A message about it to that audience."""
    people = [person for person in WATCH.told(service, audience).people if person != but]
    inbox.tell(people, kind, service, now=now, address=WATCH.address(service))
