"""What a pass means for the sessions whose effect the quiz tests (GO-02)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.phrases.training import watch
from portal.blueprints.phrases.training.models import Invited, Training
from portal.kernel.db import db


def passed(quiz_id: int, person_id: int, now: datetime) -> None:
    """The sessions with this quiz that the person was at are done with for them. Inside a write."""
    ours = sa.exists().where(Invited.session_id == Training.id, Invited.person_id == person_id)
    wanted = sa.select(Training).where(Training.quiz_id == quiz_id, ours).order_by(Training.id)
    for session in db.session.scalars(wanted.with_for_update(of=Training)).all():
        row = session.of(person_id)
        if row is not None and row.passed_at is None:
            row.passed_at = now
            watch.SESSIONS.clocks_moved(session, now)
