"""What the checks ask of whom: the clerk's round each working morning, the ready check before a visit (RC-16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from portal.blueprints.reception import places, watch
from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Place, Visit
from portal.blueprints.reception.rooms import queries, rules
from portal.kernel import clock, company_calendar, history, timers, todos
from portal.kernel.db import db
from portal.kernel.todos import Todo

READY, MORNING = "visit-ready", "morning-check"


@dataclass(frozen=True)
class Round:
    """The morning's round as my day knows it: it hangs on the first place and is called by its day."""

    id: int
    number: str
    history_kind: str = Place.history_kind


def waits(visit: Visit, now: datetime) -> Iterable[tuple[str, str]]:
    """The ready check of a visit, for the sides that the matrix names, until somebody has ticked all four points."""
    sides = rule_for(visit.category, now).ready_check
    if not rules.ready_asked(visit, sides) or not rules.ready_due(visit, today(now).isoformat()):
        return
    check = queries.ready_checks([visit.id]).get(visit.id)
    if check is None or check.missing:
        yield from ((READY, watch.audience_of(visit, side)) for side in sides)


watch.WAITS.append(waits)


def today(now: datetime) -> date:
    """The company's day."""
    return clock.local(now).date()


def sweep(now: datetime) -> Iterator[str]:
    """RC-16: in working time, put up the round of the morning and the ready checks of the day."""
    if not company_calendar.current().is_open(now):
        return
    yield from _round(now)
    yield from _ready(now)


def _round(now: datetime) -> Iterator[str]:
    first = next((place for place in places.all_places().values() if place.active), None)
    day = today(now)
    if first is None or _is_up(day) or queries.morning_done(day):
        return
    with db.write():
        history.wait_for_turn()
        if _is_up(day):  # another worker was here
            return
        forget_round()
        audience = watch.clerk()
        todos.replace(
            Round(first.id, day.isoformat()),
            [todos.Wanted(MORNING, audience)],
            now=now,
            title="",
            address="/reception/rooms/morning",
        )
    yield f"{day.isoformat()}\t{MORNING}\tall places -> {audience} (RC-16)"


def _is_up(day: date) -> bool:
    ours = sa.select(Todo.id).where(Todo.kind == MORNING, Todo.number == day.isoformat())
    return db.session.scalar(ours.limit(1)) is not None


def forget_round() -> None:
    """The round is done, or its day is over. Inside a write."""
    db.session.execute(sa.delete(Todo).where(Todo.kind == MORNING))


def _ready(now: datetime) -> Iterator[str]:
    asked = [category for category in Category if rule_for(category, now).ready_check]
    up = sa.exists().where(
        Todo.subject_kind == Visit.history_kind, Todo.subject_id == Visit.id, Todo.kind == READY
    )
    wanted = sa.select(Visit.id).where(
        Visit.day == today(now).isoformat(),
        Visit.state == State.EXPECTED,
        Visit.category.in_(asked),
        Visit.confirmed_at.is_not(None),
        Visit.place_id.is_not(None),
        sa.not_(up),
    )
    ids = list(db.session.scalars(wanted.order_by(Visit.starts_at, Visit.id)))
    done = {visit_id for visit_id, check in queries.ready_checks(ids).items() if not check.missing}
    for visit_id in ids:
        if visit_id in done:
            continue
        with db.write():
            visit = watch.WATCH.load(visit_id)
            wanted_now = list(waits(visit, now)) if visit is not None else []
            if visit is not None and wanted_now:
                watch.put_up(visit, now)
        if visit is not None and wanted_now:
            to = ", ".join(audience for _, audience in wanted_now)
            yield f"{visit.number}\t{READY}\tplace to be made ready -> {to} (RC-16)"


timers.BY_CALENDAR.append(sweep)
