"""What is done with a day's register: compiled, reviewed or returned, archived; an entry corrected (RC-17)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import actions as visits
from portal.blueprints.reception import traces
from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.privacy import ERASERS
from portal.blueprints.reception.register import queries, rules, watch
from portal.blueprints.reception.register.codes import Field, State
from portal.blueprints.reception.register.models import Correction, DailyRegister
from portal.blueprints.reception.register.workflow import REGISTER
from portal.blueprints.reception.traces import Keeper
from portal.kernel import clock, history, numbers, policies, timers, transitions
from portal.kernel.db import db, insert
from portal.kernel.people import PORTAL, Viewer
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Refused

MORNING = time(6)  # from then on the portal compiles the day before


def perform(register: DailyRegister, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb inside a write, with what its gates must know."""
    rows = queries.entries(register.day)
    given |= {
        "today": clock.local(now).date().isoformat(),
        "still_open": queries.still_open(rows),
        "digest": queries.digest(register.number, rows),
        "entries": len(rows),
    }
    transitions.perform(REGISTER, register, verb, ACTIONS[verb], by=by, now=now, **given)


def _locked(_by: Viewer, day: str, *, lock: bool) -> DailyRegister:
    return queries.register_of(day, lock=lock) or _begun(day, clock.now())


act = transitions.one_write(_locked, perform)


def _begun(day: str, now: datetime) -> DailyRegister:
    """The register of a day that had none: of two who begin it at once, one does."""
    noon = datetime.combine(date.fromisoformat(day), time(12), clock.zone())
    number = numbers.take("DJ", noon)  # whoever comes second waits here
    row = {"number": number, "day": day, "state": State.OPEN, "state_since": now, "version": 1}
    row |= {"returned_note": "", "digest": "", "figures": ""}
    db.session.execute(insert(DailyRegister).values(**row).on_conflict_do_nothing(index_elements=["day"]))
    found = queries.register_of(day, lock=True)
    if found is None:
        raise LookupError(day)
    return found


def compile_(
    register: DailyRegister, *, by: Viewer, now: datetime, entries: int, still_open: list[str], **_: Any
) -> Effect:
    """RC-17: the day is summed up and goes to the superior; what is still open is counted."""
    register.compiled_at, register.compiled_by_id, register.returned_note = now, by.id, ""
    register.reviewed_at = register.reviewed_by_id = None
    register.digest = ""
    watch.tell(register, watch.superiors(by.id), "daily_register:compiled", now, but=by.id)
    return Effect({"entries": entries, "open": len(still_open) or None})


def review(
    register: DailyRegister, *, by: Viewer, now: datetime, digest: str, note: str = "", **_: Any
) -> Effect:
    """RC-17: the superior has looked at every entry; the digest tells later whether one was changed."""
    register.reviewed_at, register.reviewed_by_id, register.digest = now, by.id, digest
    watch.tell(register, watch.desk(), "daily_register:reviewed", now, but=by.id)
    return Effect({"digest": digest[:16]}, {"note": note})


def return_(register: DailyRegister, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """RC-17: the superior sends it back and says why."""
    register.returned_note = reason
    register.reviewed_at = register.reviewed_by_id = None
    watch.tell(register, watch.desk(), "daily_register:returned", now, but=by.id)
    return Effect({}, {"reason": reason})


def archive(register: DailyRegister, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """RC-17: put away and locked, every entry with it; the figures stay whatever becomes of the visitors."""
    register.figures = json.dumps(queries.figures(None, register.day))
    register.archived_at, register.archived_by_id = now, by.id
    ends = rules.years_later(clock.local(now).date(), policies.number("register.years", now))
    register.keep_until = datetime.combine(ends, time(), clock.zone())
    put_away = queries.finished(register.day)
    for visit in put_away:
        visits.perform(visit, "archive", by=by, now=now, register=register.number)
    return Effect({"entries": len(put_away), "keep_until": register.keep_until})


ACTIONS: dict[str, Action] = {"compile": compile_, "review": review, "return": return_, "archive": archive}


# -- corrections ----------------------------------------------------------------------------------------------------


def correct(
    day: str,
    number: str,
    *,
    by: Viewer,
    now: datetime,
    field: Field,
    stood: str,
    should_be: str,
    reason: str,
    idempotency_key: str | None,
) -> Visit:
    """RC-17: a signed correction beside a locked entry, which stays as it is. The signature was checked before."""
    with db.write():
        visit, register = queries.visit_of(day, number), queries.register_of(day, lock=True)
        against = rules.against_correcting(register.state if register else None, visit.state)
        if against is not None or register is None:
            raise Refused([against] if against else [])
        row = {"register_id": register.id, "visit_id": visit.id, "field": field, "stood": stood}
        row |= {"should_be": should_be, "reason": reason, "by_id": by.id, "at": now}
        new = insert(Correction).values(**row, idempotency_key=idempotency_key)
        once = new.on_conflict_do_nothing(index_elements=["idempotency_key"]).returning(Correction.id)
        if db.session.scalar(once) is not None:
            words = {"stood": stood, "should_be": should_be, "reason": reason}
            history.record(
                visit, "visit:correct", by=by.id, now=now, clause="RC-17", field=field, words=words
            )
            watch.tell(register, watch.superiors(by.id), "daily_register:corrected", now, but=by.id)
    return visit


def erase(visit_id: int) -> None:
    """RC-20: forget what corrections say about a visitor; that there were some stays. Inside a write."""
    ours = sa.update(Correction).where(Correction.visit_id == visit_id)
    db.session.execute(ours.values(stood="", should_be="", reason=""))


ERASERS.append(erase)
traces.KEEPERS.append(
    Keeper(
        key="corrections",
        model=Correction,
        visit=Correction.visit_id,
        there=sa.or_(Correction.stood != "", Correction.should_be != "", Correction.reason != ""),
    )
)


# -- by the calendar ------------------------------------------------------------------------------------------------


def compile_past(now: datetime) -> Iterator[str]:
    """RC-17: in the morning the portal closes what needs nobody and compiles the days that nobody has compiled."""
    if clock.local(now).time() < MORNING:
        return
    today = clock.local(now).date().isoformat()
    for day in queries.uncompiled(today):
        with db.write():
            register = queries.register_of(day, lock=True) or _begun(day, now)
            if register.state is not State.OPEN:  # another worker was faster
                continue
            closed = list(_close(day, now))
            perform(register, "compile", by=PORTAL, now=now)
        yield from closed
        yield f"{register.number}\tdaily_register\tcompiled for {day} (RC-17)"


def _close(day: str, now: datetime) -> Iterator[str]:
    """Who never sat anywhere needs no room check; who was expected did not come. What a gate refuses stays open."""
    for number in queries.closable(day):
        visit = db.session.scalars(sa.select(Visit).where(Visit.number == number).with_for_update()).one()
        verb = "check" if visit.state is VisitState.LEFT else "no-show"
        try:
            visits.perform(visit, verb, by=PORTAL, now=now)
        except Refused:
            continue
        yield f"{number}\tvisit\t{verb} (RC-17)"


timers.BY_CALENDAR.append(compile_past)

__all__ = ["ACTIONS", "act", "compile_past", "correct", "erase", "perform"]
