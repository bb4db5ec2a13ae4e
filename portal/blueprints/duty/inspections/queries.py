"""Plans and rounds as pages show them, and for whom. Every look-up of a round starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.inspections.codes import Mark, State
from portal.blueprints.duty.inspections.models import Plan, Point, Round, RoundLine
from portal.blueprints.duty.log.rules import reads_every_post
from portal.blueprints.duty.rosters.codes import State as RosterState
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import clock, lists
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

D = Round.__table__.c


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a round: desk, heads, the department, whoever may have to do it."""
    if reads_every_post(viewer):
        return sa.true()
    plan = sa.alias(Plan.__table__)
    rostered = sa.exists().where(
        Shift.post_id == plan.c.post_id,
        Shift.person_id == viewer.id,
        Shift.roster_id == Roster.id,
        Roster.state != RosterState.DRAFT,
    )
    mine = sa.exists().where(plan.c.id == D.plan_id, sa.or_(plan.c.person_id == viewer.id, rostered))
    return sa.or_(D.department.in_({viewer.department, *viewer.leads}), mine)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Round:
    """The round of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Round).where(Round.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Round) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return _with_people(found)


def load(round_id: int) -> Round | None:
    """The round for the portal's own hands, locked for this write."""
    wanted = sa.select(Round).where(Round.id == round_id).with_for_update(of=Round)
    found = db.session.scalars(wanted).one_or_none()
    return _with_people(found) if found else None


def _with_people(found: Round) -> Round:
    if found.state is State.DUE and found.plan.post_id:
        found.on_duty = on_duty_at(found.plan.post_id, clock.now())
    return found


def on_duty_at(post_id: int, now: datetime) -> frozenset[int]:
    """Who answers for a post now; two statements."""
    return frozenset(person for seats in who.on_duty(now).get(post_id, ()) for person in seats.people)


def plans() -> Sequence[Plan]:
    """Every plan, those in use first."""
    return db.session.scalars(sa.select(Plan).order_by(Plan.active.desc(), Plan.id)).all()


def plan(plan_id: int, *, lock: bool = False) -> Plan:
    """One plan; NotFound otherwise."""
    wanted = sa.select(Plan).where(Plan.id == plan_id)
    found = db.session.scalars(wanted.with_for_update(of=Plan) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def points_of(plan_id: int) -> Sequence[Point]:
    """What a plan looks at, in its order."""
    wanted = sa.select(Point).where(Point.plan_id == plan_id).order_by(Point.position)
    return db.session.scalars(wanted).all()


def lines_of(round_id: int) -> Sequence[RoundLine]:
    """What was found on a round."""
    wanted = sa.select(RoundLine).where(RoundLine.round_id == round_id).order_by(RoundLine.position)
    return db.session.scalars(wanted).all()


def line_of(round_id: int, line_id: int) -> RoundLine:
    """One line of a round; NotFound otherwise."""
    wanted = sa.select(RoundLine).where(RoundLine.round_id == round_id, RoundLine.id == line_id)
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def made_on(day: date) -> set[int]:
    """The plans that have their round of that day."""
    return set(db.session.scalars(sa.select(D.plan_id).where(D.day == day)))


@dataclass(frozen=True)
class RoundList(Listing):
    """The filters of the list: what is to be done, unless another state is asked for."""

    state: str = ""
    plan: int | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> RoundList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            state=lists.code(args.get("state"), {State.DONE, State.MISSED, "findings", "all"}),
            plan=lists.number(args.get("plan")),
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
        )

    def rows(self, most: int) -> Sequence[Round]:
        """At most that many rounds, each with its plan, from where the address says."""
        wanted = sa.select(Round).where(visible_to(self.viewer))
        if self.state == "findings":
            wanted = wanted.where(D.findings > 0)
        elif self.state != "all":
            wanted = wanted.where(D.state == State(self.state or State.DUE))
        if self.plan:
            wanted = wanted.where(D.plan_id == self.plan)
        if self.since:
            wanted = wanted.where(D.day >= self.since)
        if self.until:
            wanted = wanted.where(D.day <= self.until)
        return db.session.scalars(self.placed(wanted, D.id).limit(most)).all()

    def page(self) -> tuple[list[Round], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


def _past(viewer: Viewer, equipment_id: int) -> Any:
    """What inspections say of a piece of equipment."""
    found = sa.case((RoundLine.fine, str(Mark.FINE)), else_=str(Mark.FINDING))
    told = equipment.past_line(
        "inspection", "/duty/inspections/", D.number, D.done_at, found, RoundLine.note
    ).select_from(RoundLine)
    joined = told.join(Round, D.id == RoundLine.round_id)
    return joined.where(RoundLine.equipment_id == equipment_id, visible_to(viewer))


equipment.PAST.append(_past)
