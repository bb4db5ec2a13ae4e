"""What the office does to posts and kinds of shifts; each inside a write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.blueprints.duty.posts.codes import DayKind
from portal.blueprints.duty.posts.models import DutyDay, Need, Post, Qualification, ShiftKind, WorkLimits
from portal.kernel import history, reference
from portal.kernel.db import db

OVER = 30  # what one more than needed costs: more than evening out a weekend or holiday brings


def add(kind: type[Post] | type[ShiftKind], *, by: int, now: datetime, **fields: Any) -> Post | ShiftKind:
    """A new post or kind of shift (DR-01)."""
    made = kind(**fields)
    db.session.add(made)
    db.session.flush()
    reference.changed()
    history.record(made, f"{made.history_kind}:create", by=by, now=now, clause="DR-01", code=made.code)
    return made


def edit(thing: Post | ShiftKind, *, by: int, now: datetime, **fields: Any) -> None:
    """Other names, times or order; the code stays. Nothing is written where nothing changed."""
    changed = [name for name, value in fields.items() if getattr(thing, name) != value]
    if not changed:
        return
    was = {f"was {name}": str(getattr(thing, name)) for name in changed}
    for name in changed:
        setattr(thing, name, fields[name])
    reference.changed()
    history.record(
        thing,
        f"{thing.history_kind}:edit",
        by=by,
        now=now,
        clause="DR-01",
        code=thing.code,
        fields=changed,
        words=was,
    )


def need(post: Post, wanted: Mapping[tuple[int, DayKind], int], *, by: int, now: datetime) -> None:
    """DR-01: how many people a post needs, by kind of shift and of day; what is 0 or left out is not needed."""
    rows = db.session.scalars(sa.select(Need).where(Need.post_id == post.id))
    there = {(row.kind_id, row.day_kind): row for row in rows}
    changed = False
    for (kind_id, day_kind), people in wanted.items():
        row = there.get((kind_id, day_kind))
        if (row.people if row else 0) == people:
            continue
        changed = True
        if row is None:
            made = Need(post_id=post.id, kind_id=kind_id, day_kind=day_kind, people=people, over_weight=OVER)
            db.session.add(made)
        elif people:
            row.people = people
        else:
            db.session.delete(row)
    if changed:
        flag_modified(post, "order")  # a form that was drawn before is stale now
        reference.changed()
        told = {f"{kind}/{day}": number for (kind, day), number in wanted.items() if number}
        history.record(post, "post:needs", by=by, now=now, clause="DR-01", code=post.code, needs=told)


def qualify(
    post: Post, person_id: int, since: date | None, until: date | None, *, by: int, now: datetime
) -> None:
    """DR-21: somebody may take a post, from a day on, until a day."""
    ours = sa.and_(Qualification.post_id == post.id, Qualification.person_id == person_id)
    row = db.session.scalars(sa.select(Qualification).where(ours)).one_or_none()
    if row is None:
        row = Qualification(post_id=post.id, person_id=person_id)
        db.session.add(row)
    row.since, row.until = since, until
    reference.changed()
    days: dict[str, Any] = {"since": str(since or ""), "until": str(until or "")}
    history.record(
        post, "post:qualify", by=by, now=now, clause="DR-21", code=post.code, person=person_id, **days
    )


def limit(person_id: int, row: WorkLimits | None, *, by: int, now: datetime, **fields: Any) -> None:
    """DR-21: how long somebody may work; with a first row they are rostered."""
    if row is None:
        row = WorkLimits(id=person_id)
        db.session.add(row)
    for name, value in fields.items():
        setattr(row, name, value)
    reference.changed()
    told = {name: str(value) for name, value in fields.items() if value is not None}
    history.record(row, "work_limits:set", by=by, now=now, clause="DR-21", person=person_id, limits=told)


def mark(day: date, reason: str, *, by: int, now: datetime) -> None:
    """DR-06: a day becomes special, or gets another reason."""
    row = db.session.scalars(sa.select(DutyDay).where(DutyDay.day == day)).one_or_none()
    if row is None:
        row = DutyDay(day=day)
        db.session.add(row)
    row.reason, row.by_id, row.at = reason, by, now
    reference.changed()
    history.record(
        row, "duty_day:mark", by=by, now=now, clause="DR-06", day=str(day), words={"reason": reason}
    )


def unmark(row: DutyDay, *, by: int, now: datetime) -> None:
    """DR-06: a day is like any other again."""
    history.record(row, "duty_day:unmark", by=by, now=now, clause="DR-06", day=str(row.day))
    db.session.delete(row)
    reference.changed()
