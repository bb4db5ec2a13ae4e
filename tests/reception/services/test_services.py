"""Meals and lodging: asked for by the lead, arranged by the desk or the host, cost, done (RC-12)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.services.actions import erase
from portal.blueprints.reception.services.codes import ServiceKind, State
from portal.blueprints.reception.services.models import Service
from portal.kernel import history
from portal.kernel.db import db
from portal.kernel.history import Text
from portal.kernel.todos import Todo
from tests.client import CarefulClient
from tests.conftest import As
from tests.house.test_statements import MOST, statements
from tests.reception.visits import a_visit, do, inbox

ASK: dict[str, Any] = {
    "kind": "meal",
    "wanted_on": "2026-03-03",
    "persons": "4",
    "what": "江南春",
    "companion": "gm",
}


def ask(client: CarefulClient, number: str, status: int = 303, **chosen: Any) -> str:
    """Ask on the visit's page; the answer's text."""
    answer = client.send(f"/reception/visits/{number}/services/ask", **(ASK | chosen))
    assert answer.status_code == status, answer.text
    return answer.text


def act(client: CarefulClient, service: int, verb: str, status: int = 303, **fields: Any) -> str:
    answer = client.send(f"/reception/services/{service}/{verb}", **fields)
    assert answer.status_code == status, answer.text
    return answer.text


def services(app: Flask) -> list[Service]:
    with app.app_context():
        db.session.rollback()
        rows = db.session.query(Service).order_by(Service.id).all()
        db.session.expunge_all()
        db.session.remove()
    return list(rows)


def waiting(app: Flask) -> list[tuple[str, str]]:
    """What waits for whom about meals and lodging."""
    with app.app_context():
        rows = db.session.query(Todo).filter_by(subject_kind="service").order_by(Todo.id).all()
        found = [(row.kind, row.audience) for row in rows]
        db.session.remove()
    return found


def a_guest(as_: As, **more: Any) -> str:
    return a_visit(as_("desk1"), "B", host="emp.tech", purpose="看样机", starts_at="2026-03-03T10:00", **more)


@pytest.mark.clause("RC-12")
def test_the_host_asks_the_lead_agrees_the_desk_arranges_and_enters_the_cost(any_app: Flask, as_: As) -> None:
    app, number = any_app, a_guest(as_)
    ask(as_("emp.tech"), number)
    (service,) = services(app)
    assert (service.state, service.kind, service.persons) == (State.ASKED, ServiceKind.MEAL, 4)
    assert waiting(app) == [("service-approve", "lead:tech")]
    assert "service:ask" in inbox(app, "lead.tech")
    act(as_("desk1"), service.id, "arrange", 409, what="江南春")
    act(as_("emp.tech"), service.id, "approve", 403)
    act(as_("lead.tech"), service.id, "approve")
    assert waiting(app) == [("service-arrange", "desk")]
    act(as_("desk1"), service.id, "arrange", what="江南春", cost="500")
    assert waiting(app) == [("service-done", "desk")]
    assert "service:arranged" in inbox(app, "emp.tech")
    act(as_("desk2"), service.id, "done", cost="486.50")
    (service,) = services(app)
    assert (service.state, service.cost) == (State.DONE, 48_650)
    assert waiting(app) == []
    act(as_("desk1"), service.id, "cancel", 409)


@pytest.mark.clause("RC-12")
def test_the_leads_own_asking_is_agreed_at_once_and_the_host_may_arrange(app: Flask, as_: As) -> None:
    number = a_guest(as_)
    ask(as_("lead.tech"), number, what="")
    (service,) = services(app)
    assert service.state is State.AGREED
    assert "RC-12" in act(as_("emp.tech"), service.id, "arrange", 409), "the restaurant is named"
    act(as_("emp.tech"), service.id, "arrange", what="江南春")
    assert "RC-12" in act(as_("emp.tech"), service.id, "done", 409), "the cost is said"
    act(as_("emp.tech"), service.id, "done", cost="0")
    assert services(app)[0].cost == 0


@pytest.mark.clause("RC-12")
def test_what_the_visits_form_wishes_for_waits_for_the_lead(app: Flask, as_: As) -> None:
    number = a_guest(as_, meal="1", lodging="1", party_size="3")
    found = [(s.kind, s.state, s.persons, s.visit_number) for s in services(app)]
    assert found == [(kind, State.ASKED, 3, number) for kind in (ServiceKind.MEAL, ServiceKind.LODGING)]
    form: dict[str, Any] = {
        "visitor_name": "王建国",
        "party_size": "3",
        "host": "emp.tech",
        "meal": "1",
        "purpose": "看样机",
    }
    assert as_("desk1").send(f"/reception/visits/{number}/edit", **form).status_code == 303
    assert len(services(app)) == 2, "once of a kind"


@pytest.mark.clause("RC-12")
def test_a_cancelled_visit_calls_off_its_meals_and_tells_who_arranged_them(app: Flask, as_: As) -> None:
    number = a_guest(as_)
    ask(as_("lead.tech"), number)
    (service,) = services(app)
    act(as_("desk1"), service.id, "arrange")
    do(as_("emp.tech"), number, "cancel")
    assert services(app)[0].state is State.CANCELLED
    assert "service:called_off" in inbox(app, "desk1")
    assert waiting(app) == []


def test_reach_right_form_and_stale_edit(app: Flask, as_: As) -> None:
    number = a_guest(as_)
    assert as_("emp.impl").get(f"/reception/visits/{number}/services").status_code == 404
    ask(as_("emp.impl"), number, 404)
    ask(as_("lead.admin"), number, 403)
    wrong = ask(as_("emp.tech"), number, 422, persons="0", what="江南春酒楼")
    assert "江南春酒楼" in wrong
    ask(as_("lead.tech"), number)
    (service,) = services(app)
    act(as_("emp.impl"), service.id, "arrange", 404)
    act(as_("desk1"), 9999, "arrange", 404)
    assert "12.345" in act(as_("desk1"), service.id, "arrange", 422, cost="12.345")
    act(as_("desk1"), service.id, "arrange", version=str(service.version))
    act(as_("desk2"), service.id, "arrange", 409, version=str(service.version))
    act(as_("lead.tech"), service.id, "cancel")
    assert as_("emp.impl").get("/reception/services/export").status_code == 403


def test_the_list_of_a_month_sums_up_and_exports(any_app: Flask, as_: As) -> None:
    number = a_guest(as_)
    for cost, day in (("100.10", "2026-03-03"), ("0.20", "2026-03-31"), ("7", "2026-04-01")):
        ask(as_("lead.tech"), number, wanted_on=day)
        act(as_("desk1"), services(any_app)[-1].id, "done", cost=cost)
    ask(as_("lead.tech"), number, kind="lodging", wanted_on="2026-03-04")
    act(as_("desk1"), services(any_app)[-1].id, "cancel")
    page = as_("desk1").get("/reception/services/?month=2026-03").text
    assert "100.30" in page
    assert page.count("data-row") == 3
    assert "7.00" in as_("desk1").get("/reception/services/?month=2026-04").text
    assert as_("lead.impl").get("/reception/services/?month=2026-03").text.count("data-row") == 0
    answer = as_("desk1").get("/reception/services/export?month=2026-03&kind=meal")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert [row[12].value for row in sheet.iter_rows(min_row=2)] == [0.2, 100.1]


def test_the_pages_cost_few_statements(app: Flask, as_: As) -> None:
    number = a_guest(as_)
    ask(as_("lead.tech"), number)
    for address in ("/reception/services/?month=2026-03", f"/reception/visits/{number}/services"):
        one = statements(as_("desk1"), address)
        for _ in range(3):
            ask(as_("lead.tech"), number)
        many = statements(as_("desk1"), address)
        assert len(one) == len(many) <= MOST, "\n".join(many)


@pytest.mark.clause("RC-20")
def test_what_was_written_is_erased_and_the_cost_stays(any_app: Flask, as_: As) -> None:
    number = a_guest(as_)
    ask(as_("lead.tech"), number, what="标记酒楼", note="标记忌口")
    service = services(any_app)[0]
    act(as_("desk1"), service.id, "done", cost="88", note="标记付款")
    with any_app.app_context():
        with db.write():
            erase(db.session.query(Visit).filter_by(number=number).one().id)
        row = db.session.query(Service).one()
        assert (row.what, row.note, row.cost) == ("", "", 8_800)
        kept = db.session.query(Text.words).join(history.Line, history.Line.id == Text.line_id)
        words = [text for (text,) in kept.filter(history.Line.subject_kind == "service")]
        assert not any("标记" in (text or "") for text in words)
        db.session.remove()
