"""What is done with a roster: begin one, change its cells, confirm, publish, close; wishes; calendars."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import worker
from portal.blueprints.duty.posts.rules import span
from portal.blueprints.duty.rosters import picture, queries, watch
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import DutyFeed, Roster, Shift, Solve, Wish
from portal.blueprints.duty.rosters.picture import Picture, Place
from portal.blueprints.duty.rosters.problem import Cell, Change
from portal.blueprints.duty.rosters.rules import Broken, after, against
from portal.blueprints.duty.rosters.workflow import (
    CLOSE,
    CONFIRM,
    DISCARD,
    EXPLAIN,
    PUBLISH,
    ROSTER,
    SOLVE,
    STOP,
)
from portal.kernel import clock, history, jobs, numbers, transitions
from portal.kernel.db import db
from portal.kernel.guards_in_database import ROSTERED
from portal.kernel.people import Viewer
from portal.kernel.sessions import digest
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Reason, Refused


def begin(first: date, last: date, note: str, *, by: Viewer, now: datetime) -> Roster:
    """DR-01: a draft whose seats follow from what the posts need on each day. Inside a write."""
    made = Roster(
        number=numbers.take("PB", now),
        starts_on=first,
        ends_on=last,
        state=State.DRAFT,
        state_since=now,
        note=note,
        created_at=now,
        created_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    days: dict[str, Any] = {"starts": str(first), "ends": str(last)}
    history.record(made, "roster:begin", by=by.id, now=now, clause="DR-01", **days)
    _lay(made, picture.of(made, now), {})
    return made


def change(
    roster_id: int,
    wanted: Change,
    *,
    by: Viewer,
    now: datetime,
    pinned: bool = False,
    was: Change | None = None,
    clean: bool = False,
    pins_stay: bool = False,
) -> tuple[Roster, list[Broken]]:
    """Other shifts for some people; the roster, and what the change breaks (DR-21).

    `was` is what the page showed in some of the cells: StaleDataError when one holds something else by now.
    `clean` refuses what breaks a rule, as a proposal must not; `pins_stay` refuses to touch what is pinned.
    Otherwise who changes a pinned cell does so knowingly.
    """
    with db.write():
        roster, seen = _draft(roster_id, by, now)
        return roster, _change(roster, seen, wanted, by, now, pinned, was, clean, pins_stay)


def move(
    roster_id: int, one: Place, other: Place, *, by: Viewer, now: datetime, was: Change | None = None
) -> tuple[Roster, list[Broken]]:
    """A shift to another cell; what is in that cell comes in its place (DR-21). Pinned ones stay where they are."""
    with db.write():
        roster, seen = _draft(roster_id, by, now)
        if one == other or one not in seen.cells:
            raise Refused([Reason("DR-21", "nothing_to_move")])
        wanted: Change = {other: seen.cells[one], one: seen.cells.get(other)}
        return roster, _change(roster, seen, wanted, by, now, was=was, pins_stay=True)


def _draft(roster_id: int, by: Viewer, now: datetime) -> tuple[Roster, Picture]:
    """A roster that may be changed by hand now, and its picture; Refused otherwise. Inside a write."""
    roster = queries.find(by, roster_id, lock=True)
    if roster.state is not State.DRAFT:
        raise Refused([Reason("DR-21", "wrong_state", {"state": roster.state})])
    if queries.solve_of(roster_id)[1]:
        raise Refused([Reason("DR-01", "being_solved")])
    return roster, picture.of(roster, now)


def _change(
    roster: Roster,
    seen: Picture,
    wanted: Change,
    by: Viewer,
    now: datetime,
    pinned: bool = False,
    was: Change | None = None,
    clean: bool = False,
    pins_stay: bool = False,
) -> list[Broken]:
    if any(seen.cells.get(place) != cell for place, cell in (was or {}).items()):
        raise StaleDataError
    if any(day in seen.problem.past for _, day in wanted):
        raise Refused([Reason("DR-01", "day_is_past")])
    if pins_stay and any(map(seen.pinned, wanted)):
        raise Refused([Reason("DR-01", "pinned_stays")])
    pins = {place: cell for place, cell in seen.problem.pinned.items() if place not in wanted}
    broken = against(replace(seen.problem, pinned=pins), seen.cells, wanted)
    if clean and broken:
        raise Refused([Reason("DR-21", "proposal_outdated")])
    first = next(iter(wanted))
    off = {place for place in roster.days_off if place not in wanted}
    if pinned and wanted[first] is None:
        off.add((int(first[0]), first[1]))
    roster.days_off = frozenset(off)
    _lay(roster, seen, after(seen.cells, wanted), {first: pinned} if wanted[first] else {})
    cells = [[who, str(day), *(cell or ())] for (who, day), cell in wanted.items()]
    history.record(roster, "roster:change", by=by.id, now=now, clause="DR-21", cells=cells)
    return broken


def lay(roster: Roster, seen: Picture, cells: Mapping[Any, Cell]) -> None:
    """The shifts as the solver wants them. Inside a write."""
    _lay(roster, seen, cells)


def _lay(
    roster: Roster, seen: Picture, cells: Mapping[Any, Cell], pins: Mapping[Any, bool] | None = None
) -> None:
    """Make people and seats be exactly these: as many seats as are needed or taken, the others gaps."""
    rows = db.session.scalars(sa.select(Shift).where(Shift.roster_id == roster.id).order_by(Shift.id)).all()
    left: dict[Place, Any] = dict(cells)
    free: dict[tuple[date, Any], list[Shift]] = defaultdict(list)
    for row in rows:
        place, there = (row.person_id, row.day), (row.post_id, row.kind_id)
        if row.person_id is not None and left.get(place) == there:
            del left[place]
        else:
            row.person_id, row.pinned = None, False
            free[row.day, there].append(row)
    db.session.flush()  # nobody has two shifts on a day on the way
    for (who, day), cell in left.items():
        seats = free[day, cell]
        seat = seats.pop(0) if seats else _seat(roster, seen, day, cell)
        seat.person_id = who
    needed = {(each.day, (each.post, each.kind)): each.people for each in seen.problem.demands}
    taken: dict[tuple[date, Cell], int] = defaultdict(int)
    for (_, day), cell in cells.items():
        taken[day, cell] += 1
    for where in {*needed, *free}:
        if where[0] in seen.problem.past:
            continue
        seats = free[where]
        missing = max(needed.get(where, 0) - taken[where], 0) - len(seats)
        for _n in range(missing):
            _seat(roster, seen, *where)
        for seat in seats[missing:] if missing < 0 else ():
            db.session.delete(seat)
    db.session.flush()
    for (who, day), pinned in (pins or {}).items():
        ours = sa.and_(Shift.roster_id == roster.id, Shift.person_id == who, Shift.day == day)
        db.session.scalars(sa.select(Shift).where(ours)).one().pinned = pinned


def _seat(roster: Roster, seen: Picture, day: date, cell: Any) -> Shift:
    kind = seen.ground.kinds[cell[1]]
    begins, ends = span(day, kind.starts, kind.ends, clock.zone())
    made = Shift(
        roster_id=roster.id, post_id=cell[0], kind_id=cell[1], day=day, starts_at=begins, ends_at=ends
    )
    db.session.add(made)
    return made


# -- the verbs ----------------------------------------------------------------------------------------------------


def act(roster_id: int, verb: str, *, by: Viewer, now: datetime, **given: Any) -> Roster:
    """One verb of the table, from looking the roster up to the commit."""
    with db.write():
        roster = queries.find(by, roster_id, lock=True)
        seen = picture.of(roster, now)
        facts = {
            "seen": seen,
            "findings": seen.findings,
            "solving": queries.solve_of(roster_id)[1],
            "today": clock.local(now).date(),
        }
        try:
            transitions.perform(ROSTER, roster, verb, ACTIONS[verb], by=by, now=now, **facts, **given)
            db.session.flush()
        except IntegrityError as error:
            if ROSTERED in str(error.orig) or "ex_rosters_one_at_a_time" in str(error.orig):
                raise Refused([Reason("DR-01", "days_taken")]) from error
            raise
    return roster


def solve(roster: Roster, *, by: Viewer, now: datetime, seconds: int | None, **_: Any) -> Effect:
    """DR-01: have the worker look for the best roster."""
    row = db.session.get(Solve, roster.id) or Solve(id=roster.id)
    row.asked_at, row.seconds = now, seconds or SECONDS
    row.objective = row.bound = None
    row.spent, row.outcome, row.conflicts = 0, "", "[]"
    db.session.add(row)
    jobs.ask(queries.JOB, str(roster.id), by=by.id, now=now, again=True, roster=roster.id)
    db.afterwards(worker.wake)
    return Effect({"seconds": row.seconds})


def stop(roster: Roster, **_: Any) -> Effect:
    """DR-01: the best roster found so far is enough."""
    jobs.stop(queries.JOB, str(roster.id))
    return Effect()


def explain(roster: Roster, *, by: Viewer, now: datetime, findings: Any, reason: str, **_: Any) -> Effect:
    """DR-01, DR-06: why it has to be published with a gap; somebody else of the office confirms it."""
    roster.gap_reason, roster.gap_asked_by_id, roster.gap_confirmed_by_id = reason, by.id, None
    roster.gap_digest = findings.digest
    watch.tell(roster, watch.office(but=by.id), "roster:explain", now)
    return Effect({"clauses": findings.missing}, {"reason": reason})


def confirm(roster: Roster, *, by: Viewer, findings: Any, **_: Any) -> Effect:
    """DR-01, DR-06: a second person of the office agrees to these gaps."""
    roster.gap_confirmed_by_id = by.id
    return Effect({"clauses": findings.missing})


def publish(roster: Roster, *, by: Viewer, now: datetime, seen: Picture, **_: Any) -> Effect:
    """DR-01: from now on it counts; everybody on it is told."""
    _lay(roster, seen, seen.cells)
    roster.published_at, roster.published_by_id = now, by.id
    watch.tell(roster, sorted({who for who, _day in seen.cells}), "roster:published", now)
    return Effect({"clauses": seen.findings.missing} if seen.findings.missing else {})


def discard(roster: Roster, *, now: datetime, reason: str, **_: Any) -> Effect:
    """DR-01: a mistaken draft is out of sight; its number and history stay."""
    roster.discarded_at = now
    return Effect({}, {"reason": reason} if reason else {})


def close(_roster: Roster, **_: Any) -> Effect:
    """DR-01: its days are over."""
    return Effect()


SECONDS = 30
ACTIONS: dict[str, Action] = {
    SOLVE: solve, STOP: stop, EXPLAIN: explain, CONFIRM: confirm, PUBLISH: publish, CLOSE: close,
    DISCARD: discard,
}  # fmt: skip


# -- what people do for themselves --------------------------------------------------------------------------------


def wish(person_id: int, day: date, kind_id: int | None, wanted: bool) -> None:
    """What somebody wishes for a day; a second wish replaces the first. Inside a write."""
    ours = sa.and_(Wish.person_id == person_id, Wish.day == day)
    row = db.session.scalars(sa.select(Wish).where(ours)).one_or_none() or Wish(person_id=person_id, day=day)
    row.kind_id, row.wanted = kind_id, wanted
    db.session.add(row)


def drop_wish(person_id: int, day: date) -> None:
    """No wish for that day any more. Inside a write."""
    db.session.execute(sa.delete(Wish).where(Wish.person_id == person_id, Wish.day == day))


def new_feed(person_id: int, now: datetime) -> str:
    """A new secret for somebody's calendar; the one before is worth nothing any more. Inside a write."""
    key = secrets.token_urlsafe(32)
    row = db.session.get(DutyFeed, person_id) or DutyFeed(id=person_id)
    row.key, row.made_at = digest(key), now
    db.session.add(row)
    return key
