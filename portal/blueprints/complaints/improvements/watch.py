"""What the kernel asks about improvement cases: their clocks, whom a step tells, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.improvements import queries, rules
from portal.blueprints.complaints.improvements.codes import State
from portal.blueprints.complaints.improvements.models import Improvement
from portal.kernel import company_calendar, inbox, policies, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.limits import Limit, due
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

CLOCKS = {"improvement_assign": "CP-21", "improvement": "CP-21", "improvement_effect": "CP-21"}


def after(figure: str, start: datetime, now: datetime) -> datetime:
    """When a limit of the policy table that begins at `start` is over; nothing pauses it."""
    return due(start, Limit.parse(policies.value(figure, now)), company_calendar.current())


class ImprovementWatch:
    """The answers to the timers."""

    def load(self, subject_id: int) -> Improvement | None:
        """The improvement case, locked for this write."""
        wanted = sa.select(Improvement).where(Improvement.id == subject_id).with_for_update()
        return db.session.scalars(wanted).one_or_none()

    def address(self, subject: Improvement) -> str:
        """Where it is dealt with."""
        return f"/complaints/improvements/{subject.number}"

    def start(self, subject: Improvement, kind: str, now: datetime) -> None:
        """Start one of the clocks above: by a figure, or with the end that was named."""
        given: dict[str, Any] = {"now": now, "clause": CLOCKS[kind], "basis": Basis.STATE}
        if kind == "improvement_assign":
            timers.start(subject, kind, figure="limit.improvement_assign", **given)
        elif kind == "improvement":
            timers.start(subject, kind, ends_at=subject.target_at, **given)
        else:
            ends_at = after("limit.improvement.confirm", subject.effect_from or now, now)
            timers.start(subject, kind, ends_at=ends_at, **given)

    def pauses(self, subject: Improvement) -> Pauses:
        """Nothing pauses an improvement."""
        return []

    def told(self, subject: Improvement, audience: str) -> Told:
        """The persons behind an audience's name; an empty seat passes the message up."""
        staff = reference.staff()
        leads = staff.leads_of(subject.department)
        manager = staff.holding(Position.GENERAL_MANAGER)
        office = staff.with_role(Role.OFFICE)
        owner = [subject.owner_id] if subject.owner_id is not None and staff.active(subject.owner_id) else []
        rungs = {
            "lead": [leads, manager, office],
            "supervisor": [leads, manager, office],
            "assistants": [leads, manager, office],
            "office": [office],
            "desk": [office],
            "director": [staff.holding(Position.OFFICE_DIRECTOR), office],
            "manager": [manager, office],
        }.get(audience, [owner, leads, office])
        concerned = queries.concerned(subject.id)
        able = [[i for i in rung if i not in concerned] for rung in rungs]
        people, climbed = staff.climb(able)
        return Told(people, climbed)

    def clocks_moved(self, subject: Improvement, now: datetime) -> None:
        """Copy the next limit onto the case and put up what waits for whom; after every change."""
        running = [clock for clock in timers.running(subject) if clock.due_at is not None]
        nearest = min(running, key=lambda clock: (clock.due_at, clock.id), default=None)
        subject.due_at = nearest.due_at if nearest else None
        subject.due_from = nearest.started_at if nearest else None
        waits = rules.waiting(subject, _signs(subject))
        wanted = [todos.Wanted(*waits, subject.due_at, subject.due_from)] if waits else []
        # The owner may be of the office, and then must not be asked to confirm the own effect.
        barred = subject.owner_id if subject.state is State.CARRIED_OUT else None
        todos.replace(
            subject,
            wanted,
            now=now,
            title=subject.title[:60],
            address=self.address(subject),
            barred_id=barred,
        )


def _signs(improvement: Improvement) -> str:
    """For whom the naming of an owner waits: the department's leads, or the office where none may act."""
    able = set(reference.staff().leads_of(improvement.department)) - queries.concerned(improvement.id)
    return f"lead:{improvement.department}" if able else "office"


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """The titles of these improvement cases, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Improvement.id, Improvement.title).where(
        Improvement.id.in_(ids), queries.visible_to(viewer)
    )
    found = db.session.execute(shown).all()
    return {row.id: row.title for row in found}


WATCH = ImprovementWatch()
timers.WATCHED["improvement"] = WATCH
inbox.ABOUT["improvement"] = about


def tell(
    improvement: Improvement, audiences: Iterable[str], kind: str, now: datetime, *, but: int | None = None
) -> None:
    """Put a message about the improvement case into the inboxes behind these audiences."""
    people = [i for audience in audiences for i in WATCH.told(improvement, audience).people]
    chosen = [i for i in dict.fromkeys(people) if i != but]
    inbox.tell(chosen, kind, improvement, now=now, address=WATCH.address(improvement), clause="CP-21")
