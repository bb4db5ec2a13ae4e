"""Which checklists are due, to whom; which were signed. Every look-up of a record starts at `visible_to`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty import heads
from portal.blueprints.duty.checklists import rules
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.models import Answer, Checklist, ListVersion, Paper
from portal.blueprints.duty.checklists.rules import Due
from portal.blueprints.duty.checklists.shipped import PAPERS, SHIPPED, Item
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.models import Post
from portal.kernel import lists, policies
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

LONGEST = timedelta(hours=16)  # of a shift: what began earlier is over

# -- what is due ----------------------------------------------------------------------------------------------------


def due_to(person_id: int, now: datetime) -> list[Due]:
    """Every checklist that somebody may sign now, what is due first in front; four statements."""
    return [due for due in open_now(now) if person_id in due.seats.people]


def open_now(now: datetime) -> list[Due]:
    """Every checklist that may be signed now and is not, what is due first in front; four statements."""
    dues = _open(now)
    unsigned = rules.missing(dues, signed({due.seats.id for due in dues}))
    return sorted(unsigned, key=lambda due: (due.due_at, list(Moment).index(due.moment)))


def _open(now: datetime) -> list[Due]:
    """By the signatures, not by the plan: who was not relieved still signs for the post (DR-10)."""
    there = {seats.id: seats for shifts in who.on_duty(now).values() for seats in shifts}
    around = who.planned(now - LONGEST, now + timedelta(days=1))
    every = {seats.id: seats for seats in (*around, *there.values())}
    return [
        due
        for seats in every.values()
        for due in _of_shift(seats, around, now)
        if rules.is_open(due, now, seats.id in there)
    ]


def due(person_id: int, shift_id: int, moment: Moment, now: datetime) -> Due | None:
    """The one checklist of a shift at a moment, if it may be signed now; or could, had nobody signed it."""
    found = (each for each in _open(now) if person_id in each.seats.people and each.key == (shift_id, moment))
    return next(found, None)


def of_day(viewer: Viewer, day: date, now: datetime) -> list[tuple[Due, Any]]:
    """Every checklist of the shifts that begin on a day, at the posts that the viewer heads, with what was signed."""
    begins, ends = lists.begins(day), lists.begins(day, days_later=1)
    shifts = who.planned(begins, ends + timedelta(hours=12))
    ground = posts.ground().posts
    ours = [
        seats
        for seats in shifts
        if begins <= seats.starts_at < ends and heads.is_head(viewer, ground[seats.post_id].department)
    ]
    dues = [each for seats in ours for each in _of_shift(seats, shifts, now)]
    found = signed([seats.id for seats in ours])
    return [(each, found.get(each.key)) for each in dues]


def _of_shift(seats: Seats, shifts: Sequence[Seats], now: datetime) -> list[Due]:
    before = timedelta(minutes=policies.number("handover.opens_before", now))
    department = posts.ground().posts[seats.post_id].department
    return list(rules.of_shift(seats, department, last=rules.closes(seats, shifts), before=before))


def of_shift(seats: Seats, now: datetime) -> list[Due]:
    """The checklists of one shift of the roster."""
    around = who.planned(seats.starts_at, seats.ends_at + timedelta(days=1))
    return _of_shift(seats, around, now)


def signed(shift_ids: Collection[int]) -> dict[tuple[int, Moment], Any]:
    """What was signed of these shifts, by shift and moment: the last correction, where there is one."""
    wanted = sa.select(Checklist).where(Checklist.shift_id.in_(shift_ids)).order_by(Checklist.id)
    return {(row.shift_id, row.moment): row for row in db.session.scalars(wanted)}


def as_marks(shift_id: int) -> sa.Select[Any]:
    """What was signed of a shift, as a handover's page reads it beside the signatures."""
    nothing, side = sa.literal(""), sa.cast(Checklist.moment, sa.String)
    columns: tuple[Any, ...] = (
        Checklist.number, nothing, nothing, side, Checklist.signed_by_id, Checklist.signed_at,
    )  # fmt: skip
    return sa.select(*columns).where(Checklist.shift_id == shift_id)


# -- the office's lists ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What is looked at, and by which version of the office's list."""

    version: int
    items: tuple[Item, ...]


def asked(dues: Collection[tuple[int, Moment]]) -> dict[tuple[int, Moment], Asked]:
    """What is looked at for these posts and moments now; the shipped list is version 1."""
    newest = sa.alias(ListVersion.__table__)
    last = sa.select(sa.func.max(newest.c.version)).where(
        newest.c.post_id == ListVersion.post_id, newest.c.moment == ListVersion.moment
    )
    wanted = sa.select(ListVersion).where(
        ListVersion.post_id.in_({post_id for post_id, _ in dues}),
        ListVersion.version == last.scalar_subquery(),
    )
    rows = {(row.post_id, row.moment): row for row in db.session.scalars(wanted)}
    return {
        key: Asked(rows[key].version, items_of(rows[key])) if key in rows else Asked(1, SHIPPED[key[1]])
        for key in dues
    }


def whole(asked_for: Asked, moment: Moment) -> tuple[Item, ...]:
    """All that a person answers; the end of a shift always asks for the customers' papers (DR-14)."""
    return (*asked_for.items, PAPERS) if moment is Moment.END else asked_for.items


def items_of(row: ListVersion) -> tuple[Item, ...]:
    """The things of one version."""
    return tuple(Item(*pair) for pair in json.loads(row.items))


def versions(post_id: int, moment: Moment) -> Sequence[ListVersion]:
    """Every edit of a list, the newest first (GO-01)."""
    ours = sa.and_(ListVersion.post_id == post_id, ListVersion.moment == moment)
    return db.session.scalars(sa.select(ListVersion).where(ours).order_by(ListVersion.version.desc())).all()


# -- the records ----------------------------------------------------------------------------------------------------


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may read a record: the own ones, those of the department, the heads."""
    if heads.is_over_all(viewer):
        return sa.true()
    departments = {viewer.department, *viewer.leads}
    theirs = sa.exists().where(Post.id == Checklist.post_id, Post.department.in_(departments))
    return sa.or_(Checklist.signed_by_id == viewer.id, theirs)


def find(viewer: Viewer, number: str) -> Checklist:
    """The record of that number, if the viewer may read it; NotFound otherwise."""
    wanted = sa.select(Checklist).where(Checklist.number == number, visible_to(viewer))
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Record:
    """All that a record says."""

    answers: Sequence[Answer]
    papers: Sequence[Paper]
    others: Mapping[str, str]  # which it corrects, which corrects it


def record(found: Checklist) -> Record:
    """What was answered, and the numbers of the records before and after it."""
    answers = sa.select(Answer).where(Answer.checklist_id == found.id).order_by(Answer.place)
    papers = sa.select(Paper).where(Paper.checklist_id == found.id).order_by(Paper.number)
    others = sa.select(Checklist.id, Checklist.number).where(
        sa.or_(Checklist.id == found.corrects_id, Checklist.corrects_id == found.id)
    )
    named = {"before" if its_id == found.corrects_id else "later": number
             for its_id, number in db.session.execute(others)}  # fmt: skip
    return Record(db.session.scalars(answers).all(), db.session.scalars(papers).all(), named)


@dataclass(frozen=True)
class CheckList(Listing):
    """The filters of the list of signed checklists."""

    post: str = ""
    moment: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> CheckList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(query.get("before")),
            after=lists.number(query.get("after")),
            post=lists.words(query.get("post"), 24),
            moment=lists.code(query.get("moment"), set(Moment)),
        )

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        open_ = sa.select(sa.func.count()).where(Answer.checklist_id == Checklist.id, sa.not_(Answer.done))
        stay = sa.select(sa.func.count()).where(Paper.checklist_id == Checklist.id)
        wanted = sa.select(
            Checklist.id, Checklist.number, Checklist.post_id, Checklist.moment, Checklist.signed_by_id,
            Checklist.signed_at, Checklist.corrects_id, open_.scalar_subquery().label("open"),
            stay.scalar_subquery().label("stay"),
        ).where(visible_to(self.viewer))  # fmt: skip
        if self.post:
            post = sa.select(Post.id).where(Post.code == self.post).scalar_subquery()
            wanted = wanted.where(Checklist.post_id == post)
        if self.moment:
            wanted = wanted.where(Checklist.moment == Moment(self.moment))
        placed = self.placed(wanted, Checklist.__table__.c.id).limit(lists.PAGE + 1)
        return self.paged(list(db.session.execute(placed)))
