"""An assessment from its draft to its end: who rates whom, what the records propose, objection and correction (GO-03)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.phrases.assessment import queries
from portal.blueprints.phrases.assessment.models import Period, Result, Sheet
from portal.kernel import accounts, clock, policies, retraining
from portal.kernel.db import db
from portal.kernel.rights import Position
from portal.kernel.workflow import Refused
from tests import factories
from tests.conftest import As, At, client_of

NEW = "/phrases/assessments/new"
PERIOD: dict[str, Any] = {
    "name": "第一季度考核", "begins": "2026-01-01", "ends": "2026-03-31", "department_tech": "y",
    "weight_attitude": "25", "weight_skill": "25", "weight_efficiency": "25", "weight_satisfaction": "25",
    "weight_self": "20", "weight_superior": "50", "weight_customer": "30",
}  # fmt: skip
MARKS: dict[str, Any] = {"attitude": "90", "skill": "80", "efficiency": "100", "satisfaction": "70"}


def the_period(app: Flask) -> str:
    with app.app_context():
        number: str = db.session.scalars(sa.select(Period.number).order_by(Period.id.desc())).first()  # type: ignore[assignment]
    return f"/phrases/assessments/{number}"


def the_sheet(app: Flask, username: str) -> str:
    with app.app_context():
        person = accounts.find(username).id
        number = db.session.scalars(sa.select(Sheet.number).where(Sheet.person_id == person)).one()
    return f"/phrases/assessments/sheets/{number}"


@pytest.fixture
def here(request: pytest.FixtureRequest) -> Flask:
    """The application of the test, on either database where it asks for both."""
    found: Flask = request.getfixturevalue("any_app" if "any_app" in request.fixturenames else "app")
    return found


@pytest.fixture
def as_(here: Flask) -> As:
    """A new browser each time: days pass here, and nobody stays logged in over them."""
    return lambda username: client_of(here, username)


@pytest.fixture
def opened(here: Flask, as_: As, at: At) -> str:
    """An assessment of technology: its lead, a supervisor and an employee rate themselves."""
    at("Mon 2026-03-30 09:00")
    office = as_("office1")
    assert office.send(NEW, **PERIOD).status_code == 303
    period = the_period(here)
    assert office.send(f"{period}/open").status_code == 303
    return period


@pytest.fixture
def rated(here: Flask, as_: As, at: At, opened: str) -> str:
    """The same when the superiors have rated; emp.tech kept one first contact in time."""
    factories.a_case(here, CaseState.ACCEPTED)
    factories.do(here, "lead.tech", "contact", number_of_case(here), note="已联系")
    assert (
        as_("emp.tech").send(f"{the_sheet(here, 'emp.tech')}/self-rate", **MARKS, note="尽力了").status_code
        == 303
    )
    at("Wed 2026-04-01 09:00")
    assert as_("office1").send(f"{opened}/collect").status_code == 303
    for superior, person in (("lead.tech", "emp.tech"), ("lead.tech", "sup.tech"), ("gm", "lead.tech")):
        assert as_(superior).send(f"{the_sheet(here, person)}/rate", **MARKS).status_code == 303, person
    return opened


def number_of_case(app: Flask) -> str:
    from portal.blueprints.complaints.models import Case

    with app.app_context():
        return db.session.scalars(sa.select(Case.number)).one()


@pytest.mark.clause("GO-03")
@pytest.mark.parametrize(
    "wrong",
    [{"weight_skill": "26"}, {"weight_customer": "29"}, {"ends": "2025-12-31"}, {"ends": "2027-12-31"}, {"name": " "},
     {"weight_self": "-1"}],
)  # fmt: skip
def test_weights_make_a_hundred_and_a_time_has_an_end(app: Flask, as_: As, wrong: dict[str, Any]) -> None:
    answer = as_("office1").send(NEW, **PERIOD | wrong)
    assert answer.status_code == 422
    assert "第一季度考核" in answer.text or "name" in wrong
    with app.app_context():
        assert db.session.scalars(sa.select(Period)).all() == []


@pytest.mark.clause("GO-03")
def test_whoever_takes_part_is_asked_and_the_rest_knows_nothing(
    app: Flask, as_: As, at: At, opened: str
) -> None:
    assert "Rate yourself" in as_("emp.tech").get("/").text
    assert "please rate yourself" in as_("emp.tech").get("/notifications/").text
    own = the_sheet(app, "emp.tech")
    for username, code in (("emp.tech", 200), ("lead.tech", 200), ("gm", 200), ("office1", 200), ("sup.tech", 404),
                           ("emp.impl", 404), ("lead.impl", 404), ("desk1", 404)):  # fmt: skip
        assert as_(username).get(own).status_code == code, username
    assert as_("emp.impl").get(opened).status_code == 404
    assert as_("lead.tech").send(f"{own}/self-rate", **MARKS).status_code == 403
    assert as_("lead.tech").send(f"{own}/rate", **MARKS).status_code == 409
    assert as_("emp.tech").send(f"{own}/self-rate", **MARKS | {"skill": "101"}).status_code == 422
    assert as_("emp.tech").send(f"{own}/self-rate", **MARKS).status_code == 303
    assert "Rate yourself" not in as_("emp.tech").get("/").text
    at("Tue 2026-03-31 12:00")
    early = as_("office1").send(f"{opened}/collect")
    assert (early.status_code, "GO-03" in early.text) == (409, True)
    at("Wed 2026-04-08 10:00")
    assert {"sup.tech", "lead.tech"} <= set(" ".join(factories.sweep(app)).replace(",", " ").split())


@pytest.mark.clause("GO-03")
def test_a_lead_is_rated_by_the_manager_and_nobody_rates_themselves(app: Flask, as_: As, rated: str) -> None:
    lead = the_sheet(app, "lead.tech")
    assert as_("lead.tech").send(f"{lead}/rate", **MARKS).status_code == 403
    factories.a_seat(app, Position.GENERAL_MANAGER, holder="gm", deputy="lead.tech")
    own = as_("lead.tech").send(f"{lead}/rate", **MARKS)
    assert (own.status_code, "GO-03" in own.text) == (409, True)
    assert "Rate as superior" not in as_("lead.tech").get(lead).text
    with app.app_context():
        assert "gm" not in [card.username for card, _ in queries.people(Period(departments="", roles=""))]


@pytest.mark.clause("GO-03")
def test_whoever_departs_from_the_records_says_why(app: Flask, as_: As, rated: str) -> None:
    own, lead = the_sheet(app, "emp.tech"), as_("lead.tech")
    page = lead.get(own).text
    assert "First contacts in time" in page
    assert "100 × 1 ÷ 1 = 100" in page
    bare = lead.send(f"{own}/rate", **MARKS | {"efficiency": "60"})
    assert (bare.status_code, "Efficiency" in bare.text, "GO-03" in bare.text) == (409, True, True)
    assert (
        lead.send(f"{own}/rate", **MARKS | {"efficiency": "60", "why_efficiency": "两次拖延"}).status_code
        == 303
    )
    assert "两次拖延" in lead.get(own).text
    hidden = as_("emp.tech").get(own).text
    assert "两次拖延" not in hidden
    assert "First contacts in time" not in hidden
    assert "Rated by the superior" not in hidden


@pytest.mark.clause("GO-03")
def test_a_result_is_published_when_everybody_is_rated(app: Flask, as_: As, at: At, opened: str) -> None:
    at("Wed 2026-04-01 09:00")
    office = as_("office1")
    assert office.send(f"{opened}/collect").status_code == 303
    assert "Rate as superior" in as_("lead.tech").get("/").text
    early = office.send(f"{opened}/publish")
    assert (early.status_code, "李工" in early.text, "GO-03" in early.text) == (409, True, True)


@pytest.mark.clause("GO-03")
@pytest.mark.clause("GO-01")
def test_objection_answer_and_correction(any_app: Flask, as_: As, at: At, rated: str) -> None:
    own, office, person = the_sheet(any_app, "emp.tech"), as_("office1"), as_("emp.tech")
    assert office.send(f"{rated}/publish").status_code == 303
    # self and superior said the same; the customers nothing: 85 whatever the weights
    assert "85.00" in person.get(own).text
    assert "their weight is shared" in person.get(own).text
    assert person.send(f"{own}/object", text="效率应更高").status_code == 303
    again = person.send(f"{own}/object", text="再说一次")
    assert (again.status_code, "GO-03" in again.text) == (409, True)
    assert "Answer the objection" in office.get("/").text
    open_ = office.send(f"{rated}/close")
    assert (open_.status_code, "李工" in open_.text) == (409, True)
    assert office.send(f"{own}/answer", outcome="upheld", answer="属实").status_code == 303
    assert office.send(f"{own}/answer", outcome="declined", answer="再答").status_code == 409
    assert office.send(f"{own}/correct", **MARKS | {"skill": "100"}).status_code == 422
    assert "not corrected yet" in office.send(f"{rated}/close").text
    assert office.send(f"{own}/correct", **MARKS | {"skill": "100"}, reason="漏计一项技能").status_code == 303
    page = person.get(own).text
    assert "漏计一项技能" in page
    assert "88.57" in page  # skill: (20·80 + 50·100) of 70
    assert "85.00" in page
    refused = office.send(f"{own}/retrain", topic=next(iter(retraining.topics())), what="产品知识")
    assert (refused.status_code, "GO-03" in refused.text) == (409, True)
    late = office.send(f"{rated}/close")
    assert "may still object" in late.text
    at("Thu 2026-04-16 18:00")
    assert as_("emp.tech").send(f"{own}/object", text="太晚").status_code == 409
    assert as_("office1").send(f"{rated}/close").status_code == 303
    assert factories.history_faults(any_app) == []
    with any_app.app_context(), pytest.raises(DatabaseError), db.write():
        db.session.execute(sa.update(Result).values(score=100))


@pytest.mark.clause("GO-03")
def test_an_office_person_does_not_judge_the_own_sheet(app: Flask, as_: As, at: At) -> None:
    at("Wed 2026-04-01 09:00")
    office, other = as_("office1"), as_("office2")
    whom = {"department_tech": None, "department_office": "y"}
    assert office.send(NEW, **PERIOD | whom).status_code == 303
    period = the_period(app)
    for verb in ("open", "collect"):
        assert office.send(f"{period}/{verb}").status_code == 303
    own = the_sheet(app, "office1")
    for person in ("office1", "office2"):
        assert as_("gm").send(f"{the_sheet(app, person)}/rate", **MARKS).status_code == 303
    assert office.send(f"{period}/publish").status_code == 303
    assert office.send(f"{own}/object", text="不同意").status_code == 303
    for verb, form in (
        ("answer", {"outcome": "upheld", "answer": "是"}),
        ("correct", MARKS | {"reason": "改"}),
    ):
        refused = office.send(f"{own}/{verb}", **form)
        assert (refused.status_code, "GO-03" in refused.text) == (409, True), verb
        assert other.send(f"{own}/{verb}", **form).status_code == 303, verb


@pytest.mark.clause("GO-03")
def test_a_result_below_the_mark_leads_to_training(app: Flask, as_: As, rated: str) -> None:
    low: dict[str, Any] = dict.fromkeys(MARKS, "20") | {f"why_{name}": "多次提醒" for name in MARKS}
    own, lead, person = the_sheet(app, "emp.tech"), as_("lead.tech"), as_("emp.tech")
    assert lead.send(f"{own}/rate", **low).status_code == 303
    assert as_("office1").send(f"{rated}/publish").status_code == 303
    assert "Retraining is proposed" in person.get(own).text
    topic = next(iter(retraining.topics()))
    wish: dict[str, Any] = {"topic": topic, "what": "产品知识"}
    assert person.send(f"{own}/retrain", **wish).status_code == 403
    assert lead.send(f"{own}/retrain", **wish | {"what": ""}).status_code == 422
    assert lead.send(f"{own}/retrain", **wish).status_code == 303
    again = lead.send(f"{own}/retrain", **wish)
    assert (again.status_code, "GO-02" in again.text) == (409, True)
    assert "产品知识" in person.get(own).text


@pytest.mark.clause("GO-03")
def test_an_assessment_of_nobody_is_not_opened(app: Flask, as_: As) -> None:
    assert as_("office1").send(NEW, **PERIOD, role_office="y").status_code == 303
    refused = as_("office1").send(f"{the_period(app)}/open")
    assert (refused.status_code, "GO-03" in refused.text) == (409, True)


@pytest.mark.clause("GO-03")
def test_grades_stay_in_order(app: Flask) -> None:
    with app.app_context():
        by, now = accounts.find("office1").id, clock.now()
        with pytest.raises(Refused), db.write():
            policies.set_value("assessment.grade.good", "95", from_=now, reason="试", by=by, now=now)


def test_pages_forms_and_workbook(app: Flask, as_: As, rated: str) -> None:
    office = as_("office1")
    assert office.send(f"{rated}/publish").status_code == 303
    own = the_sheet(app, "emp.tech")
    for address in (
        "/phrases/assessments/",
        NEW,
        rated,
        f"{rated}?grade=good&waiting=1",
        own,
        f"{own}/print",
    ):
        assert office.get(address).status_code == 200, address
    for username in ("office1", "lead.tech"):
        assert as_(username).get(f"{rated}/export").status_code == 200
    assert "85.00" in as_("emp.tech").get("/phrases/assessments/").text
    assert "sup.tech" not in as_("emp.tech").get(rated).text
    for _ in range(2):
        assert office.send(NEW, **PERIOD | {"name": "第二次"}, idempotency_key="k").status_code == 303
    assert office.send(f"{the_period(app)}/edit", **PERIOD | {"name": "改名"}).status_code == 303
    assert "改名" in office.get("/phrases/assessments/").text
    with app.app_context():
        assert len(db.session.scalars(sa.select(Period)).all()) == 2
