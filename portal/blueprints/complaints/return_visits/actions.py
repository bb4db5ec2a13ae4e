"""What is done with a return visit: plan it, record it, answer what was promised, make a case of a remark."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import actions as cases
from portal.blueprints.complaints.codes import Category, Channel, Kind, Urgency
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.return_visits import rules
from portal.blueprints.complaints.return_visits.codes import Remark, VisitKind
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.return_visits.watch import WATCH
from portal.blueprints.complaints.return_visits.workflow import ANSWER, CASE, RECORD
from portal.kernel import clock, history, numbers, reference
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.todos import Todo
from portal.kernel.transitions import Action, Effect

# What kind of case a remark becomes.
BECOMES = {Remark.WISH: Kind.SUGGESTION, Remark.QUESTION: Kind.INQUIRY}


def plan(
    *,
    by: Viewer,
    now: datetime,
    kind: VisitKind,
    customer_name: str,
    customer_phone: str,
    person: Card,
    due_on: date,
    idempotency_key: str | None = None,
) -> ReturnVisit:
    """CU-03: one row of the plan. Inside a write; a form sent twice is the visit that it planned."""
    if idempotency_key:
        sent = (ReturnVisit.planned_by_id == by.id, ReturnVisit.idempotency_key == idempotency_key)
        before = db.session.scalars(sa.select(ReturnVisit).where(*sent)).one_or_none()
        if before is not None:
            return before
    visit = ReturnVisit(
        number=numbers.take("HF", now),
        kind=kind,
        customer_name=customer_name,
        customer_phone=customer_phone,
        person_id=person.id,
        department=person.department,
        due_on=due_on,
        planned_at=now,
        planned_by_id=by.id,
        state_since=now,
        idempotency_key=idempotency_key,
    )
    db.session.add(visit)
    db.session.flush()
    WATCH.start(visit, "return_visit", now)
    told = {"customer_name": customer_name, "customer_phone": customer_phone}
    history.record(
        visit,
        "return_visit:plan",
        by=by.id,
        now=now,
        clause="CU-03",
        words=told,
        kind=kind,
        handler=person.id,
    )
    WATCH.clocks_moved(visit, now)
    return visit


def record_visit(
    visit: ReturnVisit,
    *,
    by: Viewer,
    now: datetime,
    remark: Remark,
    note: str = "",
    promised_at: datetime | None = None,
    again: bool = False,
    **_: Any,
) -> Effect:
    """CU-03: what the customer said; what was not answered at once is promised, and becomes a call to make."""
    visit.visited_at, visit.visited_by_id, visit.remark, visit.note = now, by.id, remark, note
    visit.promised_at = promised_at
    if promised_at is not None:
        WATCH.start(visit, "promise", now)
    if again:
        plan(
            by=by,
            now=now,
            kind=visit.kind,
            customer_name=visit.customer_name,
            customer_phone=visit.customer_phone,
            person=reference.staff().cards[visit.person_id],
            due_on=rules.next_due(visit.kind, clock.local(now).date()),
        )
    return Effect({"remark": remark, "due": promised_at}, {"note": note})


def answer_visit(visit: ReturnVisit, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CU-03, CP-15: the customer has the answer that was promised."""
    visit.answered_at, visit.answer = now, note
    return Effect({}, {"note": note})


def make_a_case(visit: ReturnVisit, *, by: Viewer, now: datetime, category: Category, **_: Any) -> Effect:
    """CU-03: what was found is solved as a case; the desk reads it back before it is routed (CP-04)."""
    case = cases.register(
        by=by,
        now=now,
        kind=BECOMES.get(visit.remark or Remark.COMPLAINT, Kind.COMPLAINT),
        channel=Channel.ONSITE if visit.kind is not VisitKind.SURVEY else Channel.OTHER,
        category=category,
        urgency=Urgency.NORMAL,
        content=visit.note,
        customer_name=visit.customer_name,
        customer_phone=visit.customer_phone,
    )
    visit.case_number = case.number
    return Effect({"case": case.number})


ACTIONS: dict[str, Action] = {RECORD: record_visit, ANSWER: answer_visit, CASE: make_a_case}


def erase(case: Case) -> None:
    """CP-20: a remark that became a case goes with the case."""
    for visit in db.session.scalars(sa.select(ReturnVisit).where(ReturnVisit.case_number == case.number)):
        visit.customer_name = visit.customer_phone = visit.note = visit.answer = ""
        ours = sa.update(Todo).where(Todo.subject_kind == visit.history_kind, Todo.subject_id == visit.id)
        db.session.execute(ours.values(title=""))
        history.erase(visit)
