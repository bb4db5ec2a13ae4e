"""What waits for whom around a swap, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.leave.watch import who_decides
from portal.blueprints.duty.rosters.page import shift_words
from portal.blueprints.duty.swaps import queries
from portal.blueprints.duty.swaps.codes import State
from portal.blueprints.duty.swaps.models import Swap
from portal.drawing import name_of
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.timers import Pauses, Told
from portal.kernel.todos import Wanted


class SwapWatch:
    """The part's answers to the timers: a swap has no limit of its own, only what waits until the shift begins."""

    def load(self, subject_id: int) -> Swap | None:
        """The swap, locked for this write."""
        return queries.load(subject_id)

    def told(self, subject: Swap, audience: str) -> Told:
        """No step of a ladder reaches anybody."""
        return Told([])

    def address(self, subject: Swap) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/swaps/{subject.id}/"

    def start(self, subject: Swap, kind: str, now: datetime) -> None:
        """A swap has no clock."""
        raise LookupError(kind)

    def pauses(self, subject: Swap) -> Pauses:
        """Nothing stands still."""
        return []

    def clocks_moved(self, subject: Swap, now: datetime) -> None:
        """Put up whose turn it is: who was named, then the head."""
        wanted = []
        if subject.state is State.OFFERED and subject.to_id is not None:
            wanted = [Wanted("take-swap", f"person:{subject.to_id}", subject.lapses_at)]
        elif subject.state is State.TAKEN:
            wanted = [Wanted("approve-swap", _deciders(subject)[0], subject.lapses_at)]
        # Of the two who may not decide it, the one who would otherwise find it on the own day: a head of the department.
        leads = reference.staff().leads_of(subject.department)
        both = [subject.giver_id, subject.taker_id]
        barred = next((party for party in both if party in leads), subject.giver_id)
        barred = barred if subject.state is State.TAKEN else None
        title, address = title_of(subject), self.address(subject)
        todos.replace(
            subject, wanted, now=now, title=title, address=address, urgent=subject.at_once, barred_id=barred
        )


WATCH = SwapWatch()
timers.WATCHED[Swap.history_kind] = WATCH


def _deciders(swap: Swap) -> tuple[str, list[int]]:
    return who_decides(swap.department, {i for i in (swap.giver_id, swap.asked_by_id, swap.taker_id) if i})


def heads(swap: Swap) -> list[int]:
    """Who decides it."""
    return _deciders(swap)[1]


def givers(swap: Swap) -> list[int]:
    """Who gives it, and who offered it."""
    return [person for person in (swap.giver_id, swap.asked_by_id) if person is not None]


def parties(swap: Swap) -> list[int]:
    """Everybody it is between."""
    return givers(swap) + [person for person in (swap.to_id, swap.taker_id) if person is not None]


def title_of(swap: Swap) -> str:
    """Whose shift, and which."""
    name = name_of(swap.giver_id) + " " if swap.giver_id else ""
    return (name + shift_words(swap.shift))[:120]


def tell(
    swap: Swap, people: Iterable[int], kind: str, now: datetime, *, do: str = "", but: int | None = None
) -> None:
    """A message about a swap; `do` is the verb whose form is open where it leads."""
    address = WATCH.address(swap) + (f"?do={do}" if do else "")
    told = [person for person in people if person != but]
    urgent = swap.shift.starts_at <= now
    inbox.tell(told, kind, swap, now=now, address=address, urgent=urgent, clause="DR-21")


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """Which shifts, for an inbox; only of those that the viewer may see."""
    shown = sa.select(Swap).where(Swap.id.in_(ids), queries.visible_to(viewer))
    return {row.id: title_of(row) for row in db.session.scalars(shown)}


inbox.ABOUT[Swap.history_kind] = about
