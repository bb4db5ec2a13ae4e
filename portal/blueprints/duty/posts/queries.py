"""Posts and kinds of shifts as pages show them, and who is on duty by the published rosters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.posts.models import Need, Post, Qualification, ShiftKind
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel.db import db


def posts() -> Sequence[Post]:
    """Every post, in the office's order."""
    return db.session.scalars(sa.select(Post).order_by(Post.order, Post.id)).all()


def kinds() -> Sequence[ShiftKind]:
    """Every kind of shift, in the office's order."""
    return db.session.scalars(sa.select(ShiftKind).order_by(ShiftKind.order, ShiftKind.id)).all()


def post(code: str) -> Post:
    """The post of that code; NotFound otherwise."""
    found = db.session.scalars(sa.select(Post).where(Post.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found


def kind(code: str) -> ShiftKind:
    """The kind of shift of that code; NotFound otherwise."""
    found = db.session.scalars(sa.select(ShiftKind).where(ShiftKind.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found


def needs_of(post_id: int) -> Sequence[Need]:
    """How many a post needs, by kind of shift and of day."""
    return db.session.scalars(sa.select(Need).where(Need.post_id == post_id).order_by(Need.id)).all()


def qualified(post_id: int) -> Sequence[Qualification]:
    """Who may take a post."""
    rows = sa.select(Qualification).where(Qualification.post_id == post_id).order_by(Qualification.id)
    return db.session.scalars(rows).all()


@dataclass(frozen=True)
class OnDuty:
    """A shift of a published roster: who has it, from when, until when; `person_id` None is a gap (DR-01)."""

    post_id: int
    kind_id: int
    person_id: int | None
    starts_at: datetime
    ends_at: datetime


def around(now: datetime, until: datetime) -> list[OnDuty]:
    """The shifts of published rosters that run now or begin before `until`, in order of their begin."""
    rows = (
        sa.select(Shift.post_id, Shift.kind_id, Shift.person_id, Shift.starts_at, Shift.ends_at)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(Roster.state != State.DRAFT, Shift.ends_at > now, Shift.starts_at <= until)
    )
    return [OnDuty(*row) for row in db.session.execute(rows.order_by(Shift.starts_at, Shift.id))]
