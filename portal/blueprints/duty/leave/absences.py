"""Who was away from a shift without leave: recorded by the head, or by the portal where it is certain (DR-04)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.leave import watch
from portal.blueprints.duty.leave.models import Absence, Leave
from portal.blueprints.duty.rosters import changes
from portal.blueprints.duty.rosters.models import Shift
from portal.kernel import clock, history, numbers
from portal.kernel.db import db
from portal.kernel.people import Person
from portal.kernel.workflow import Reason, Refused


def record(
    shift: Shift,
    person_id: int,
    *,
    since: datetime,
    until: datetime,
    by: int | None,
    now: datetime,
    note: str = "",
) -> Absence | None:
    """DR-04: somebody was away from a shift; None when that was recorded before. Inside a write."""
    number = numbers.take("QG", now)
    before = sa.select(Absence.id).where(Absence.shift_id == shift.id, Absence.person_id == person_id)
    if db.session.scalar(before) is not None:
        return None
    made = Absence(
        number=number, shift_id=shift.id, person_id=person_id, since=max(since, shift.starts_at),
        until=min(until, shift.ends_at), recorded_by_id=by, at=now, note=note,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    details = {"person": person_id, "since": made.since, "until": made.until, "shift": shift.id}
    history.record(made, "absence:record", by=by, now=now, clause="DR-04", words={"note": note}, **details)
    span = f"{made.number} {clock.local(made.since):%Y-%m-%d %H:%M} – {clock.local(made.until):%H:%M}"
    person = db.session.get_one(Person, person_id)
    history.record(person, "person:absence", by=by, now=now, clause="DR-04", words={"note": span})
    watch.tell_absent(made, now)
    return made


def by_head(
    shift: Shift, person_id: int, *, since: datetime, until: datetime, by: int, now: datetime, note: str
) -> Absence:
    """DR-04: the head records what nobody else can know. Raises Refused. Inside a write."""
    made = record(shift, person_id, since=since, until=until, by=by, now=now, note=note)
    if made is None:
        raise Refused([Reason("DR-04", "absence_recorded")])
    return made


def of_leave(leave: Leave, now: datetime) -> None:
    """DR-04: a leave that ends without approval, and its person had left: that much is certain, and recorded.

    The person, a substitute or the head said that the post was left, at a time, and nobody gave leave for it. What
    nobody said is not recorded here: a leave that lapsed says nothing of whether its person stayed. Inside a write.
    """
    if leave.left_at is None:
        return
    for shift in changes.shifts_between(leave.person_id, leave.left_at, leave.ends_at):
        if shift.starts_at <= now:
            record(shift, leave.person_id, since=leave.left_at, until=leave.ends_at, by=None, now=now)
