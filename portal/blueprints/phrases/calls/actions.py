"""What is done with the notes of a call: kept, made into a record, thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.phrases.calls import rules
from portal.blueprints.phrases.calls.models import CallDraft
from portal.forms import fresh_key
from portal.kernel import policies
from portal.kernel.calls import Call, End, Made
from portal.kernel.db import db, insert
from portal.kernel.people import Viewer


def keep(
    noted: Mapping[str, Any],
    *,
    by: Viewer,
    now: datetime,
    key: str | None = None,
    on_site: bool | None = None,
) -> CallDraft:
    """PG-02: what is noted so far is not lost with the page. Inside a write."""
    empty: dict[str, Any] = dict.fromkeys(rules.FIELDS, "") | {"read_back": False, "on_site": False}
    begun = insert(CallDraft.__table__).values(by_id=by.id, key=key or fresh_key(), updated_at=now, **empty)
    db.session.execute(begun.on_conflict_do_nothing())  # of two pauses in typing at once, one begins it
    draft = db.session.get_one(CallDraft, by.id, with_for_update=True)
    for name, value in noted.items():
        setattr(draft, name, value)
    if on_site is not None:
        draft.on_site = on_site
    draft.updated_at = now
    db.session.flush()
    return draft


def drop(*, by: Viewer) -> None:
    """The call is over and nothing of it is kept. Inside a write."""
    db.session.execute(sa.delete(CallDraft).where(CallDraft.by_id == by.id))


def become(end: End, call: Call, asked: Any, *, by: Viewer, now: datetime, key: str) -> Made:
    """PG-02: the call becomes a record by that area's own action, and its notes go with it. Inside a write."""
    made = end.make(call, asked, by, now, key)
    drop(by=by)
    return made


def throw_away(now: datetime) -> Iterator[str]:
    """RC-20: notes that became nothing go after their hours; yields a line for each person's. Opens its own write."""
    until = rules.last_kept(now, policies.number("calls.draft_hours", now))
    old = CallDraft.updated_at < until
    if db.session.scalar(sa.select(sa.exists().where(old))):
        with db.write():
            gone = list(db.session.scalars(sa.delete(CallDraft).where(old).returning(CallDraft.by_id)))
        yield from (f"call-draft {person} thrown away" for person in sorted(gone))
