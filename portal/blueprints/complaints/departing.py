"""Cases, service orders and improvement cases of somebody who leaves the company."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal import departing
from portal.blueprints.complaints import actions, queries
from portal.blueprints.complaints.codes import CLOSED, State
from portal.blueprints.complaints.improvements import actions as improvements
from portal.blueprints.complaints.improvements import queries as improvement_queries
from portal.blueprints.complaints.improvements.codes import State as ImprovementState
from portal.blueprints.complaints.improvements.models import Improvement
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import actions as orders
from portal.blueprints.complaints.orders import queries as order_queries
from portal.blueprints.complaints.orders.codes import UNDONE
from portal.blueprints.complaints.orders.models import Order
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.blueprints.complaints.reach import visible_to
from portal.i18n import _l
from portal.kernel import departures, transitions
from portal.kernel.departures import Belongings, line
from portal.kernel.people import Card, Viewer
from portal.kernel.workflow import Reason, Refused

OWNED = (ImprovementState.ASSIGNED, ImprovementState.PLANNED)

departures.CAPTIONS.update(
    {"case": _l("Cases"), "order": _l("Service orders"), "improvement": _l("Improvement cases")}
)


def _cases(person_id: int, viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    cases = line(
        "case", Case.number, Case.number, sa.literal("/complaints/") + Case.number, Case.notice_number
    )
    return cases.where(Case.handler_id == person_id, Case.state.not_in(CLOSED), visible_to(viewer))


def _case_to(number: str, to: Card, by: Viewer, now: datetime, _paper: str) -> None:
    """CP-11: as its lead names another handler; promises and limits go with the case.

    What is answered has nothing for a handler to do; should it come back, the lead names one then.
    """
    case = queries.find(by, number, lock=True)
    if case.state is State.REPORTED:
        raise Refused([Reason("CP-11", "answered_already")])
    actions.perform(case, "assign", by=by, now=now, handler=to, reason=departing.reason())


def _orders(person_id: int, viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    address = sa.literal("/complaints/orders/") + Order.number
    rows = line("order", Order.number, Order.number, address).join(Case, Case.id == Order.case_id)
    return rows.where(
        Order.technician_id == person_id, Order.state.in_(UNDONE), order_queries.visible_to(viewer)
    )


def _order_to(number: str, to: Card, by: Viewer, now: datetime, _paper: str) -> None:
    """CP-30: another technician goes."""
    order, note = order_queries.find(by, number, lock=True), departing.reason()
    given: dict[str, Any] = {"technician": to, "note": note}
    transitions.perform(ORDER, order, "assign", orders.ACTIONS["assign"], by=by, now=now, **given)


def _improvements(person_id: int, viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    address = sa.literal("/complaints/improvements/") + Improvement.number
    rows = line("improvement", Improvement.number, Improvement.number, address, Improvement.title)
    return rows.where(
        Improvement.owner_id == person_id,
        Improvement.state.in_(OWNED),
        improvement_queries.visible_to(viewer),
    )


def _improvement_to(number: str, to: Card, by: Viewer, now: datetime, _paper: str) -> None:
    """CP-21: another owner, by the same day; one that is over needs a new day, which only a lead can set."""
    found, note = improvement_queries.find(by, number, lock=True), departing.reason()
    given: dict[str, Any] = {"owner": to, "target_at": found.target_at, "note": note}
    improvements.perform(found, "assign", by=by, now=now, **given)


BELONGINGS = (
    Belongings("case", _cases, _case_to),
    Belongings("order", _orders, _order_to),
    Belongings("improvement", _improvements, _improvement_to),
)
