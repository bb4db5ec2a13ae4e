"""The demo's daily registers: older days archived, with one signed correction; the last one waits for the review.

Takes whatever visits there are; a day with somebody still here, or without visits, is left to the sweep.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.register import actions, queries, watch
from portal.blueprints.reception.register.codes import Field
from portal.kernel import clock, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role


def load(now: datetime) -> None:
    """Play the registers of the past days: compiled by the desk in the evening, reviewed, archived the next morning."""
    today = clock.local(now).date().isoformat()
    with_visits = sa.select(Visit.day).where(Visit.day < today).distinct().order_by(Visit.day)
    days = [day for day in db.session.scalars(with_visits) if queries.register_of(day) is None]
    desk, superiors = reference.staff().with_role(Role.DESK), watch.superiors()
    if not desk or not superiors:
        return
    by, lead = sessions.person_as_viewer(desk[0]), sessions.person_as_viewer(superiors[0])
    last = days[-1] if days else ""
    for day in days:
        _play(day, by, lead, now, to_the_end=day != last)
    _correct(days, by, now)


def _play(day: str, by: Viewer, lead: Viewer, now: datetime, *, to_the_end: bool) -> None:
    ends = datetime.fromisoformat(f"{day}T17:20").replace(tzinfo=clock.zone())
    actions.act(day, "compile", by=by, now=min(ends, now))
    if not to_the_end or queries.still_open(queries.entries(day)):
        return
    actions.act(day, "review", by=lead, now=min(ends + timedelta(minutes=20), now))
    actions.act(day, "archive", by=by, now=min(ends + timedelta(hours=15, minutes=30), now))


def _correct(days: list[str], by: Viewer, now: datetime) -> None:
    """One entry turned out to be wrong after it was locked."""
    locked = sa.and_(Visit.day.in_(days), Visit.state == VisitState.ARCHIVED, Visit.company != "")
    visit = db.session.scalars(
        sa.select(Visit).where(locked).order_by(Visit.id.desc()).limit(1)
    ).one_or_none()
    if visit is not None:
        day, number, company = visit.day, visit.number, visit.company
        db.session.rollback()
        actions.correct(
            day,
            number,
            by=by,
            now=now,
            field=Field.COMPANY,
            stood=company,
            should_be=f"{company}（苏州分公司）",
            reason="访客来电说明，登记的是总公司名称。",
            idempotency_key=None,
        )
