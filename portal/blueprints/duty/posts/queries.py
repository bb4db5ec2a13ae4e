"""Posts and kinds of shifts as pages show them, and who is on duty by the published rosters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.posts.models import (
    DutyDay,
    Need,
    Post,
    Qualification,
    ShiftKind,
    WorkLimits,
)
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import reference
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


def limits_of(person_id: int) -> WorkLimits | None:
    """How long somebody may work; None for who is not rostered."""
    return db.session.get(WorkLimits, person_id)


@dataclass(frozen=True)
class Ground:
    """What every roster stands on, as rows: read by each of its pages, changed seldom, kept per process."""

    posts: Mapping[int, Any]
    kinds: Mapping[int, Any]
    needs: Sequence[Any]
    qualifications: Sequence[Any]
    limits: Mapping[int, Any]  # by person
    special: Mapping[date, str]  # the days that the office has marked (DR-06), with the reason


def ground() -> Ground:
    """Posts, kinds of shifts, needs, qualifications, working limits and special days as they are now."""
    return reference.kept("duty", _read_ground)


def _read_ground() -> Ground:
    def rows(model: Any, *order: str) -> Sequence[Any]:
        table = model.__table__
        return db.session.execute(sa.select(table).order_by(*(table.c[name] for name in order))).all()

    return Ground(
        posts={row.id: row for row in rows(Post, "sort_order", "id")},
        kinds={row.id: row for row in rows(ShiftKind, "sort_order", "id")},
        needs=rows(Need, "id"),
        qualifications=rows(Qualification, "id"),
        limits={row.person_id: row for row in rows(WorkLimits, "person_id")},
        special={row.day: row.reason for row in rows(DutyDay, "day")},
    )


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
