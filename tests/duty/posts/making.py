"""Small makers: a post, a kind of shift, a published shift."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask

from portal.blueprints.duty.posts import rules
from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import clock, numbers, reference
from portal.kernel.db import db
from tests import factories


def a_post(app: Flask, code: str = "front-desk", **chosen: Any) -> int:
    """A post of the administration; its id."""
    usual: dict[str, Any] = {"name": "前台", "name_en": "Front desk", "department": "admin", "phone": "8001"}
    return _added(app, Post(code=code, **(usual | chosen)))


def a_kind(app: Flask, code: str = "day", **chosen: Any) -> int:
    """A kind of shift, from 08:30 to 17:30 unless chosen otherwise; its id."""
    usual: dict[str, Any] = {
        "name": "日班",
        "name_en": "Day",
        "letter": "D",
        "starts": "08:30",
        "ends": "17:30",
    }
    return _added(app, ShiftKind(code=code, **(usual | chosen)))


def a_roster(app: Flask, starts_on: date, ends_on: date, state: State = State.PUBLISHED) -> int:
    """A roster without shifts; its id."""
    with app.app_context(), db.write():
        now = clock.now()
        roster = Roster(
            number=numbers.take("PB", now), starts_on=starts_on, ends_on=ends_on, state=state, state_since=now,
            created_at=now, created_by_id=factories.viewer("office1").id,
        )  # fmt: skip
        db.session.add(roster)
        db.session.flush()
        return roster.id


def a_shift(app: Flask, roster_id: int, post_id: int, kind_id: int, day: date, person: str = "") -> int:
    """One seat of the roster, a gap unless somebody is named; its id."""
    with app.app_context():
        kind = db.session.get_one(ShiftKind, kind_id)
        begins, ends = rules.span(day, kind.starts, kind.ends, clock.zone())
        who = factories.viewer(person).id if person else None
    return _added(
        app,
        Shift(
            roster_id=roster_id, post_id=post_id, kind_id=kind_id, day=day, starts_at=begins, ends_at=ends,
            person_id=who,
        ),
    )  # fmt: skip


def _added(app: Flask, thing: Any) -> int:
    with app.app_context(), db.write():
        db.session.add(thing)
        db.session.flush()
        reference.changed()
        found: int = thing.id
        return found
