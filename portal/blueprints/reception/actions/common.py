"""What several verbs do to a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.blueprints.reception import watch
from portal.blueprints.reception.codes import (
    PRESENT,
    Category,
    Errand,
    Side,
    State,
    Task,
)
from portal.blueprints.reception.matrix import CategoryRule, tour_duties
from portal.blueprints.reception.models import Visit, VisitTask
from portal.kernel import (
    clock,
    customers,
    history,
    pinyin,
    reference,
)
from portal.kernel.db import db
from portal.kernel.people import Viewer

OPEN = PRESENT | {State.EXPECTED}


def day_of(at: datetime) -> str:
    return clock.local(at).date().isoformat()


def settle(visit: Visit, now: datetime) -> None:
    """What follows from the fields: the host's department, how the name is found, the card (RC-20)."""
    if visit.department is None and visit.host_id is not None:
        visit.department = reference.staff().cards[visit.host_id].department
    visit.visitor_pinyin = pinyin.readings(visit.visitor_name)
    visit.phone_tail = customers.tail(visit.phone or "")
    if visit.consent and visit.customer_id is None:
        by = visit.created_by_id
        card = customers.card_for(visit.visitor_name, visit.phone or "", visit.company or "", by=by, now=now)
        visit.customer_id = card.id
        if card.consent_at is None:
            card.consent_at = now


def put_tasks(visit: Visit, rule: CategoryRule, now: datetime) -> None:
    """RC-03, RC-28, RC-30: the duties of the category and of a special errand; meals and lodging are `services`."""
    # RC-30: water comes before everything else to somebody who complains.
    first = {Task.WATER: Side.DESK} if visit.errand is Errand.COMPLAINT else {}
    duties = first | (dict(rule.duties) if not visit.undecided else {})
    if visit.errand is Errand.TOUR:
        duties = dict(tour_duties(now)) | duties
    if len((visit.party or "").splitlines()) >= visit.party_size - 1:  # nobody is left to be written down
        duties.pop(Task.NAMES, None)
    there = {task.task: task for task in watch.tasks_of(visit)}
    for task, side in duties.items():
        if task not in there:
            db.session.add(VisitTask(visit_id=visit.id, task=task, side=side))
    for task, row in there.items():
        if row.done_at is not None:
            continue
        if task in duties:
            row.side = duties[task]
        else:
            db.session.delete(row)
    db.session.flush()


def serve_usual(visit: Visit, rule: CategoryRule) -> None:
    """RC-01: the refreshment of the category, where nothing else was asked for."""
    if visit.refreshment is None and rule.refreshments and not visit.undecided:
        visit.refreshment = rule.refreshments[0]


def tell_losers(losers: Sequence[Visit], number: str, now: datetime) -> None:
    """RC-02: whose request lost the place hears of it, and to what."""
    for other in losers:
        history.record(other, "visit:place_lost", by=None, now=now, clause="RC-02", number=number)
        watch.tell(other, ["handler"], "visit:place_lost", now)
        watch.put_up(other, now)


def on_arrival(visit: Visit, rule: CategoryRule, by: Viewer, now: datetime) -> None:
    if visit.customer_id is not None:
        customers.seen(visit.customer_id, now)
    if visit.state is State.DECLINED or visit.category is Category.D:
        return
    if rule.tells_before_seating():
        watch.tell(visit, ["handler"], "visit:arrived", now, but=by.id)
