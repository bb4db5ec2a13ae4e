"""What the office does to posts and kinds of shifts; each inside a write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.kernel import history
from portal.kernel.db import db


def add(kind: type[Post] | type[ShiftKind], *, by: int, now: datetime, **fields: Any) -> Post | ShiftKind:
    """A new post or kind of shift (DR-01)."""
    made = kind(**fields)
    db.session.add(made)
    db.session.flush()
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
