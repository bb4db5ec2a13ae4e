"""Which checks a page lists, and for whom. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty import heads
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.spot_checks import rules
from portal.blueprints.duty.spot_checks.codes import State
from portal.blueprints.duty.spot_checks.models import DutyCheck, Met, WeekProposal
from portal.kernel import clock, lists
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a check: the heads of its post, and whoever it met."""
    if heads.is_over_all(viewer):
        return sa.true()
    theirs = sa.exists().where(Post.id == DutyCheck.post_id, Post.department.in_(viewer.leads))
    met = sa.exists().where(Met.check_id == DutyCheck.id, Met.person_id == viewer.id)
    return sa.or_(theirs, met)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> DutyCheck:
    """The check of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(DutyCheck).where(DutyCheck.number == number, visible_to(viewer))
    return _one(wanted.with_for_update(of=DutyCheck) if lock else wanted)


def load(check_id: int) -> DutyCheck:
    """The check for the portal's own hands, locked for this write."""
    return _one(sa.select(DutyCheck).where(DutyCheck.id == check_id).with_for_update(of=DutyCheck))


def _one(wanted: sa.Select[DutyCheck]) -> DutyCheck:
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def posts_of(viewer: Viewer) -> list[Any]:
    """The posts that the viewer may check."""
    every = posts.ground().posts.values()
    return [post for post in every if post.active and heads.is_head(viewer, post.department)]


def proposal(viewer: Viewer, day: date) -> WeekProposal | None:
    """The viewer's own proposal of that week; nobody else's (DR-05: unannounced)."""
    ours = sa.and_(WeekProposal.week == rules.week_of(day), WeekProposal.person_id == viewer.id)
    return db.session.scalars(sa.select(WeekProposal).where(ours)).one_or_none()


def proposed_in(week: str) -> set[int]:
    """Who has a proposal for that week already."""
    return set(db.session.scalars(sa.select(WeekProposal.person_id).where(WeekProposal.week == week)))


def rest_of_week(now: datetime) -> list[Any]:
    """The planned shifts from now to the end of Sunday that have not begun."""
    today = clock.local(now).date()
    ends = lists.begins(today, days_later=8 - today.isoweekday())
    return [seats for seats in who.planned(now, ends) if now <= seats.starts_at < ends]


@dataclass(frozen=True)
class DutyCheckList(Listing):
    """The filters of the list."""

    post: str = ""
    open: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> DutyCheckList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(query.get("before")),
            after=lists.number(query.get("after")),
            post=lists.words(query.get("post"), 24),
            open=query.get("open") == "1",
        )

    def rows(self, most: int) -> Sequence[DutyCheck]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(DutyCheck).where(visible_to(self.viewer))
        if self.post:
            wanted = wanted.where(DutyCheck.post.has(Post.code == self.post))
        if self.open:
            wanted = wanted.where(DutyCheck.state == State.OPEN)
        return db.session.scalars(self.placed(wanted, DutyCheck.__table__.c.id).limit(most)).all()

    def page(self) -> tuple[list[DutyCheck], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))
