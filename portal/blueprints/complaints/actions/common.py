"""What several verbs do to a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.codes import (
    DealingKind,
)
from portal.blueprints.complaints.models import Case, Dealing
from portal.kernel import timers
from portal.kernel.db import db
from portal.kernel.people import Viewer


def dealing(case: Case, kind: DealingKind, by: Viewer, now: datetime, **fields: Any) -> Dealing:
    row = Dealing(case_id=case.id, kind=kind, round=case.round, at=now, by_id=by.id, **fields)
    db.session.add(row)
    db.session.flush()
    return row


def tell_major(case: Case, now: datetime) -> None:
    """CP-16: the department's head and the general office learn of a major case at once."""
    watch.tell(case, ["lead", "office", "director"], "case:major", now, at_once=True, clause="CP-16")


def keep_promises(case: Case, by: Viewer, now: datetime) -> int:
    """CP-15: whoever speaks to the customer keeps what was promised; how many."""
    kept = queries.open_dealings(case, DealingKind.PROMISE)
    for row in kept:
        row.done_at, row.done_by_id = now, by.id
    return len(kept)


def start_once(case: Case, kind: str, now: datetime) -> None:
    if not timers.running(case, [kind]):
        watch.WATCH.start(case, kind, now)
