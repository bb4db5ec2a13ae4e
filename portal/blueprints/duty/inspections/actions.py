"""What is done with inspections: plans kept by the office, rounds made and missed by the clock, done by people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.inspections import queries, rules, watch
from portal.blueprints.duty.inspections.codes import State
from portal.blueprints.duty.inspections.models import Plan, Point, Round, RoundLine
from portal.blueprints.duty.inspections.workflow import COMPLETE, INSPECTION, MISS
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.repairs import actions as repairs
from portal.kernel import clock, files, history, numbers, reference, timers, transitions
from portal.kernel.db import db
from portal.kernel.files import Checked
from portal.kernel.people import PORTAL, Viewer
from portal.kernel.todos import Todo
from portal.kernel.transitions import Action, Effect

# -- plans ----------------------------------------------------------------------------------------------------------


def keep_plan(
    plan: Plan | None, points: Sequence[dict[str, Any]], *, by: int, now: datetime, **fields: Any
) -> Plan:
    """A new plan, or other words, days or points of one (DR-13, DR-19); rounds that were done keep theirs."""
    staff, post_id = reference.staff(), fields["post_id"]
    department = (
        posts.ground().posts[post_id].department if post_id else staff.cards[fields["person_id"]].department
    )
    fields |= {"department": department}
    made = plan is None
    plan = plan or Plan()
    for name, value in fields.items():
        setattr(plan, name, value)
    if not made:
        flag_modified(plan, "name")  # a change of its points alone is one of the plan as well
    db.session.add(plan)
    db.session.flush()
    _keep_points(plan, points)
    if not made:
        _pass_on(plan, now)
    event = "inspection_plan:create" if made else "inspection_plan:edit"
    history.record(
        plan, event, by=by, now=now, clause="DR-13", kind=plan.kind, rhythm=plan.rhythm, points=len(points),
        active=plan.active, words={"title": plan.name},
    )  # fmt: skip
    return plan


def _keep_points(plan: Plan, points: Sequence[dict[str, Any]]) -> None:
    """A point that stays is the same row: whoever is on the round just now loses nothing of what was typed."""
    there = list(queries.points_of(plan.id))
    for place, point in enumerate(points, start=1):
        row = there.pop(0) if there else Point(plan_id=plan.id)
        for name, value in (point | {"position": place}).items():
            setattr(row, name, value)
        db.session.add(row)
    for row in there:
        db.session.delete(row)
    db.session.flush()


def _pass_on(plan: Plan, now: datetime) -> None:
    """A round that is due waits for whom the plan names now."""
    due = sa.select(Round.id).where(Round.plan_id == plan.id, Round.state == State.DUE)
    for round_id in list(db.session.scalars(due)):
        if (found := queries.load(round_id)) is not None:
            found.department = plan.department
            watch.WATCH.clocks_moved(found, now)


# -- by the clock ---------------------------------------------------------------------------------------------------


def by_the_clock(now: datetime) -> Iterator[str]:
    """DR-13, DR-19: make today's rounds, tell of those that nobody did, and let them follow who is on duty."""
    yield from _miss(now)
    yield from _make(now)
    yield from _follow(now)


def _make(now: datetime) -> Iterator[str]:
    day = clock.local(now).date()
    done = queries.made_on(day)
    for plan in queries.plans():
        due = rules.is_due(plan.rhythm, plan.weekdays, plan.month_day, day)
        if plan.active and due and plan.id not in done:
            with db.write():
                made = make_one(queries.plan(plan.id, lock=True), now)
            if made is not None:
                yield f"{made.number}\tinspection\tmade (DR-13)"


def make_one(plan: Plan, now: datetime) -> Round | None:
    """The round of today, with its limit; None when another was faster. Inside a write, the plan locked."""
    day = clock.local(now).date()
    if plan.id in queries.made_on(day):
        return None
    made = Round(
        number=numbers.take("XJ", now), plan_id=plan.id, plan=plan, department=plan.department, day=day, state=State.DUE,
        state_since=now,
    )  # fmt: skip
    if plan.post_id:
        made.on_duty = queries.on_duty_at(plan.post_id, now)
    db.session.add(made)
    db.session.flush()
    history.record(made, "inspection:make", by=None, now=now, clause="DR-13", words={"title": plan.name})
    watch.WATCH.start(made, "inspection", now)
    watch.WATCH.clocks_moved(made, now)
    return made


def _miss(now: datetime) -> Iterator[str]:
    over = sa.select(Round.id).where(Round.state == State.DUE, Round.due_at <= now)
    for round_id in list(db.session.scalars(over)):
        with db.write():
            found = queries.load(round_id)
            missed = found is not None and found.state is State.DUE
            if found is not None and missed:
                transitions.perform(INSPECTION, found, MISS, miss, by=PORTAL, now=now)
        if found is not None and missed:
            yield f"{found.number}\tinspection\tmissed, the lead is told (DR-13)"


def miss(round_: Round, *, now: datetime, **_: Any) -> Effect:
    """DR-13: nobody did it in time; that is recorded, and the lead hears of it."""
    timers.end(round_, now)
    watch.tell_lead(round_, "inspection:missed", now)
    return Effect({"due": round_.due_at})


def _follow(now: datetime) -> Iterator[str]:
    """Who is on duty changes within a day; what waits follows."""
    due = sa.select(Round).join(Plan).where(Round.state == State.DUE, Plan.post_id.is_not(None))
    rounds = db.session.scalars(due).all()
    if not rounds:
        return
    there: dict[int, set[str]] = {}
    rows = sa.select(Todo.subject_id, Todo.audience).where(Todo.subject_kind == Round.history_kind)
    for round_id, audience in db.session.execute(rows):
        there.setdefault(round_id, set()).add(audience)
    on_duty = {
        post_id: queries.on_duty_at(post_id, now) for post_id in {r.plan.post_id for r in rounds} if post_id
    }
    moved = []
    for found in rounds:
        found.on_duty = on_duty[found.plan.post_id or 0]
        if set(watch.audiences(found)) != there.get(found.id, set()):
            moved.append(found.id)
    for round_id in moved:
        with db.write():
            again = queries.load(round_id)
            if again is not None:
                watch.WATCH.clocks_moved(again, now)
        if again is not None:
            yield f"{again.number}\tinspection\twaits for {', '.join(watch.audiences(again))}"


timers.BY_CALENDAR.append(by_the_clock)


# -- by people ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What somebody says of one point."""

    point: Point
    fine: bool
    note: str
    pictures: list[Checked]
    repair: bool
    major: bool


def complete(
    round_: Round, *, by: Viewer, now: datetime, answers: Sequence[Answer], remark: str = "", **_: Any
) -> Effect:
    """DR-13: the round is done, and whoever is logged in signs it; each finding becomes a repair order.

    DR-12: what belongs to a post stands in its log, too, as a fault that is open.
    """
    findings = [answer for answer in answers if not answer.fine]
    made = []
    for answer in answers:
        point = answer.point
        line = RoundLine(
            round_id=round_.id, position=point.position, equipment_id=point.equipment_id, what=point.what,
            what_en=point.what_en, fine=answer.fine, note=answer.note,
        )  # fmt: skip
        if not answer.fine and answer.repair:
            line.repair_number = _have_repaired(round_, answer, by, now)
            made.append(line.repair_number)
        db.session.add(line)
        db.session.flush()
        for picture in answer.pictures:
            files.add(line, picture, by.id, now)
    round_.done_at, round_.done_by_id, round_.findings = now, by.id, len(findings)
    round_.remark = remark
    return Effect({"findings": len(findings) or None, "repairs": made or None}, {"remark": remark})


def _have_repaired(round_: Round, answer: Answer, by: Viewer, now: datetime) -> str:
    thing = equipment.by_id().get(answer.point.equipment_id or 0)
    post_id = (thing.post_id if thing else None) or round_.plan.post_id
    return repairs.register(
        by=by, now=now, what=f"{answer.point.what} · {answer.note}", equipment=thing, major=answer.major,
        department=thing.department if thing else round_.department, place=thing.place if thing else "",
        post=posts.ground().posts[post_id] if post_id else None, round_number=round_.number,
        pictures=answer.pictures,
    ).number  # fmt: skip


ACTIONS: dict[str, Action] = {COMPLETE: complete}
