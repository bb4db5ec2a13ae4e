"""Service orders brought to a state by the verbs and people that would bring them there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.orders import actions, queries
from portal.blueprints.complaints.orders.codes import OrderKind, OrderState
from portal.blueprints.complaints.orders.models import Entry, Order
from portal.kernel import clock, history, reference
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories

USUAL: dict[str, Any] = {
    "kind": OrderKind.REPAIR,
    "department": "tech",
    "customer_name": "陈桂芳",
    "customer_phone": "13900001234",
    "customer_address": "人民路 8 号",
    "contact": "小陈",
    "model": "LJ-2210",
    "fault": "卡纸，面板报 E05",
}
# What brings an order one state further: the state, verb, who, fields.
PATH: tuple[tuple[OrderState, str, str, dict[str, Any]], ...] = (
    (OrderState.APPROVED, "approve", "lead.tech", {}),
    (OrderState.ASSIGNED, "assign", "lead.tech", {"technician": "emp.tech"}),
    (OrderState.DONE, "work", "emp.tech", {"part": "搓纸轮", "quantity": 2, "price": Decimal("45.50")}),
    (OrderState.DONE, "done", "emp.tech", {"result": "已修好", "paid": Decimal("0.00")}),
    (OrderState.ACCEPTED, "accept", "desk1", {"customer": "陈桂芳"}),
)


def asked(app: Flask, case: str = "", by: str = "desk1", key: str | None = None, **chosen: Any) -> str:
    """An order just asked for, on a new case that technology has unless one is given; its number."""
    number = case or factories.a_case(app, State.ACCEPTED)
    with app.app_context():
        who = factories.viewer(by)
        with db.write():
            found = cases.find(who, number, lock=True)
            made = actions.ask(found, by=who, now=clock.now(), idempotency_key=key, **(USUAL | chosen))
            return made.number


def an_order(app: Flask, state: OrderState = OrderState.ASKED, **chosen: Any) -> str:
    """An order in that state; its number."""
    number = asked(app, **chosen)
    if state is OrderState.CANCELLED:
        do(app, "desk1", "cancel", number, reason="客户自行解决")
        return number
    last = max((place for place, row in enumerate(PATH, 1) if row[0] is state), default=0)
    for _, verb, who, given in PATH[:last]:
        do(app, who, verb, number, **given)
    return number


def do(app: Flask, by: str, verb: str, number: str, **given: Any) -> OrderState:
    """One verb on an order by its action; the state after it. Raises NotFound, Forbidden, Refused."""
    with app.app_context():
        if isinstance(given.get("technician"), str):
            given["technician"] = reference.staff().by_username(given["technician"])
        return actions.act(number, verb, by=factories.viewer(by), now=clock.now(), **given).state


def refused(app: Flask, by: str, verb: str, number: str, **given: Any) -> list[str]:
    """The reasons against a verb, `CP-30 own_order`; it must be refused and change nothing."""
    was = load(app, number).version
    try:
        state = do(app, by, verb, number, **given)
    except Refused as error:
        assert load(app, number).version == was, "a refused verb changed the order"
        return [f"{reason.clause} {reason.code}" for reason in error.reasons]
    raise AssertionError(f"{verb} by {by} was not refused: the order is {state}")


def load(app: Flask, number: str) -> Order:
    """The order as it is stored, whoever asks; detached."""
    with app.app_context():
        return db.session.scalars(sa.select(Order).where(Order.number == number)).one()


def entries(app: Flask, number: str) -> list[Entry]:
    """What was put down on the way; detached."""
    with app.app_context():
        return queries.entries(load_here(number))


def load_here(number: str) -> Order:
    """The order, inside an application context."""
    return db.session.scalars(sa.select(Order).where(Order.number == number)).one()


def events(app: Flask, number: str) -> list[str]:
    """The events of an order, oldest first."""
    order_id = load(app, number).id
    with app.app_context():
        ours = sa.and_(history.Line.subject_kind == "order", history.Line.subject_id == order_id)
        return list(db.session.scalars(sa.select(history.Line.event).where(ours).order_by(history.Line.id)))


TODAY = date(2026, 3, 2)  # where the tests' clock stands
