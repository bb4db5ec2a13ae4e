"""A quiz is taken: drawn once, kept as it is answered, handed in once, passed until its documents change (GO-02)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from portal.blueprints.phrases.training.models import Attempt
from portal.blueprints.phrases.training.quizzes import actions, queries
from portal.kernel import clock, policies
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At, client_of
from tests.faults.test_races import together
from tests.phrases.training.making import (
    Made,
    a_quiz,
    a_session,
    drawn_from,
    filled_in,
    questions_of,
    the_paper,
)

QUIZ = "/phrases/training/quizzes/CY-20260302-0001"


@pytest.fixture
def made() -> Iterator[Made]:
    """What quizzes are drawn from."""
    source = Made()
    with drawn_from(source):
        yield source


def begun(app: Flask, browser: CarefulClient, quiz: str = QUIZ) -> str:
    """The address of a fresh paper."""
    assert browser.send(f"{quiz}/start").status_code == 303
    with app.app_context():
        number = db.session.scalars(sa.select(Attempt.number).order_by(Attempt.id.desc())).first()
    return f"/phrases/training/attempts/{number}"


def handed_in(app: Flask, browser: CarefulClient, paper: str, wrong: int = 0) -> int:
    """Hand a paper in with so many wrong answers; the status."""
    return browser.send(f"{paper}/hand-in", **filled_in(questions_of(app, paper[-16:]), wrong)).status_code


@pytest.mark.clause("GO-02")
def test_a_paper_with_gaps_is_handed_in_on_purpose_only(app: Flask, as_: As, at: At, made: Made) -> None:
    a_quiz(app)
    staff = as_("emp.tech")
    paper = begun(app, staff)
    asked = questions_of(app, paper[-16:])
    fields = {name: value for name, value in filled_in(asked).items() if not name.startswith("q2")}
    refused = staff.send(f"{paper}/hand-in", **fields)
    assert (refused.status_code, "These have no whole answer yet: 2." in refused.text) == (422, True)
    assert 'name="with_gaps"' in refused.text
    assert staff.send(f"{paper}/hand-in", **fields, with_gaps="y").status_code == 303
    assert "4 of 5 right" in staff.get(paper).text


@pytest.mark.clause("GO-02")
def test_it_is_failed_waited_for_and_passed(app: Flask, as_: As, at: At, made: Made) -> None:
    a_quiz(app)
    staff = as_("emp.tech")
    paper = begun(app, staff)
    assert begun(app, staff) == paper, "the paper on the table is gone on with"
    open_ = staff.get(paper).text
    assert ("Hand in" in open_, "Drawn from" in open_, "handbook/PG-04" in open_) == (True, False, False)
    assert "Hand in a quiz" in staff.get("/").text
    assert handed_in(app, staff, paper, wrong=2) == 303
    done = staff.get(paper).text
    assert ("Not passed" in done, "3 of 5 right, 60 per cent" in done, "Drawn from" in done) == (
        True,
        True,
        True,
    )
    assert "Not taken" not in staff.get(QUIZ).text
    for verb in ("hand-in", "save"):  # the rule says it, before the database would
        twice = staff.send(f"{paper}/{verb}", **filled_in(questions_of(app, paper[-16:])))
        assert (twice.status_code, "GO-02" in twice.text) == (409, True), verb
    soon = staff.send(f"{QUIZ}/start")
    assert (soon.status_code, "GO-02" in soon.text, "there is a pause" in soon.text) == (409, True, True)
    at("Mon 2026-03-02 10:01")
    assert handed_in(app, staff, second := begun(app, staff), wrong=1) == 303
    assert "Passed" in staff.get(second).text
    assert second != paper
    assert "Passed" in staff.get("/phrases/training/quizzes/").text
    assert factories.history_faults(app) == []


@pytest.mark.clause("GO-02")
def test_a_day_has_so_many_tries_and_a_figure_says_how_many(app: Flask, as_: As, at: At, made: Made) -> None:
    a_quiz(app)
    staff = as_("emp.tech")
    for when in ("09:00", "10:10", "11:20"):
        at(f"Mon 2026-03-02 {when}")
        assert handed_in(app, staff, begun(app, staff), wrong=5) == 303
    at("Mon 2026-03-02 12:30")
    refused = staff.send(f"{QUIZ}/start")
    assert (refused.status_code, "At most 3 papers" in refused.text) == (409, True)
    at("Tue 2026-03-03 09:00")
    begun(app, client_of(app, "emp.tech"))


@pytest.mark.clause("GO-02")
def test_answers_are_kept_as_they_are_given(app: Flask, as_: As, at: At, made: Made) -> None:
    a_quiz(app, minutes=20)
    staff = as_("emp.tech")
    paper = begun(app, staff)
    fields = filled_in(questions_of(app, paper[-16:]))
    first: dict[str, Any] = {name: value for name, value in fields.items() if name.startswith("q1")}
    kept = staff.send(f"{paper}/save", htmx=True, **first, q9="1", q2="77")
    assert "1 of 5 answered; kept at" in kept.text
    assert re.search(r"checked|selected", staff.get(paper).text), "a lost connection loses nothing"
    for username in ("emp.impl", "lead.tech", "office1"):
        assert as_(username).get(paper).status_code == 404, "an open paper is its taker's alone"
        assert as_(username).send(f"{paper}/save", q1="0").status_code == 404
    rest: dict[str, Any] = {name: value for name, value in fields.items() if name not in first}
    at("Mon 2026-03-02 09:19")
    assert staff.send(f"{paper}/save", **rest).status_code == 303
    at("Mon 2026-03-02 09:25")
    late = staff.send(f"{paper}/save", q1="0")
    assert (late.status_code, "GO-02" in late.text) == (409, True)
    assert (
        staff.send(f"{paper}/hand-in", **filled_in(questions_of(app, paper[-16:]), wrong=5)).status_code
        == 303
    )
    with app.app_context():
        assert the_paper(paper[-16:]).right == 5, "what came behind the end does not count"
    for username, code in (("lead.tech", 200), ("office1", 200), ("lead.impl", 404), ("sup.tech", 404)):
        assert as_(username).get(paper).status_code == code, username
    assert as_("lead.tech").send(f"{paper}/hand-in").status_code == 403


@pytest.mark.clause("GO-02")
def test_the_database_lets_nobody_mark_a_paper_twice_or_draw_two(any_app: Flask, as_: As, made: Made) -> None:
    a_quiz(any_app)
    staff = as_("emp.tech")
    paper = begun(any_app, staff)
    with any_app.app_context():
        found = the_paper(paper[-16:])
        twin = {
            c.name: getattr(found, key)
            for key, c in Attempt.__mapper__.c.items()
            if key not in ("id", "number")
        }
        with pytest.raises(DatabaseError), db.write():
            db.session.execute(sa.insert(Attempt.__table__).values(number="DA-X", **twin))  # type: ignore[arg-type]
    assert handed_in(any_app, staff, paper) == 303
    with any_app.app_context(), pytest.raises(DatabaseError), db.write():
        db.session.execute(sa.update(Attempt.__table__).values(right_answers=0))  # type: ignore[arg-type]


@pytest.mark.clause("GO-02")
def test_two_at_once_get_one_paper_and_hand_it_in_once(any_app: Flask, made: Made) -> None:
    a_quiz(any_app)
    browsers = [client_of(any_app, "emp.tech") for _ in range(2)]
    for browser in browsers:
        browser.csrf()
    told = together(2, lambda place: browsers[place].send(f"{QUIZ}/start"))
    (paper,) = {answer.headers["Location"] for answer in told}
    fields = filled_in(questions_of(any_app, paper[-16:]))
    told = together(2, lambda place: browsers[place].send(f"{paper}/hand-in", **fields))
    assert sorted(answer.status_code for answer in told) == [303, 409]
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("GO-02")
def test_documents_are_replaced_and_the_pass_holds_no_more(
    app: Flask, as_: As, at: At, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_quiz(app)
    staff = as_("emp.tech")
    assert handed_in(app, staff, paper := begun(app, staff)) == 303

    def swept() -> list[str]:
        with app.app_context():
            return list(actions.ask_again(clock.now()))

    assert swept() == []
    with monkeypatch.context() as nobody:
        nobody.setattr(queries, "documents", None)
        assert swept() == [], "a minute later no paper is read again"
    made.version = 2
    assert "To be taken again" in staff.get(paper).text
    assert len(swept()) == 1
    assert swept() == [], "once"
    assert "Take a quiz again" in staff.get("/").text
    assert "take it again" in staff.get("/notifications/").text
    assert ", version 1" in staff.get(paper).text, "the paper tells what it was drawn from"
    again = begun(app, staff)
    assert handed_in(app, staff, again) == 303
    assert "Take a quiz again" not in staff.get("/").text
    assert swept() == []


def test_the_figures_of_clauses_are_asked_as_they_are_now(app: Flask, as_: As) -> None:
    a_quiz(app, kinds=["figure", "order"], chapters=["CP"], questions=50)
    page = as_("emp.tech").get(QUIZ).text
    assert "Too little is in force" in page
    paper = begun(app, as_("emp.tech"))
    asked = questions_of(app, paper[-16:])
    assert len(asked) > 10
    assert {question.clause[:2] for question in asked} == {"CP"}
    with app.app_context():
        for question in asked:
            ref = next(ref for ref in question.refs if ref.kind == "figure")
            assert question.options[question.right[0]].zh == policies.value(ref.code, clock.now())
    assert "working days" in as_("emp.tech").get(paper).text
    with app.app_context(), db.write():
        policies.set_value(
            asked[0].refs[0].code, "9 wd" if " " in asked[0].options[0].zh else "9", from_=clock.now(), reason="试",
            by=factories.viewer("office1").id, now=clock.now(),
        )  # fmt: skip
    assert handed_in(app, as_("emp.tech"), paper) == 303
    assert "To be taken again" in as_("emp.tech").get(paper).text


def test_a_quiz_is_the_offices_and_a_closed_one_is_not_taken(app: Flask, as_: As, made: Made) -> None:
    a_quiz(app)
    office, staff = as_("office1"), as_("emp.tech")
    new: dict[str, Any] = {"name": "礼仪", "topic": "skills", "questions": "3", "kinds": "line"}
    assert staff.send("/phrases/training/quizzes/new", **new).status_code == 403
    assert office.send("/phrases/training/quizzes/new", **new | {"kinds": ""}).status_code == 422
    assert office.send("/phrases/training/quizzes/new", **new).status_code == 303
    assert staff.send(f"{QUIZ}/close").status_code == 403
    assert office.send(f"{QUIZ}/edit", **new, version="99").status_code == 409
    assert office.send(f"{QUIZ}/close").status_code == 303
    closed = staff.send(f"{QUIZ}/start")
    assert (closed.status_code, "GO-02" in closed.text) == (409, True)
    with drawn_from():
        empty = staff.send("/phrases/training/quizzes/CY-20260302-0002/start")
        assert (empty.status_code, "nothing in force" in empty.text) == (409, True)
    with app.app_context(), pytest.raises(Refused), db.write():
        policies.set_value(
            "quiz.pass_mark", "101", from_=clock.now(), reason="试", by=factories.viewer("office1").id, now=clock.now()
        )  # fmt: skip


@pytest.mark.clause("GO-02")
def test_a_training_with_a_quiz_is_done_when_that_is_passed(app: Flask, as_: As, at: At, made: Made) -> None:
    a_quiz(app)
    here = f"/phrases/training/sessions/{a_session(app, 'emp.tech', quiz_id=1)}"
    staff, trainer = as_("emp.tech"), as_("lead.tech")
    at("Mon 2026-03-02 10:05")
    assert staff.send(f"{here}/sign-in").status_code == 303
    assert trainer.send(f"{here}/held").status_code == 303
    assert "Take the quiz of a training" in staff.get("/").text
    assert handed_in(app, staff, begun(app, staff)) == 303
    assert "Take the quiz of a training" not in staff.get("/").text
    assert "quiz passed" in trainer.get(here).text
