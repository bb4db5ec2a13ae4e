"""The pages of training cost few statements, and as many for fifty rows as for one."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from portal.blueprints.phrases.training.models import TrainingNeed
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.conftest import As
from tests.house.test_statements import MOST, statements
from tests.phrases.training.making import Made, a_quiz, a_session, drawn_from
from tests.phrases.training.test_quizzes import QUIZ, begun, handed_in

HERE = "/phrases/training"


def some_needs(app: Flask, first: int, count: int) -> None:
    """Needs of emp.tech that wait."""
    with app.app_context(), db.write():
        person, now = factories.viewer("emp.tech").id, clock.now()
        for n in range(first, first + count):
            db.session.add(
                TrainingNeed(
                    number=f"XQ-20260302-{n:04}", person_id=person, topic="skills", what="用语", source_kind="case",
                    source_id=n, source_number=f"TS-20260302-{n:04}", source_address="/", due_at=now + timedelta(days=9),
                    state_since=now, asked_at=now, by_id=factories.viewer("office1").id,
                )
            )  # fmt: skip


def test_they_cost_few_statements(app: Flask, as_: As) -> None:
    with drawn_from(Made()):
        a_quiz(app)
        session = a_session(app, "emp.tech", quiz_id=1)
        paper = begun(app, as_("emp.tech"))
        assert handed_in(app, as_("emp.tech"), paper) == 303
        some_needs(app, 1, 1)
        person = factories.id_of(app, "emp.tech")
        pages = [
            f"{HERE}/", f"{HERE}/plan", f"{HERE}/sessions/", f"{HERE}/sessions/{session}", f"{HERE}/quizzes/", QUIZ,
            paper, f"{HERE}/needs/", f"{HERE}/needs/XQ-20260302-0001", f"{HERE}/records/", f"{HERE}/records/{person}",
        ]  # fmt: skip
        few = {(who, page): statements(as_(who), page) for who in ("emp.tech", "lead.tech") for page in pages}
        some_needs(app, 2, 20)
        for _ in range(8):
            a_session(app, "emp.tech", "sup.tech", quiz_id=1)
            a_quiz(app)
        for (who, page), before in few.items():
            after = statements(as_(who), page)
            assert len(after) <= MOST, "\n".join([page, *after])
            assert len(after) == len(before), "\n".join([f"{page} grows with its rows", *after])
