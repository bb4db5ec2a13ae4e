"""What the page of who is on duty and the wall draw: by signed handovers, not by the plan (DR-01, DR-10)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.handover import who
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.posts import queries as posts
from portal.drawing import department_name, name_of
from portal.i18n import called, is_chinese
from portal.kernel import alarms, glance
from portal.kernel.db import db
from portal.kernel.history import Head
from portal.kernel.reference import Reference

AHEAD = timedelta(hours=24)  # how far ahead the next shift of a post is looked for


def board(now: datetime) -> dict[str, Any]:
    """Each post in use: who answers for it, until when, who comes next; what is open; what is in force."""
    ground = posts.ground()
    shifts, there = posts.around(now, now + AHEAD), who.on_duty(now)
    rows: list[dict[str, Any]] = [
        {
            "post": post,
            "name": called(post),
            "running": there.get(post.id, []),
            "gaps": [
                s for s in shifts if s.post_id == post.id and s.starts_at <= now and s.person_id is None
            ],
            "next": _next([s for s in shifts if s.post_id == post.id], there.get(post.id, []), now),
        }
        for post in ground.posts.values()
        if post.active
    ]
    return {
        "rows": rows,
        "counts": glance.counts(now),
        "in_force": alarms.in_force(),
        "kinds": {kind.id: called(kind) for kind in ground.kinds.values()},
        "now": now,
        "name_of": name_of,
        "department_name": department_name,
    }


def _next(shifts: Sequence[Any], running: Sequence[Seats], now: datetime) -> list[Any]:
    """Who comes next: of a post that is not handed over yet, whoever should have taken it (DR-10)."""
    late = [seats.ends_at for seats in running if seats.ends_at <= now]
    since = min(late, default=None)
    return [s for s in shifts if s.starts_at > now or (since is not None and s.starts_at >= since)][:1]


def tag(now: datetime) -> str:
    """Of what the wall shows: moves with every recorded change, the language and the minute; one statement."""
    generation = sa.select(Reference.generation).scalar_subquery()
    pulse, changed = db.session.execute(sa.select(Head.last_id, generation)).one()
    seen = f"wall {pulse} {changed} {is_chinese()} {int(now.timestamp()) // 60}"
    return hashlib.sha256(seen.encode()).hexdigest()[:12]
