"""Duties done, records mended, touches taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.blueprints.reception import rules, watch
from portal.blueprints.reception.actions.common import on_arrival, put_tasks, serve_usual, settle
from portal.blueprints.reception.codes import (
    Category,
    Late,
    PlaceKind,
    State,
    Task,
)
from portal.blueprints.reception.matrix import CategoryRule
from portal.blueprints.reception.models import Visit, VisitStep, VisitTask
from portal.blueprints.reception.places import PlaceCard
from portal.blueprints.reception.services import actions as services
from portal.kernel import (
    company_calendar,
)
from portal.kernel.db import UTCDateTime
from portal.kernel.people import Viewer
from portal.kernel.transitions import Effect

EDITABLE = (
    "category", "visitor_name", "company", "phone", "party_size", "party", "purpose", "errand", "host", "department",
    "refreshment", "meal", "lodging", "consent", "material",
)  # fmt: skip


def task(
    visit: Visit, *, by: Viewer, now: datetime, task: VisitTask | None = None, note: str = "", **_: Any
) -> Effect:
    """RC-03: a duty was done."""
    if task is None or task.done_at is not None:
        return Effect()
    task.done_at, task.done_by_id, task.note = now, by.id, note
    if task.task is Task.REFRESHMENT:
        visit.served_at = now
    return Effect({"task": task.task}, {"note": note})


def edit(
    visit: Visit,
    *,
    by: Viewer,
    now: datetime,
    rule: CategoryRule,
    place: PlaceCard | None = None,
    **fields: Any,
) -> Effect:
    """RC-17: the record is completed or mended; what stood there stays in the history. RC-01: with another category
    come its tasks, its places and whether it needs the arrangement form."""
    was = visit.category
    changed = {name: value for name, value in fields.items() if getattr(visit, name) != value}
    texts = [name for name in changed if isinstance(changed[name], str) and name != "category"]
    words = {name: str(getattr(visit, name) or "") for name in texts}
    for name, value in changed.items():
        setattr(visit, name, value)
    settle(visit, now)
    if visit.category is not was:
        _recategorise(visit, rule, place, by, now)
        _decided(visit, rule, by, now)
    put_tasks(visit, rule, now)
    services.wish(visit, by=by, now=now)
    moved = {"category_was": was, "category": visit.category} if visit.category is not was else {}
    return Effect({"fields": sorted(changed), **moved}, words)


def categorise(
    visit: Visit, *, by: Viewer, now: datetime, rule: CategoryRule, category: Category, **_: Any
) -> Effect:
    """RC-01: the desk says what kind of visitor announced themselves at the kiosk; what follows from it begins now."""
    was, visit.category = visit.category, category
    if category is not was:
        _recategorise(visit, rule, None, by, now)
    _decided(visit, rule, by, now)
    put_tasks(visit, rule, now)
    return Effect({"category": category})


def _decided(visit: Visit, rule: CategoryRule, by: Viewer, now: datetime) -> None:
    """RC-01: of whom the category was open until now, by a touch or in the record, the usual begins while they wait."""
    was_open, visit.undecided = visit.undecided, False
    if was_open and visit.state is State.ARRIVED:
        serve_usual(visit, rule)
        on_arrival(visit, rule, by, now)


def _recategorise(
    visit: Visit, rule: CategoryRule, place: PlaceCard | None, by: Viewer, now: datetime
) -> None:
    """RC-01: what another category asks for: a place of its own (RC-02), and a form in time or late (RC-04)."""
    fits = place is None or place.kind in rule.places or place.kind is PlaceKind.OFFICE
    if not fits and not visit.used_place:
        visit.place_id = None
    if not rule.needs_form:
        visit.late = Late.NO
    elif visit.state is State.EXPECTED and visit.starts_at is not None:
        if rules.arranged(visit):
            visit.arranged_at, visit.arranged_by_id = visit.arranged_at or now, visit.arranged_by_id or by.id
        calendar = company_calendar.current()
        in_time = rules.in_time(visit.arranged_at or now, visit.starts_at, rule.lead_days, calendar)
        visit.late = Late.NO if in_time else Late.ASKED
    elif not rules.arranged(visit):
        visit.late = Late.AFTERWARDS


def undo(visit: Visit, *, by: Viewer, now: datetime, step: VisitStep, **_: Any) -> Effect:
    """RC-17: the last touch is taken back; both stay in the history."""
    step.undone_at = now
    for name, was in step.was.items():
        setattr(visit, name, _restored(getattr(Visit, name), was))
    if step.verb == "ask":
        watch.end_decision(visit, now)
    if step.verb == "decline" and visit.state is State.ASKED:
        watch.WATCH.start(visit, "visit_decision", now)
    return Effect({"undone": step.verb})


def _restored(column: InstrumentedAttribute[Any], was: Any) -> Any:
    """A value as the column keeps it, from how JSON keeps it."""
    if was is None:
        return None
    if isinstance(column.type, sa.Enum) and column.type.enum_class is not None:
        return column.type.enum_class(was)
    return datetime.fromisoformat(was) if isinstance(column.type, UTCDateTime) else was


def open_tasks(visit: Visit) -> list[Task]:
    """RC-03: the duties that nobody has done yet."""
    return [row.task for row in watch.tasks_of(visit) if row.done_at is None]
