"""The demo's meals and lodging: those of past guests done and paid, today's arranged, one that waits for its lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle

import sqlalchemy as sa

from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.services import actions
from portal.blueprints.reception.services.codes import ServiceKind
from portal.blueprints.reception.services.models import Service
from portal.kernel import accounts, clock, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

# Kind, where, cost for a person in fen.
PAST = (
    (ServiceKind.MEAL, "江南春（云栖路店）", 9_800),
    (ServiceKind.MEAL, "公司餐厅二楼包间", 4_500),
    (ServiceKind.LODGING, "云汀大酒店，标准间", 36_800),
)
EVERY = 5  # of the past A visits, each so many brought a meal or lodging


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def _lead_of(visit: Visit) -> Viewer:
    """Who agrees: the head of the department visited, else the general manager."""
    leads = reference.staff().leads_of(visit.department or "")
    return sessions.person_as_viewer(leads[0]) if leads else _viewer("gm")


def load(now: datetime) -> None:
    """Ask, agree, arrange and pay; one write."""
    desk = _viewer("desk1")
    with db.write():
        past = db.session.scalars(_of_a(State.CLOSED).where(Visit.left_at.is_not(None))).all()
        for visit, (kind, what, each) in zip(past[::EVERY], cycle(PAST), strict=False):
            _paid(visit, kind, what, each, desk)
        for visit in db.session.scalars(_of_a(State.MEETING)).all():
            made = _asked(visit, ServiceKind.MEAL, _lead_of(visit), now - timedelta(hours=1))
            actions.perform(made, "arrange", by=desk, now=now - timedelta(minutes=40), what=PAST[0][1])
        for visit in db.session.scalars(_of_a(State.EXPECTED)).all():
            _asked(visit, ServiceKind.LODGING, desk, now - timedelta(minutes=50))
            agreed = _asked(visit, ServiceKind.MEAL, _lead_of(visit), now - timedelta(minutes=45))
            agreed.companion_id = visit.host_id


def _of_a(state: State) -> sa.Select[Visit]:
    return sa.select(Visit).where(Visit.category == Category.A, Visit.state == state).order_by(Visit.id)


def _asked(visit: Visit, kind: ServiceKind, by: Viewer, at: datetime) -> Service:
    on = clock.local(visit.starts_at or visit.arrived_at or at).date()
    return actions.ask(visit, kind=kind, by=by, now=at, persons=visit.party_size, wanted_on=on)


def _paid(visit: Visit, kind: ServiceKind, what: str, each: int, desk: Viewer) -> None:
    """One of the past, from the lead's word to the bill."""
    begun, left = visit.arrived_at, visit.left_at
    if begun is None or left is None:
        return
    made = _asked(visit, kind, _lead_of(visit), begun)
    actions.perform(made, "arrange", by=desk, now=begun + timedelta(minutes=10), what=what)
    actions.perform(made, "done", by=desk, now=left, cost=each * visit.party_size)
