"""What waits for whom around a leave, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.leave import queries
from portal.blueprints.duty.leave.codes import Answer, State
from portal.blueprints.duty.leave.models import Absence, Leave
from portal.blueprints.duty.leave.workflow import ACCEPT, APPROVE
from portal.drawing import name_of
from portal.kernel import clock, inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Pauses, Told
from portal.kernel.todos import Wanted


def who_decides(department: str, barred: Collection[int]) -> tuple[str, list[int]]:
    """DR-04: for whom it waits, and who that is: the head; who is barred as a party of it is passed over."""
    staff = reference.staff()
    rungs = (
        (f"lead:{department}", staff.leads_of(department)),
        ("manager", staff.holding(Position.GENERAL_MANAGER)),
        ("office", staff.with_role(Role.OFFICE)),
    )
    for audience, people in rungs:
        if able := [person for person in people if person not in barred]:
            return audience, able
    return "office", office()


def office() -> list[int]:
    """Everybody of the general office."""
    return reference.staff().with_role(Role.OFFICE)


class LeaveWatch:
    """The part's answers to the timers: a leave has no limit of its own, only what waits until its start."""

    def load(self, subject_id: int) -> Leave | None:
        """The leave, locked for this write."""
        return queries.load(subject_id)

    def told(self, subject: Leave, audience: str) -> Told:
        """No step of a ladder reaches anybody."""
        return Told([])

    def address(self, subject: Leave) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/leave/{subject.id}/"

    def start(self, subject: Leave, kind: str, now: datetime) -> None:
        """A leave has no clock."""
        raise LookupError(kind)

    def pauses(self, subject: Leave) -> Pauses:
        """Nothing stands still."""
        return []

    def clocks_moved(self, subject: Leave, now: datetime) -> None:
        """Put up whose turn it is: the substitutes', the asker's, the head's."""
        due = subject.lapses_at
        audience, _able = _deciders(subject)
        wanted = []
        if subject.state is State.ASKED:
            waiting = {each.substitute_id for each in subject.covers if each.answer is Answer.WAITING}
            wanted = [Wanted("accept-leave", f"person:{who}", due) for who in waiting]
        elif subject.state is State.SEEKING:
            wanted = [Wanted("name-substitute", f"person:{subject.asked_by_id}", due)]
            wanted.append(Wanted("approve-leave", audience, due))
        elif subject.state is State.ACCEPTED:
            wanted = [Wanted("approve-leave", audience, due)]
        todos.replace(
            subject,
            wanted,
            now=now,
            title=f"{name_of(subject.person_id)} {span_of(subject)}",
            address=self.address(subject),
            # The own todo to name somebody is not barred; what only the head does is barred to a head who is away.
            barred_id=None if subject.state is State.SEEKING else subject.person_id,
        )


WATCH = LeaveWatch()
timers.WATCHED[Leave.history_kind] = WATCH


def _deciders(leave: Leave) -> tuple[str, list[int]]:
    return who_decides(leave.department, {leave.person_id, leave.asked_by_id, *substitutes(leave)})


def heads(leave: Leave) -> list[int]:
    """Who decides it."""
    return _deciders(leave)[1]


def substitutes(leave: Leave) -> list[int]:
    """Who is asked or has accepted."""
    found = {each.substitute_id for each in leave.covers if each.answer is not Answer.DECLINED}
    return sorted(who for who in found if who is not None)


def span_of(leave: Leave) -> str:
    """From when to when, as a title says it."""
    begins, ends = (clock.local(at) for at in (leave.starts_at, leave.ends_at))
    return f"{begins:%m-%d %H:%M} – {ends:%m-%d %H:%M}"


def tell(
    leave: Leave, people: Iterable[int], kind: str, now: datetime, *, do: str = "", but: int | None = None
) -> None:
    """A message about a leave; `do` is the verb whose form is open where it leads."""
    address = WATCH.address(leave) + (f"?do={do}" if do else "")
    told = [person for person in people if person != but]
    urgent = leave.starts_at <= now
    inbox.tell(told, kind, leave, now=now, address=address, urgent=urgent, clause="DR-04")


def tell_own(leave: Leave, kind: str, now: datetime, *, but: int | None = None) -> None:
    """Tell who is away and who asked for it."""
    tell(leave, [leave.person_id, leave.asked_by_id], kind, now, but=but)


def asked(leave: Leave, now: datetime, *, by: int) -> None:
    """Tell the first whose turn it is, and the person on whose behalf it is asked for."""
    if leave.person_id != by:
        tell(leave, [leave.person_id], "leave:for_you", now)
    if leave.state is State.ASKED:
        tell(leave, substitutes(leave), "leave:asked", now, do=ACCEPT)
    else:
        to_decide(leave, now, but=by)


def to_decide(leave: Leave, now: datetime, *, but: int | None = None) -> None:
    """Tell the head that it waits; one touch opens the form."""
    tell(leave, heads(leave), "leave:decide", now, do=APPROVE, but=but)


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """Whose leave and when, for an inbox; only of those that the viewer may see."""
    shown = sa.select(Leave).where(Leave.id.in_(ids), queries.visible_to(viewer))
    return {row.id: f"{name_of(row.person_id)} {span_of(row)}" for row in db.session.scalars(shown)}


inbox.ABOUT[Leave.history_kind] = about


def tell_absent(absence: Absence, now: datetime) -> None:
    """Who was absent learns that it stands so."""
    inbox.tell(
        [absence.person_id], "absence:recorded", absence, now=now, address="/duty/leave/absences", clause="DR-04"
    )  # fmt: skip
