"""What waits for whom around a parcel, and whom its reminder tells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception.parcels import queries
from portal.blueprints.reception.parcels.codes import State
from portal.blueprints.reception.parcels.models import Parcel
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Basis, Pauses, Told

# What my day calls the awaited acts: the recipient's, and the desk's for what was left lying.
TO_COLLECT, LEFT_LYING = "collect-parcel", "parcel"


class ParcelWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Parcel | None:
        """The parcel, locked for this write."""
        wanted = sa.select(Parcel).where(Parcel.id == subject_id).with_for_update()
        return db.session.scalars(wanted).one_or_none()

    def address(self, subject: Parcel) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/reception/parcels/{subject.number}"

    def start(self, subject: Parcel, kind: str, now: datetime) -> None:
        """RC-29: after a while the recipient is reminded, then the desk."""
        timers.start(
            subject, kind, now=now, clause="RC-29", basis=Basis.STATE, figure="limit.parcel", ladder="parcel"
        )

    def pauses(self, subject: Parcel) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Parcel, audience: str) -> Told:
        """The recipient, or the lead of the department it is for; the desk; an empty seat passes it up."""
        staff = reference.staff()
        own = [subject.recipient_id] if subject.recipient_id and staff.active(subject.recipient_id) else []
        leads, office = staff.leads_of(subject.department), staff.with_role(Role.OFFICE)
        rungs = {
            "handler": [own, leads, office] if subject.recipient_id else [leads, office],
            "lead": [leads, office],
            "office": [office],
        }
        return Told(*staff.climb(rungs.get(audience, [staff.with_role(Role.DESK), office])))

    def clocks_moved(self, subject: Parcel, now: datetime) -> None:
        """Put up what waits: for the recipient at once, for the desk when it was left lying."""
        running = [clock for clock in timers.running(subject) if clock.due_at is not None]
        subject.due_at = running[0].due_at if running else None
        wanted = []
        if subject.state is State.WAITING:
            wanted = [todos.Wanted(TO_COLLECT, _waits_for(subject), subject.due_at, subject.created_at)]
            if subject.due_at is not None and subject.due_at <= now:
                wanted.append(todos.Wanted(LEFT_LYING, "desk", subject.due_at, subject.created_at))
        todos.replace(
            subject, wanted, now=now, title=subject.place or subject.sender, address=self.address(subject)
        )


def _waits_for(parcel: Parcel) -> str:
    """The recipient; else the lead of the department; the office where there is nobody."""
    staff = reference.staff()
    if staff.active(parcel.recipient_id):
        return f"person:{parcel.recipient_id}"
    return f"lead:{parcel.department}" if staff.leads_of(parcel.department) else "office"


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """Senders and places of these parcels, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Parcel.id, Parcel.sender, Parcel.place).where(
        Parcel.id.in_(ids), queries.visible_to(viewer)
    )
    return {row[0]: " · ".join(filter(None, row[1:])) for row in db.session.execute(shown)}


WATCH = ParcelWatch()
timers.WATCHED["parcel"] = WATCH
timers.WARN_ONLY.add("parcel")  # a recipient who is away breaks no limit
inbox.ABOUT["parcel"] = about


def tell(parcel: Parcel, kind: str, now: datetime, *, but: int | None = None) -> None:
    """Put a message about the parcel into the inbox of whom it is for."""
    told = WATCH.told(parcel, "handler")
    people = [i for i in told.people if i != but]
    inbox.tell(
        people, kind, parcel, now=now, address=WATCH.address(parcel), climbed=told.climbed, clause="RC-29"
    )
