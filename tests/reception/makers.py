"""Small makers for what the desk's books are tested with."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from flask import Flask

from portal.blueprints.reception import queries
from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.parcels import actions as parcels
from portal.blueprints.reception.parcels.codes import ParcelKind
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.questions import actions as questions
from portal.blueprints.reception.questions.codes import Outcome
from portal.blueprints.reception.questions.models import Question
from portal.kernel import clock, numbers, reference, search
from portal.kernel.db import db
from portal.kernel.people import Card
from tests import factories


def card(username: str) -> Card:
    """Somebody by user name; inside an application context."""
    found = reference.staff().by_username(username)
    assert found is not None
    return found


def a_visit(app: Flask, **chosen: Any) -> Visit:
    """A visitor who stands there."""
    with app.app_context(), db.write():
        now = clock.now()
        usual: dict[str, Any] = {
            "number": numbers.take("LF", now), "day": "2026-03-02", "category": Category.C, "state": State.ARRIVED,
            "state_since": now, "visitor_name": "陈桂芳", "created_at": now,
            "created_by_id": factories.viewer("desk1").id,
        }  # fmt: skip
        visit = Visit(**(usual | chosen))
        db.session.add(visit)
        db.session.flush()
        search.put("visit", visit.id, old=None, new=queries.searchable(visit))
        db.session.expunge(visit)
        return visit


def a_question(app: Flask, by: str = "desk1", person: str = "", **chosen: Any) -> Question:
    """A question that the desk asks technology unless chosen otherwise; detached."""
    usual: dict[str, Any] = {
        "question": "扫码枪的接口可以开放吗？", "outcome": Outcome.ASK, "department": "" if person else "tech",
        "asker_name": "陈桂芳", "phone": "13900001234",
    }  # fmt: skip
    with app.app_context(), db.write():
        who = card(person) if person else None
        given = usual | {"person": who} | chosen
        return questions.record(by=factories.viewer(by), now=clock.now(), **given)


def answered(app: Flask, question: str, answer: str = "可以", **chosen: Any) -> Question:
    """A question that was known at once."""
    given: dict[str, Any] = {"outcome": Outcome.ANSWER, "department": "admin"} | chosen
    return a_question(app, question=question, answer=answer, **given)


def a_parcel(app: Flask, recipient: str = "emp.tech", by: str = "desk1", **chosen: Any) -> Parcel:
    """An express delivery for somebody; `recipient=""` with a department for a department. Detached."""
    usual: dict[str, Any] = {
        "kind": ParcelKind.EXPRESS,
        "sender": "顺丰速运",
        "tracking": "SF139",
        "place": "A1",
    }
    with app.app_context(), db.write():
        who = card(recipient) if recipient else None
        return parcels.take_in(by=factories.viewer(by), now=clock.now(), recipient=who, **(usual | chosen))


def cells(book: bytes) -> list[list[Any]]:
    """Every row of a workbook's sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    return [list(row) for row in sheet.values]
