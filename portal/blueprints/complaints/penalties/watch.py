"""What the kernel asks about penalties: the clocks of statement and ruling, whom they tell, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.penalties import queries, rules
from portal.blueprints.complaints.penalties.codes import State
from portal.blueprints.complaints.penalties.models import Penalty
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

STATEMENT, RULING = "penalty_statement", "penalty_ruling"


class PenaltyWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Penalty | None:
        """The penalty, locked for this write."""
        ours = sa.select(Penalty).where(Penalty.id == subject_id).with_for_update()
        return db.session.scalars(ours).one_or_none()

    def address(self, subject: Penalty) -> str:
        """Where the penalty is dealt with; links in messages need no request."""
        return f"/complaints/penalties/{subject.number}"

    def start(self, subject: Penalty, kind: str, now: datetime) -> None:
        """The time for the statement begins with the release of the summary, that for the ruling with the appeal."""
        timers.start(subject, kind, now=now, clause="CP-24", basis=Basis.STATE, figure=f"limit.{kind}")

    def told(self, subject: Penalty, audience: str) -> Told:
        """The persons behind an audience's name: `handler` is who is penalised, `lead` that person's.

        Of an appeal nobody is told in whose decision it is brought: another judges it.
        """
        staff = reference.staff()
        if audience == "handler":
            return Told(concerned(subject))
        decider = subject.decided_by_id if subject.state is State.APPEALED else None
        able = office(subject, but=decider)
        managers = staff.holding(Position.GENERAL_MANAGER)
        rungs = {
            "lead": [staff.leads_of(subject.department), able],
            "director": [[i for i in staff.holding(Position.OFFICE_DIRECTOR) if i != decider], managers],
            "manager": [managers, able],
        }
        return Told(*staff.climb(rungs.get(audience, [able, managers]), subject.person_id))

    def clocks_moved(self, subject: Penalty, now: datetime) -> None:
        """Copy the ends of both times and put up what waits for whom; after every change."""
        for limit in timers.running(subject, [STATEMENT, RULING]):
            if limit.kind == STATEMENT:
                subject.statement_until = limit.due_at
            else:
                subject.ruling_until = limit.due_at
        waits = rules.waiting(subject, now)
        wanted = []
        if waits:
            verb, audience = waits
            due = {
                "statement": (subject.statement_until, subject.released_at),
                "rule": (subject.ruling_until, subject.appealed_at),
            }.get(verb, (None, None))
            wanted = [
                todos.Wanted(f"penalty-{verb}", f"person:{i}", *due) for i in _audience(subject, audience)
            ]
        todos.replace(subject, wanted, now=now, title=title(subject), address=self.address(subject))

    def pauses(self, _subject: Penalty) -> Pauses:
        """Neither time stands still."""
        return []


def concerned(penalty: Penalty) -> list[int]:
    """Who is penalised: the person; for a department those who lead it."""
    if penalty.person_id is not None:
        return [penalty.person_id]
    return reference.staff().leads_of(penalty.department)


def office(penalty: Penalty, but: int | None = None) -> list[int]:
    """The members of the general office who may act, and beside them the general manager where one is penalised."""
    staff = reference.staff()
    able = [i for i in staff.with_role(Role.OFFICE) if i not in {penalty.person_id, but}]
    managers = staff.holding(Position.GENERAL_MANAGER) if penalty.of_office else []
    return list(dict.fromkeys([*able, *(i for i in managers if i not in {penalty.person_id, but})]))


def _audience(penalty: Penalty, name: str) -> list[int]:
    match name:
        case "concerned":
            return concerned(penalty)
        case "deciders":
            return office(penalty, but=penalty.proposed_by_id)
        case "judges":
            return office(penalty, but=penalty.decided_by_id)
    return office(penalty)


def title(penalty: Penalty) -> str:
    """Whom a penalty is about, in a few words."""
    staff = reference.staff()
    if penalty.person_id is not None:
        return staff.cards[penalty.person_id].name
    return staff.departments[penalty.department][0]


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """Whom these penalties are about, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Penalty).where(Penalty.id.in_(ids), queries.visible_to(viewer))
    return {penalty.id: title(penalty) for penalty in db.session.scalars(shown)}


WATCH = PenaltyWatch()
timers.WATCHED["penalty"] = WATCH
inbox.ABOUT["penalty"] = about


def tell(
    penalty: Penalty,
    people: Collection[int],
    kind: str,
    now: datetime,
    *,
    but: int | None = None,
    **details: Any,
) -> None:
    """Put a message about the penalty into these inboxes."""
    chosen = [i for i in dict.fromkeys(people) if i != but]
    inbox.tell(chosen, kind, penalty, now=now, address=WATCH.address(penalty), **details)
