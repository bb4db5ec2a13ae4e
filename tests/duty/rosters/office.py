"""A small office with two kinds of shifts, its people, and drafts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.posts import actions as posts
from portal.blueprints.duty.posts.codes import DayKind
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.rosters import actions, picture
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.blueprints.duty.rosters.picture import Picture
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.duty.posts.making import a_kind, a_post

# Who takes the front desk; lead.admin and gm are managers.
PEOPLE = ("desk1", "desk2", "emp.admin", "lead.admin", "gm")
LIMITS = {
    "least_week_minutes": 0,
    "most_week_minutes": 44 * 60,
    "least_in_a_row": 1,
    "most_in_a_row": 6,
    "least_days_off": 1,
    "most_weekends": 4,
}


@dataclass(frozen=True)
class Office:
    """The ids of what was made."""

    app: Flask
    post: int
    day: int
    night: int

    def draft(self, first: date, last: date) -> int:
        """A draft by office1; its id."""
        with self.app.app_context():
            with db.write():
                made = actions.begin(first, last, "", by=factories.viewer("office1"), now=clock.now())
            return made.id

    def seen(self, roster_id: int) -> Picture:
        """The roster as the rules see it."""
        with self.app.app_context():
            found = picture.of(db.session.get_one(Roster, roster_id), clock.now())
            assert found.findings is not None
            return found

    def set(self, roster_id: int, person: str, day: date, kind: str = "day") -> None:
        """Give somebody a shift."""
        who = factories.id_of(self.app, person)
        cell = (self.post, self.day if kind == "day" else self.night)
        with self.app.app_context():
            actions.change(roster_id, {(who, day): cell}, by=factories.viewer("office1"), now=clock.now())

    def seats(self, roster_id: int) -> list[Shift]:
        """Every seat, day by day; detached."""
        with self.app.app_context():
            rows = sa.select(Shift).where(Shift.roster_id == roster_id).order_by(Shift.day, Shift.kind_id)
            return list(db.session.scalars(rows))

    def stored(self, roster_id: int) -> Roster:
        """The roster as it is stored; detached."""
        with self.app.app_context():
            return db.session.get_one(Roster, roster_id)


def an_office(app: Flask, people: tuple[str, ...] = PEOPLE, **limits: Any) -> Office:
    """One day shift with one person on every day; a kind of night shift that nobody needs."""
    post = a_post(app)
    day = a_kind(app)
    night = a_kind(app, "night", letter="N", starts="22:00", ends="06:00", name="夜班", name_en="Night")
    with app.app_context():
        office, now = factories.viewer("office1").id, clock.now()
        with db.write():
            needed = {(day, sort): 1 for sort in DayKind}
            posts.need(db.session.get_one(Post, post), needed, by=office, now=now)
            for name in people:
                who = factories.viewer(name).id
                posts.qualify(db.session.get_one(Post, post), who, None, None, by=office, now=now)
                posts.limit(who, None, by=office, now=now, **(LIMITS | limits))
    return Office(app, post, day, night)
