"""The demo's duty starts at whatever minute somebody starts it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.handover.codes import State
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.posts.models import Post
from portal.demo import duty
from portal.kernel.db import db
from tests import factories
from tests.duty.handover.making import a_desk
from tests.kernel.moments import at


def test_a_case_that_falls_due_between_two_signatures_stops_nobody(app: Flask) -> None:
    """A handover names what falls due within twelve hours (DR-09), and the demo plays it by the minute."""
    desk, number = a_desk(app), factories.a_case(app)
    changes_at = at("Mon 2026-03-02 14:00")
    with app.app_context():
        [pair] = duty._changes(changes_at + timedelta(hours=1))
        soon = {"department": "admin", "due_at": changes_at + timedelta(hours=12, minutes=-2)}
        with db.write():
            db.session.execute(sa.update(Case).where(Case.number == number).values(**soon))
            duty._hand_over(db.session.get_one(Post, desk.post), *pair, 2)
        assert db.session.scalars(sa.select(Handover.state)).one() is State.SIGNED
