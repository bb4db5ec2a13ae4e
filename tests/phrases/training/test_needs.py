"""A closed case asks for somebody's training: assigned, done, and the case stays out of that person's sight (GO-02)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.improvements.codes import State as ImprovementState
from portal.blueprints.phrases.training.models import TrainingNeed
from portal.kernel.db import db
from tests import factories
from tests.complaints.improvements.making import raised
from tests.conftest import As, At
from tests.phrases.training.making import Made, a_quiz, a_session, drawn_from
from tests.phrases.training.test_quizzes import begun, handed_in

WISH: dict[str, Any] = {"person": "emp.tech", "topic": "communication", "what": "来电答复的用语"}
NEED = "/phrases/training/needs/XQ-20260302-0001"


@pytest.fixture(autouse=True)
def made() -> Iterator[Made]:
    """What quizzes are drawn from."""
    source = Made()
    with drawn_from(source):
        yield source


@pytest.fixture
def case(app: Flask) -> str:
    """An archived case about emp.tech with a mistake; its number."""
    who = factories.id_of(app, "emp.tech")
    return factories.a_case(app, State.ARCHIVED, handler="sup.tech", person_concerned_id=who)


@pytest.mark.clause("GO-02")
def test_the_person_learns_what_is_to_be_learnt_and_nothing_of_the_case(
    app: Flask, as_: As, case: str
) -> None:
    lead, office, person = as_("lead.tech"), as_("office1"), as_("emp.tech")
    assert f"/complaints/{case}/retraining" in lead.get(f"/complaints/{case}").text
    here = f"/complaints/{case}/retraining"
    assert lead.send(here, **WISH | {"what": " "}).status_code == 422
    for _ in range(2):
        assert lead.send(here, **WISH, idempotency_key="k").status_code == 303
    assert "XQ-20260302-0001" in lead.get(here).text
    assert "XQ-20260302-0002" not in lead.get(here).text
    again = lead.send(here, **WISH)
    assert (again.status_code, "GO-02" in again.text) == (409, True)
    assert "Assign a training" in office.get("/").text
    assert case in office.get(NEED).text
    assert case in lead.get(NEED).text
    assert "来电答复的用语" in person.get(NEED).text
    for address in (NEED, "/", "/notifications/", "/phrases/training/", "/phrases/training/needs/"):
        assert case not in person.get(address).text, address
    assert person.get(here).status_code == person.get(f"/complaints/{case}").status_code == 404
    assert as_("lead.impl").get(NEED).status_code == as_("sup.tech").get(NEED).status_code == 404
    assert "Training asked for" in lead.get(f"/complaints/{case}").text
    assert factories.history_faults(app) == []


@pytest.mark.clause("GO-02")
def test_it_is_assigned_to_a_quiz_and_done_when_that_is_passed(app: Flask, as_: As, case: str) -> None:
    quiz = a_quiz(app)
    lead, person = as_("lead.tech"), as_("emp.tech")
    assert lead.send(f"/complaints/{case}/retraining", **WISH).status_code == 303
    assert person.send(f"{NEED}/assign", quiz=quiz).status_code == 403
    assert lead.send(f"{NEED}/assign").status_code == 422
    assert lead.send(f"{NEED}/assign", quiz=quiz, due_on="2026-03-10").status_code == 303
    assert "Be trained" in person.get("/").text
    assert "A training is assigned to you." in person.get("/notifications/").text
    failed = begun(app, person)
    assert handed_in(app, person, failed, wrong=5) == 303
    assert "Be trained" in person.get("/").text


@pytest.mark.clause("GO-02")
def test_a_quiz_passed_or_a_session_held_meets_it(app: Flask, as_: As, at: At, case: str) -> None:
    quiz, session = a_quiz(app), a_session(app, "emp.admin")
    lead, person = as_("lead.tech"), as_("emp.tech")
    here = f"/complaints/{case}/retraining"
    assert lead.send(here, **WISH).status_code == 303
    assert lead.send(here, **WISH | {"topic": "skills", "what": "登记"}).status_code == 303
    assert lead.send(f"{NEED}/assign", quiz=quiz).status_code == 303
    assert lead.send(f"{NEED[:-1]}2/assign", session=session).status_code == 303
    assert handed_in(app, person, begun(app, person)) == 303
    assert ">Done<" in person.get(NEED).text
    assert "A training that you asked for is done." in lead.get("/notifications/").text
    at("Mon 2026-03-02 10:05")
    assert person.send(f"/phrases/training/sessions/{session}/sign-in").status_code == 303, "invited with it"
    assert (
        lead.send(
            f"/phrases/training/sessions/{session}/mark", person="emp.admin", presence="late"
        ).status_code
        == 303
    )
    assert lead.send(f"/phrases/training/sessions/{session}/held").status_code == 303
    assert ">Done<" in person.get(f"{NEED[:-1]}2").text
    assert ">Done<" in lead.get(here).text
    assert lead.send(f"{NEED}/drop", reason="x").status_code == 409


@pytest.mark.clause("GO-02")
def test_a_session_called_off_leaves_the_need_waiting(app: Flask, as_: As, case: str) -> None:
    session, lead = a_session(app), as_("lead.tech")
    assert lead.send(f"/complaints/{case}/retraining", **WISH).status_code == 303
    assert lead.send(f"{NEED}/assign", session=session).status_code == 303
    assert lead.send(f"/phrases/training/sessions/{session}/cancel", reason="讲师生病").status_code == 303
    assert "To be assigned" in lead.get(NEED).text
    assert lead.send(f"{NEED}/drop", reason="已口头辅导").status_code == 303


@pytest.mark.clause("GO-02")
@pytest.mark.clause("CP-34")
def test_who_may_ask_when_and_for_whom(app: Flask, as_: As, case: str) -> None:
    here = f"/complaints/{case}/retraining"
    assert as_("desk1").send(here, **WISH).status_code == 403
    assert as_("lead.impl").send(here, **WISH).status_code == 404
    others = as_("lead.tech").send(here, **WISH | {"person": "emp.impl"})
    assert (others.status_code, "GO-02" in others.text) == (409, True)
    assert as_("office1").send(here, **WISH | {"person": "emp.impl"}).status_code == 303
    assert as_("office1").send(here, **WISH | {"person": "lead.tech"}).status_code == 303
    own = as_("lead.tech").send(f"{NEED[:-1]}2/drop", reason="我会")
    assert own.status_code == 403, "nobody decides about the own training"
    open_ = factories.a_case(app, State.REPORTED)
    early = as_("lead.tech").send(f"/complaints/{open_}/retraining", **WISH)
    assert (early.status_code, "GO-02" in early.text) == (409, True)
    inquiry = factories.a_case(app, State.WITHDRAWN)
    none = as_("office1").send(f"/complaints/{inquiry}/retraining", **WISH)
    assert (none.status_code, "CP-34" in none.text) == (409, True)
    assert "retraining" not in as_("lead.tech").get(f"/complaints/{open_}").text


@pytest.mark.clause("GO-02")
@pytest.mark.clause("CP-21")
def test_an_improvement_case_asks_once_its_cause_is_known(app: Flask, as_: As) -> None:
    fresh = raised(app, state=ImprovementState.ASSIGNED)
    lead = as_("lead.tech")
    here = f"/complaints/improvements/{fresh}/retraining"
    early = lead.send(here, **WISH)
    assert (early.status_code, "CP-21" in early.text) == (409, True)
    planned = raised(app, state=ImprovementState.PLANNED)
    here = f"/complaints/improvements/{planned}/retraining"
    assert here in lead.get(f"/complaints/improvements/{planned}").text
    assert lead.send(here, **WISH).status_code == 303
    assert planned in lead.get(NEED).text
    assert planned not in as_("emp.tech").get(NEED).text


@pytest.mark.clause("GO-02")
def test_the_database_keeps_one_wish_of_a_kind(any_app: Flask, as_: As) -> None:
    case = factories.a_case(any_app, State.ARCHIVED)
    assert as_("lead.tech").send(f"/complaints/{case}/retraining", **WISH).status_code == 303
    table = TrainingNeed.__table__
    with any_app.app_context():
        row = db.session.execute(sa.select(table)).mappings().one()
        twin = {name: value for name, value in row.items() if name != "id"} | {"number": "XQ-X"}
        with pytest.raises(DatabaseError), db.write():
            db.session.execute(sa.insert(table).values(**twin))  # type: ignore[arg-type]  # it is a table
