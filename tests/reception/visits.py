"""What the tests of reception do again and again: record a visit, touch a verb, look at the row."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.blueprints.reception.models import Visit
from portal.kernel import clock, history
from portal.kernel.db import db
from tests.client import CarefulClient


def a_visit(client: CarefulClient, category: str, **fields: Any) -> str:
    """Somebody who stands at the desk, or is expected where `starts_at` is given; the number."""
    usual: dict[str, Any] = {"category": category, "visitor_name": "王建国", "party_size": "1"}
    answer = client.send("/reception/visits/new", **(usual | fields))
    assert answer.status_code == 303, answer.text
    found = re.search(r"LF-\d{8}-\d{4}", answer.headers["Location"])
    assert found, answer.headers
    return found[0]


def do(client: CarefulClient, number: str, verb: str, status: int = 303, **fields: Any) -> TestResponse:
    """Touch one verb and see how it is answered."""
    answer = client.send(f"/reception/visits/{number}/{verb}", **fields)
    assert answer.status_code == status, answer.text
    return answer


def load(app: Flask, number: str) -> Visit:
    """The visit as the database has it."""
    with app.app_context():
        db.session.rollback()
        visit = db.session.query(Visit).filter_by(number=number).one()
        db.session.expunge(visit)
        db.session.remove()
    return visit


def events(app: Flask, number: str) -> list[str]:
    """The events of a visit's history, oldest first."""

    with app.app_context():
        visit = db.session.query(Visit).filter_by(number=number).one()
        found = [event.event for event in reversed(history.events(visit))]
        db.session.remove()
    return found


def inbox(app: Flask, username: str) -> list[str]:
    """The kinds of messages that somebody has, oldest first."""
    from portal.kernel.inbox import Notice
    from tests import factories

    person = factories.id_of(app, username)
    with app.app_context():
        rows = db.session.query(Notice).filter_by(person_id=person).order_by(Notice.id).all()
        found: list[Any] = [row.kind for row in rows]
        db.session.remove()
    return found


def now_in(app: Flask) -> Any:
    """The application's present moment."""
    with app.app_context():
        return clock.now()
