"""A checklist that is due stands on the own day of whoever is on duty, and is gone with its signature (DR-03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.checklists import queries
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.rules import Due
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.rosters.models import Shift
from portal.kernel import clock, history, timers, todos
from portal.kernel.db import db
from portal.kernel.todos import Todo, Wanted

KINDS = {moment: f"checklist-{moment}" for moment in Moment}
ADDRESS = "/duty/checklists/"
_OURS = sa.and_(Todo.subject_kind == Shift.history_kind, Todo.kind.in_(KINDS.values()))


@dataclass(frozen=True)
class _Shift:
    """A shift as the open matters know it: it has no number, so its day and hour stand for one."""

    id: int
    number: str
    history_kind = Shift.history_kind


def follow(now: datetime) -> Iterator[str]:
    """Put up what has become due, and take down what nobody can sign any more."""
    dues: dict[int, list[Due]] = defaultdict(list)
    for due in queries.open_now(now):
        dues[due.seats.id].append(due)
    there = _there()
    for shift_id in sorted(dues.keys() | there.keys()):
        if _asked(dues[shift_id]) == there.get(shift_id, set()):
            continue
        with db.write():
            history.wait_for_turn()  # of two workers the second finds it done
            signed = queries.signed([shift_id])
            waits = [due for due in dues[shift_id] if due.key not in signed]
            moved = _asked(waits) != _there().get(shift_id, set())
            number = _put_up(shift_id, waits, now) if moved else ""
        if moved:
            yield f"{number}\tchecklists\t{', '.join(due.moment for due in waits) or 'none'} due (DR-03)"


def _there() -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = db.session.execute(sa.select(Todo.subject_id, Todo.kind, Todo.audience).where(_OURS))
    for shift_id, kind, audience in rows:
        found[shift_id].add((kind, audience))
    return found


def _asked(dues: Collection[Due]) -> set[tuple[str, str]]:
    return {(want.kind, want.audience) for want in _wanted(dues)}


def _put_up(shift_id: int, dues: Collection[Due], now: datetime) -> str:
    seats = next((due.seats for due in dues), None)
    number = f"{clock.local(seats.starts_at):%m-%d %H:%M}" if seats else f"shift {shift_id}"
    title = posts.ground().posts[seats.post_id].name if seats else ""
    todos.replace(_Shift(shift_id, number), _wanted(dues), now=now, title=title, address=ADDRESS)
    return number


def _wanted(dues: Collection[Due]) -> list[Wanted]:
    return [
        Wanted(KINDS[due.moment], f"person:{person}", due.due_at, due.opens_at)
        for due in dues
        for person in due.seats.people
    ]


def signed(shift_id: int, moment: Moment) -> None:
    """It is signed: it waits for nobody of the shift any more. Inside a write."""
    db.session.execute(sa.delete(Todo).where(_OURS, Todo.subject_id == shift_id, Todo.kind == KINDS[moment]))


timers.BY_CALENDAR.append(follow)
