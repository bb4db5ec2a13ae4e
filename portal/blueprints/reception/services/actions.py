"""What is done about meals and lodging: asked for, agreed, arranged, done (RC-12)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import privacy, traces
from portal.blueprints.reception import rules as visit_rules
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.services import queries, rules
from portal.blueprints.reception.services.codes import OPEN, ServiceKind, State
from portal.blueprints.reception.services.models import Service
from portal.blueprints.reception.services.watch import WATCH, tell
from portal.blueprints.reception.services.workflow import SERVICE
from portal.blueprints.reception.traces import Keeper
from portal.kernel import clock, history, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.todos import Todo
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Forbidden

ASKS = frozenset({"lead", "host", "desk", "office", "maker"})


def may_ask(visit: Visit, by: Viewer) -> bool:
    """RC-12: the lead asks; the host, the maker of the appointment and the desk may ask the lead to agree."""
    return bool(ASKS & visit_rules.standing(visit, by)) or rules.leads(visit.department, by)


def ask(visit: Visit, *, kind: ServiceKind, by: Viewer, now: datetime, **fields: Any) -> Service:
    """Ask for a meal or lodging; the lead's own asking is agreed at once (RC-12). Inside a write."""
    if not may_ask(visit, by):
        raise Forbidden("ask", "RC-12")
    agreed = rules.leads(visit.department, by)
    fields.setdefault("wanted_on", _day_of(visit, now))
    service = Service(
        **fields,
        kind=kind,
        visit_id=visit.id,
        visit_number=visit.number,
        state=State.AGREED if agreed else State.ASKED,
        state_since=now,
        asked_by_id=by.id,
        asked_at=now,
        agreed_by_id=by.id if agreed else None,
        agreed_at=now if agreed else None,
    )
    db.session.add(service)
    db.session.flush()
    service.around = queries.around(visit)
    history.record(
        service, "service:ask", by=by.id, now=now, clause="RC-12", service=kind, persons=service.persons,
        words={"what": service.what or "", "note": service.note or ""},
    )  # fmt: skip
    WATCH.clocks_moved(service, now)
    if not agreed:
        tell(service, "lead", "service:ask", now, but=by.id)
    return service


def _day_of(visit: Visit, now: datetime) -> date:
    return clock.local(visit.starts_at or now).date()


def wish(visit: Visit, *, by: Viewer, now: datetime) -> None:
    """RC-12: what the visit's form wishes for is asked for, once of a kind. Inside a write."""
    wanted = [
        k for k, is_so in ((ServiceKind.MEAL, visit.meal), (ServiceKind.LODGING, visit.lodging)) if is_so
    ]
    if not wanted:
        return
    there = {service.kind for service in queries.of_visit(visit)}
    for kind in wanted:
        if kind not in there and may_ask(visit, by):
            ask(visit, kind=kind, by=by, now=now, persons=visit.party_size or 1)


def call_off(visit: Visit, *, by: Viewer, now: datetime) -> None:
    """The visit does not take place: its meals and lodging do not either; who arranged them is told. Inside a write."""
    for service in queries.of_visit(visit):
        if service.state not in OPEN:
            continue
        if service.arranged_by_id is not None:
            tell(service, "arranger", "service:called_off", now, but=by.id)
        was, service.state, service.state_since = service.state, State.CANCELLED, now
        history.record(service, "service:cancel", by=by.id, now=now, clause="RC-12", was=was)
        WATCH.clocks_moved(service, now)


# -- the verbs ------------------------------------------------------------------------------------------------------


def perform(service: Service, verb: str, *, by: Viewer, now: datetime, **given: Any) -> Effect:
    """One verb inside a write."""
    return transitions.perform(SERVICE, service, verb, ACTIONS[verb], by=by, now=now, **given)


def approve(service: Service, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """RC-12: the lead wants it."""
    service.agreed_at, service.agreed_by_id = now, by.id
    return Effect({}, {"note": note})


def refuse(service: Service, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """RC-12: the lead does not want it."""
    tell(service, "asker", "service:refused", now, but=by.id)
    return Effect({}, {"note": note})


def arrange(
    service: Service, *, by: Viewer, now: datetime, what: str = "", cost: int | None = None, note: str = "", **_: Any
) -> Effect:  # fmt: skip
    """RC-12: the desk or the salesperson has booked it."""
    service.arranged_at, service.arranged_by_id = now, by.id
    _say(service, what, cost, note)
    tell(service, "host", "service:arranged", now, but=by.id)
    return Effect({"cost": cost}, {"what": what, "note": note})


def done(
    service: Service, *, by: Viewer, now: datetime, what: str = "", cost: int | None = None, note: str = "", **_: Any
) -> Effect:  # fmt: skip
    """RC-12: it took place, and what it cost is known."""
    service.done_at, service.done_by_id = now, by.id
    _say(service, what, cost, note)
    return Effect({"cost": service.cost}, {"what": what, "note": note})


def cancel(service: Service, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """It is not wanted any more."""
    if service.arranged_by_id is not None:
        tell(service, "arranger", "service:called_off", now, but=by.id)
    return Effect({}, {"note": note})


def _say(service: Service, what: str, cost: int | None, note: str) -> None:
    service.what, service.note = what or service.what, note or service.note
    service.cost = cost if cost is not None else service.cost


ACTIONS: dict[str, transitions.Action] = {
    "approve": approve,
    "refuse": refuse,
    "arrange": arrange,
    "done": done,
    "cancel": cancel,
}


def erase(visit_id: int) -> None:
    """RC-20: what was written about the visitors' meals and lodging is emptied; cost and count stay. Inside a write."""
    ours = sa.select(Service).where(Service.visit_id == visit_id)
    for service in db.session.scalars(ours):
        history.erase(service)
        service.what = service.note = ""
        waits = sa.and_(Todo.subject_kind == service.history_kind, Todo.subject_id == service.id)
        db.session.execute(sa.update(Todo).where(waits).values(title=""))


privacy.ERASERS.append(erase)
traces.KEEPERS.append(Keeper(key="services", model=Service, visit=Service.visit_id))
