"""What a roster waits for, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.rosters import queries
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Pauses, Told


class RosterWatch:
    """The part's answers to the timers: a roster has no limit of its own, only what waits."""

    def load(self, subject_id: int) -> Roster | None:
        return db.session.get(Roster, subject_id)

    def told(self, subject: Roster, audience: str) -> Told:
        return Told([])

    def address(self, subject: Roster) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/rosters/{subject.id}/"

    def start(self, subject: Roster, kind: str, now: datetime) -> None:
        raise LookupError(kind)

    def pauses(self, subject: Roster) -> Pauses:
        return []

    def clocks_moved(self, subject: Roster, now: datetime) -> None:
        """A reason that was given waits for the second person (DR-01, DR-06)."""
        open_ = subject.state is State.DRAFT and subject.discarded_at is None
        waits = open_ and subject.gap_asked_by_id and subject.gap_confirmed_by_id is None
        todos.replace(
            subject,
            [todos.Wanted("confirm-roster", "office")] if waits else [],
            now=now,
            title=f"{subject.starts_on} – {subject.ends_on}",
            address=self.address(subject),
            barred_id=subject.gap_asked_by_id,
        )


WATCH = RosterWatch()
timers.WATCHED[Roster.history_kind] = WATCH


def office(but: int) -> list[int]:
    """Everybody else of the general office."""
    return [person for person in reference.staff().with_role(Role.OFFICE) if person != but]


def tell(roster: Roster, people: Iterable[int], kind: str, now: datetime) -> None:
    """A message about a roster."""
    inbox.tell(people, kind, roster, now=now, address=WATCH.address(roster), clause="DR-01")


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """The days of these rosters, for an inbox; only of those that the viewer may see."""
    shown = sa.select(Roster.id, Roster.starts_on, Roster.ends_on).where(
        Roster.id.in_(ids), queries.visible_to(viewer)
    )
    return {row.id: f"{row.starts_on} – {row.ends_on}" for row in db.session.execute(shown)}


inbox.ABOUT[Roster.history_kind] = about
