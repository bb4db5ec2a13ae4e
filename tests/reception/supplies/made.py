"""Visits, stock and purchase requests as the tests of supplies need them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies import actions, queries
from portal.blueprints.reception.supplies.models import Movement, Purchase, PurchaseLine, Supply
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories

VISIT, OTHER = "LF-20260302-0001", "LF-20260302-0002"


def a_visit(app: Flask, number: str = VISIT, *, host: str = "emp.tech", **chosen: Any) -> int:
    """A visit in a meeting, as if the board had brought it there; its id."""
    host_id, desk = factories.id_of(app, host), factories.id_of(app, "desk1")
    with app.app_context(), db.write():
        now = clock.now()
        usual: dict[str, Any] = {
            "day": "2026-03-02",
            "category": Category.B,
            "state": State.MEETING,
            "visitor_name": "贾宝成",
            "department": "tech",
        }
        visit = Visit(
            number=number,
            state_since=now,
            created_at=now,
            created_by_id=desk,
            host_id=host_id,
            **(usual | chosen),
        )
        db.session.add(visit)
        db.session.flush()
        return visit.id


def stocked(app: Flask, amount: int, code: str = "cups", by: str = "desk1") -> None:
    """So much received of a supply."""
    with app.app_context():
        actions.receive(code, by=factories.viewer(by), now=clock.now(), amount=amount)


def used(app: Flask, amount: int, code: str = "cups", by: str = "desk1", **more: Any) -> None:
    """So much used of a supply."""
    with app.app_context():
        actions.use(code, by=factories.viewer(by), now=clock.now(), amount=amount, **more)


def supply(app: Flask, code: str = "cups") -> Supply:
    """A supply as it is stored; detached."""
    with app.app_context():
        return queries.find(code)


def movements(app: Flask, code: str = "cups") -> list[Movement]:
    """The movements of a supply, oldest first; detached."""
    supply_id = supply(app, code).id
    with app.app_context():
        rows = sa.select(Movement).where(Movement.supply_id == supply_id).order_by(Movement.id)
        return list(db.session.scalars(rows))


def asked(app: Flask, by: str = "desk1", reason: str = "周五有客户来", **amounts: int) -> str:
    """A purchase request just asked for; its number. Amounts by code, `_` for `-`."""
    wanted = amounts or {"cups": 200}
    with app.app_context():
        lines = {queries.find(code.replace("_", "-")).id: (amount, "") for code, amount in wanted.items()}
        return actions.ask(lines, by=factories.viewer(by), now=clock.now(), reason=reason).number


def act(app: Flask, by: str, verb: str, number: str, **given: Any) -> Purchase:
    """One verb on a purchase request."""
    with app.app_context():
        return actions.act(number, verb, by=factories.viewer(by), now=clock.now(), **given)


def some_of_everything(app: Flask) -> str:
    """A stock with a low supply, a visit that used some, a request under way; the request's number."""
    visit_id = a_visit(app, OTHER)
    stocked(app, 120)
    with app.app_context():
        by: dict[str, Any] = {"by": factories.viewer("desk1"), "now": clock.now()}
        visit = db.session.get_one(Visit, visit_id)
        actions.use("cups", amount=30, visit=visit, note="四位客人", **by)
    number = asked(app, cups=110, coffee=60)
    act(app, "lead.admin", "approve", number, note="同意")
    return number


def purchase(app: Flask, number: str) -> Purchase:
    """A request as it is stored; detached."""
    with app.app_context():
        return db.session.scalars(sa.select(Purchase).where(Purchase.number == number)).one()


def lines(app: Flask, number: str) -> dict[str, PurchaseLine]:
    """Code -> line of a request; detached."""
    found = purchase(app, number)
    with app.app_context():
        return {supply.code: line for line, supply in queries.lines_of(found)}
