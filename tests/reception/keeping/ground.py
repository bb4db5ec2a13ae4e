"""Visits, tags and keys for the tests of what is held and lent; a test names only what it is about."""

from __future__ import annotations

from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.keeping import actions
from portal.blueprints.reception.keeping.codes import Direction, Document, Thing
from portal.blueprints.reception.keeping.models import Key, Tag
from portal.blueprints.reception.models import Visit
from portal.kernel import clock, history, reference
from portal.kernel.db import db
from tests import factories

NUMBERS = count(1)
STORE: dict[str, Any] = {"tag": "7", "thing": "umbrella", "pieces": "1", "name": "赵女士"}
LEND: dict[str, Any] = {"key": "K-1", "borrower": "emp.tech", "document": "work_card", "handed_back": "y"}
GOODS: dict[str, Any] = {
    "direction": "out", "what": "待修工控机", "amount": "1 台", "carrier": "李工", "department": "tech",
}  # fmt: skip


def a_visit(app: Flask, **chosen: Any) -> str:
    """Somebody who is in the house; the visit's number."""
    with app.app_context():
        now = clock.now()
        usual: dict[str, Any] = {
            "number": f"LF-20260302-{next(NUMBERS):04}", "day": "2026-03-02", "category": Category.C,
            "state": State.WAITING, "state_since": now, "visitor_name": "孙国平", "phone": "13900005678",
            "created_at": now, "created_by_id": factories.viewer("desk1").id,
        }  # fmt: skip
        with db.write():
            visit = Visit(**(usual | chosen))
            db.session.add(visit)
        return visit.number


def visit(app: Flask, number: str) -> Visit:
    """The visit as it stands."""
    with app.app_context():
        return db.session.scalars(sa.select(Visit).where(Visit.number == number)).one()


def stock(app: Flask) -> None:
    """Tags 1 to 40 and three keys."""
    with app.app_context(), db.write():
        db.session.add_all(Tag(number=number) for number in range(1, 41))
        db.session.add_all(
            Key(number=f"K-{n}", opens=f"{n} 号会议室", opens_en=f"Room {n}") for n in (1, 2, 3)
        )


def stored(app: Flask, by: str = "desk1", **chosen: Any) -> str:
    """A deposit under tag 7 unless chosen otherwise; its number."""
    usual: dict[str, Any] = {"tag": 7, "thing": Thing.BAG, "name": "赵女士"}
    with app.app_context():
        who = factories.viewer(by)
        with db.write():
            return actions.store(by=who, now=clock.now(), **(usual | chosen)).number


def lent(app: Flask, borrower: str = "emp.tech", **chosen: Any) -> str:
    """Key K-1 lent to somebody of the house unless a visit is chosen; the loan's number."""
    usual: dict[str, Any] = {"key": "K-1", "document": Document.WORK_CARD}
    with app.app_context():
        who = factories.viewer("desk1")
        if "visit" not in chosen:
            usual["borrower"] = reference.staff().by_username(borrower)
        with db.write():
            return actions.lend(by=who, now=clock.now(), **(usual | chosen)).number


def asked(app: Flask, by: str = "emp.tech", **chosen: Any) -> str:
    """A pass for goods that technology takes out, unless chosen otherwise; its number."""
    usual: dict[str, Any] = {**GOODS, "direction": Direction.OUT}
    with app.app_context():
        who = factories.viewer(by)
        with db.write():
            return actions.ask(by=who, now=clock.now(), **(usual | chosen)).number


def lines(app: Flask, subject: Any) -> list[history.Line]:
    """What history tells of a thing, in order."""
    ours = sa.and_(history.Line.subject_kind == subject.history_kind, history.Line.subject_id == subject.id)
    with app.app_context():
        return list(db.session.scalars(sa.select(history.Line).where(ours).order_by(history.Line.id)))
