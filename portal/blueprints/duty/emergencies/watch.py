"""What waits for whom in an emergency, whom its clock tells, and who is called (DR-16)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.blueprints.duty.emergencies import queries
from portal.blueprints.duty.emergencies.codes import State
from portal.blueprints.duty.emergencies.models import Emergency
from portal.i18n import _, label
from portal.kernel import alarms, company_calendar, inbox, policies, reference, timers, todos
from portal.kernel.alarms import Alarm
from portal.kernel.db import db
from portal.kernel.limits import Limit, due
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

TO_ANSWER, TO_DO, TO_REPORT = "emergency-answer", "emergency-steps", "emergency-report"


def address(number: str) -> str:
    """Where it is led; links in notices need no request."""
    return f"/duty/emergencies/{number}"


class EmergencyWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Emergency:
        """The emergency, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: Emergency) -> str:
        """Where it is led."""
        return address(subject.number)

    def start(self, subject: Emergency, kind: str, now: datetime) -> None:
        """DR-16: somebody is on the scene within a minute, at night and on holidays, too."""
        timers.start(
            subject, kind, now=now, clause="DR-16", basis=Basis.CASE, figure="limit.arrival", ladder="arrival",
            urgent=True,
        )  # fmt: skip

    def pauses(self, subject: Emergency) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Emergency, audience: str) -> Told:
        """Everybody of the roll-call; the leads of the departments concerned; an empty seat passes it up."""
        staff = reference.staff()
        leads = leads_of(subject.concerned)
        rungs = {"handler": [[row.person_id for row in queries.roll(subject)], leads], "lead": [leads]}
        return Told(*staff.climb([*rungs.get(audience, []), staff.with_role(Role.OFFICE)]))

    def clocks_moved(self, subject: Emergency, now: datetime) -> None:
        """Put up what the state waits for: answers and steps while it runs, then the report."""
        replace_todos(subject, now)


def arrive_by(emergency: Emergency) -> datetime:
    """DR-16: until when somebody is on the scene, by the limit in force when it was declared."""
    limit = Limit.parse(policies.value("limit.arrival", emergency.declared_at))
    return due(emergency.declared_at, limit, company_calendar.current(), []) or emergency.declared_at


def leads_of(departments: Iterable[str]) -> list[int]:
    """The leads of these departments, each once."""
    staff = reference.staff()
    return list(dict.fromkeys(person for code in sorted(departments) for person in staff.leads_of(code)))


def heads() -> list[int]:
    """The duty leader and the deputy; the general office where the seat is empty."""
    staff = reference.staff()
    return staff.climb([staff.holding(Position.DUTY_LEADER), staff.with_role(Role.OFFICE)])[0]


def replace_todos(emergency: Emergency, now: datetime) -> None:
    """What waits for whom in the present state. Inside a write."""
    wanted: list[todos.Wanted] = []
    if emergency.state is State.DECLARED:
        roll = queries.roll(emergency)
        at_once = arrive_by(emergency)
        wanted = [
            todos.Wanted(TO_ANSWER, f"person:{row.person_id}", at_once, emergency.declared_at)
            for row in roll
            if row.answer is None
        ]
        if open_steps := [step for step in queries.steps(emergency) if not step.done_at]:
            until = emergency.declared_at + timedelta(minutes=open_steps[0].minutes)
            wanted += [
                todos.Wanted(TO_DO, f"person:{row.person_id}", until, emergency.declared_at) for row in roll
            ]
    elif emergency.state is State.ENDED and emergency.ended_by_id is not None:
        wanted = [todos.Wanted(TO_REPORT, f"person:{emergency.ended_by_id}")]
    todos.replace(
        emergency,
        wanted,
        now=now,
        title=told_of(emergency)[:120],
        address=address(emergency.number),
        urgent=emergency.state is State.DECLARED and not emergency.drill,
    )


def told_of(emergency: Emergency) -> str:
    """What it is, in a few words; a drill says so first."""
    words = f"{label(emergency.kind)} · {emergency.place}" if emergency.place else label(emergency.kind)
    return _("Drill: %(sentence)s", sentence=words) if emergency.drill else words


def tell(
    emergency: Emergency, kind: str, people: Iterable[int], now: datetime, *, but: int | None = None
) -> None:
    """An urgent message, delivered at night, too; of a drill it says so first."""
    inbox.tell(
        [i for i in dict.fromkeys(people) if i != but], kind, emergency, now=now, address=address(emergency.number),
        urgent=True, clause="DR-16", drill=emergency.drill,
    )  # fmt: skip


def about(_viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """What these emergencies are, for an inbox."""
    rows = db.session.scalars(sa.select(Emergency).where(Emergency.id.in_(ids)))
    return {row.id: told_of(row) for row in rows}


def in_force() -> list[Alarm]:
    """What is declared and not over, for the band above the pages."""
    return [
        Alarm(row.number, address(row.number), row.kind, row.place, row.level, row.declared_at, row.drill)
        for row in queries.in_force()
    ]


WATCH = EmergencyWatch()
timers.WATCHED["emergency"] = WATCH
inbox.ABOUT["emergency"] = about
alarms.PROVIDERS.append(in_force)
