"""What is due about appointments by the calendar alone: who did not come (RC-19), who comes soon (RC-07)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception import actions, watch
from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Visit
from portal.kernel import history, inbox, timers
from portal.kernel.db import db
from portal.kernel.people import PORTAL
from portal.kernel.workflow import Refused

EXPECTED = (Visit.state == State.EXPECTED, Visit.booked)


def mark_no_shows(now: datetime) -> Iterator[str]:
    """RC-19: whoever has not come within the set time is marked so, and the place is free.

    Each visit is a write of its own; of two workers the second finds the visit no longer expected.
    """
    since = now - actions.no_show_after(now)
    over = sa.select(Visit.id).where(*EXPECTED, Visit.starts_at <= since).order_by(Visit.starts_at, Visit.id)
    for visit_id in list(db.session.scalars(over)):
        with db.write():
            number = _mark(visit_id, now)
        if number:
            yield f"{number}\tvisit\tdid not come, the place is free (RC-19)"


def _mark(visit_id: int, now: datetime) -> str:
    """The number of the visit that was marked; empty when somebody was faster or it was moved meanwhile."""
    locked = sa.select(Visit).where(Visit.id == visit_id, *EXPECTED).with_for_update()
    visit = db.session.scalars(locked).one_or_none()
    if visit is None:
        return ""
    try:
        actions.perform(visit, "no-show", by=PORTAL, now=now)
    except Refused:  # it was moved since it was read
        return ""
    return visit.number


def warn_hosts(now: datetime) -> Iterator[str]:
    """RC-07: shortly before the visit begins, hosts and business staff are warned, once for each time it is set for.

    Of the categories whose hosts receive on arrival. At any hour: somebody is about to stand there.
    """
    warned = [c for c in Category if rule_for(c, now).tells_before_seating()]
    soon = sa.select(Visit.id).where(
        *EXPECTED,
        Visit.category.in_(warned),
        Visit.warned_at.is_(None),
        Visit.starts_at > now,
        Visit.starts_at <= now + actions.warned_before(now),
    )
    for visit_id in list(db.session.scalars(soon.order_by(Visit.starts_at, Visit.id))):
        with db.write():
            number = _warn(visit_id, now)
        if number:
            yield f"{number}\tvisit\thosts warned that it begins (RC-07)"


def _warn(visit_id: int, now: datetime) -> str:
    """The number of the visit whose hosts were warned; empty when another worker did it."""
    # By the table, not by the object: no edit that somebody has open becomes stale by it.
    mine = sa.update(Visit.__table__).where(  # type: ignore[arg-type]  # it is a table
        Visit.id == visit_id, Visit.warned_at.is_(None), *EXPECTED
    )
    if db.session.connection().execute(mine.values(warned_at=now)).rowcount == 0:
        return ""
    visit = db.session.get_one(Visit, visit_id)
    told = [watch.WATCH.told(visit, audience).people for audience in ("handler", *watch.hosts_of(visit, now))]
    people = list(dict.fromkeys(person for some in told for person in some))
    inbox.tell(people, "visit:soon", visit, now=now, address=watch.WATCH.address(visit), urgent=True)
    history.record(visit, "visit:warned", by=None, now=now, clause="RC-07", told=people)
    return visit.number


timers.BY_CALENDAR.extend((mark_no_shows, warn_hosts))
