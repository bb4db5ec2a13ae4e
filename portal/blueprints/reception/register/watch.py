"""What a register waits for, and who is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.blueprints.reception.reach import sees_all
from portal.blueprints.reception.register.codes import State
from portal.blueprints.reception.register.models import DailyRegister
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Pauses, Told


def superiors(but: int | None = None) -> list[int]:
    """RC-17: the lead of the administration; an empty seat passes it to the general manager, then the director."""
    staff = reference.staff()
    rungs = [
        staff.leads_of(ADMINISTRATION),
        staff.holding(Position.GENERAL_MANAGER),
        staff.holding(Position.OFFICE_DIRECTOR),
    ]
    return staff.climb(rungs, but)[0]


def _reviewer(but: int | None) -> str:
    """For whom the review waits, by the names of `todos`."""
    leads = reference.staff().leads_of(ADMINISTRATION)
    return f"lead:{ADMINISTRATION}" if any(lead != but for lead in leads) else "manager"


class RegisterWatch:
    """The part's answers to the timers: a register has no limit of its own, only what waits."""

    def load(self, subject_id: int) -> DailyRegister | None:
        return db.session.get(DailyRegister, subject_id)

    def told(self, subject: DailyRegister, audience: str) -> Told:
        return Told([])

    def address(self, subject: DailyRegister) -> str:
        return f"/reception/register/{subject.day}"

    def start(self, subject: DailyRegister, kind: str, now: datetime) -> None:
        raise LookupError(kind)

    def pauses(self, subject: DailyRegister) -> Pauses:
        return []

    def clocks_moved(self, subject: DailyRegister, now: datetime) -> None:
        """Put up what the state waits for (RC-17)."""
        author = subject.compiled_by_id
        wanted = {
            State.COMPILED: [todos.Wanted("register-review", _reviewer(author))],
            State.RETURNED: [todos.Wanted("register-compile", "desk")],
            State.REVIEWED: [todos.Wanted("register-archive", "desk")],
        }.get(subject.state, [])
        todos.replace(
            subject,
            wanted,
            now=now,
            title=subject.day,
            address=self.address(subject),
            barred_id=author if subject.state is State.COMPILED else None,
        )


WATCH = RegisterWatch()
timers.WATCHED[DailyRegister.history_kind] = WATCH


def tell(register: DailyRegister, people: list[int], kind: str, now: datetime, *, but: int | None) -> None:
    """A message about a register."""
    chosen = [person for person in people if person != but]
    inbox.tell(chosen, kind, register, now=now, address=WATCH.address(register), clause="RC-17")


def desk() -> list[int]:
    """Everybody of the front desk; without one the general office."""
    staff = reference.staff()
    return staff.with_role(Role.DESK) or staff.with_role(Role.OFFICE)


def about(viewer: Viewer, register_ids: Collection[int]) -> dict[int, str]:
    """The days of these registers, for an inbox."""
    if not sees_all(viewer):
        return {}
    days = sa.select(DailyRegister.id, DailyRegister.day).where(DailyRegister.id.in_(register_ids))
    return {row.id: row.day for row in db.session.execute(days)}


inbox.ABOUT[DailyRegister.history_kind] = about
