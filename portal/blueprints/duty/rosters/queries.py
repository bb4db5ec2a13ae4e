"""Which rosters somebody sees, a roster's solving, the own wishes and shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import DutyFeed, Roster, Shift, Solve, Wish
from portal.kernel.db import db
from portal.kernel.jobs import Job, Standing
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sessions import digest

MOST = 60  # rosters of the list: five years of months
JOB = "solve"  # the kind of job


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Drafts are the general office's, unless they were discarded; what is published is everybody's."""
    kept = Roster.discarded_at.is_(None)
    return kept if viewer.may(May.PLAN_DUTY) else sa.and_(kept, Roster.state != State.DRAFT)


def rosters(viewer: Viewer) -> Sequence[Roster]:
    """The rosters, the newest first."""
    rows = sa.select(Roster).where(visible_to(viewer)).order_by(Roster.starts_on.desc(), Roster.id.desc())
    return db.session.scalars(rows.limit(MOST)).all()


def find(viewer: Viewer, roster_id: int, *, lock: bool = False) -> Roster:
    """The roster, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Roster).where(Roster.id == roster_id, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def draft_of(first: date, last: date) -> Roster | None:
    """A draft of exactly these days."""
    ours = sa.and_(Roster.state == State.DRAFT, Roster.starts_on == first, Roster.ends_on == last)
    kept = Roster.discarded_at.is_(None)
    return db.session.scalars(sa.select(Roster).where(ours, kept).limit(1)).one_or_none()


def solve_of(roster_id: int) -> tuple[Solve | None, bool]:
    """The last solving of a roster, and whether a worker still is at it; one statement."""
    job = sa.and_(Job.kind == JOB, Job.key == sa.cast(Solve.id, sa.String))
    rows = sa.select(Solve, Job.standing).outerjoin(Job, job).where(Solve.id == roster_id)
    found = db.session.execute(rows).one_or_none()
    if found is None:
        return None, False
    return found[0], not found[0].outcome and found[1] is Standing.WAITING


def wishes_of(person_id: int, since: date) -> Sequence[Wish]:
    """Somebody's wishes from a day on."""
    rows = sa.select(Wish).where(Wish.person_id == person_id, Wish.day >= since).order_by(Wish.day)
    return db.session.scalars(rows).all()


def shifts_of(person_id: int, since: datetime) -> Sequence[Any]:
    """Somebody's shifts in published rosters from a moment on, the first first."""
    rows = (
        sa.select(Shift.id, Shift.post_id, Shift.kind_id, Shift.starts_at, Shift.ends_at, Shift.version)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(Roster.state != State.DRAFT, Shift.person_id == person_id, Shift.ends_at >= since)
    )
    return db.session.execute(rows.order_by(Shift.starts_at)).all()


def shifts_from(viewer: Viewer, first: date) -> Sequence[Any]:
    """Every seat from a day on, of the rosters that the viewer sees, the first first."""
    rows = (
        sa.select(Shift.post_id, Shift.kind_id, Shift.person_id, Shift.starts_at, Shift.ends_at)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(visible_to(viewer), Shift.day >= first)
    )
    return db.session.execute(rows.order_by(Shift.day, Shift.starts_at, Shift.id)).all()


def feed_owner(key: str) -> int | None:
    """Whose calendar reads under that secret."""
    return db.session.scalar(sa.select(DutyFeed.id).where(DutyFeed.key == digest(key)))
