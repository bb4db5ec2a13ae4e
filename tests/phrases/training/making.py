"""Sessions, quizzes and what these are drawn from, for the tests of training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.phrases.training import sources
from portal.blueprints.phrases.training.codes import QuestionKind, Topic
from portal.blueprints.phrases.training.models import Attempt
from portal.blueprints.phrases.training.quizzes import actions as quizzes
from portal.blueprints.phrases.training.quizzes import queries
from portal.blueprints.phrases.training.rules.draw import (
    Figure,
    Phrase,
    Pool,
    Question,
    Ref,
    Script,
    Taboo,
    Text,
)
from portal.blueprints.phrases.training.sessions import actions as sessions
from portal.kernel import clock, reference
from portal.kernel.db import db
from tests import factories
from tests.kernel.moments import at as moment


def text(zh: str) -> Text:
    """A text in both languages."""
    return Text(zh, f"{zh} (en)")


MOMENTS = {
    code: text(words) for code, words in (("greeting", "问候"), ("wait", "等候"), ("farewell", "道别"))
}
PHRASES = [
    Phrase(Ref("phrase", f"{moment}-{n}", 1), text(f"{MOMENTS[moment].zh}用语{n}"), (moment,))
    for moment in MOMENTS
    for n in range(4)
]
TABOOS = [
    Taboo(Ref("phrase_rule", f"t{n}", 1), text(f"忌语{n}"), text(f"理由{n}"), "PG-04", text(f"改说{n}"))
    for n in range(4)
]
SCRIPTS = [
    Script(
        Ref("script", f"s{n}", 1), text(f"流程{n}"), tuple(text(f"第{n}-{i}步") for i in range(4)), "PG-06"
    )
    for n in range(2)
]
FIGURES = [
    Figure(Ref("figure", "limit.answer", 1), "CP-14", text("答复时限"), "24 h", "limit"),
    Figure(Ref("figure", "visits.most", 1), "CP-33", text("上门次数"), "2", "number"),
]
POOL = Pool(PHRASES, TABOOS, SCRIPTS, FIGURES, MOMENTS)


class Made:
    """A source of made-up items, whose versions a test can move."""

    def __init__(self, version: int = 1) -> None:
        self.version = version

    def pool(self, _now: datetime) -> Pool:
        """The pool in that version."""

        def moved(item: Any) -> Any:
            return type(item)(**{**vars(item), "ref": item.ref._replace(version=self.version)})

        return Pool(
            [moved(p) for p in PHRASES], [moved(t) for t in TABOOS], [moved(s) for s in SCRIPTS],
            [moved(f) for f in FIGURES], MOMENTS,
        )  # fmt: skip


@contextmanager
def drawn_from(*made: Made) -> Iterator[None]:
    """Quizzes are drawn from these alone meanwhile."""
    before = sources.SOURCES[:]
    sources.SOURCES[:] = made
    try:
        yield
    finally:
        sources.SOURCES[:] = before


def a_session(app: Flask, *people: str, by: str = "office1", **chosen: Any) -> str:
    """A training on Monday from 10:00 to 12:00, held by lead.tech; the number."""
    with app.app_context():
        staff = reference.staff()
        usual: dict[str, Any] = {
            "topic": Topic.STANDARDS, "title": "首问负责制", "place": "大会议室", "trainer": "lead.tech",
            "starts_at": moment("Mon 2026-03-02 10:00"), "ends_at": moment("Mon 2026-03-02 12:00"),
            "people": [card for name in people if (card := staff.by_username(name))],
        }  # fmt: skip
        with db.write():
            made = sessions.arrange(by=factories.viewer(by), now=clock.now(), **usual | chosen)
        return made.number


def a_quiz(app: Flask, **chosen: Any) -> str:
    """A quiz of all kinds of question; the number."""
    usual: dict[str, Any] = {
        "name": "服务用语测验", "topic": Topic.COMMUNICATION, "kinds": [str(kind) for kind in QuestionKind],
        "questions": 5,
    }  # fmt: skip
    with app.app_context(), db.write():
        return quizzes.make(by=factories.viewer("office1"), now=clock.now(), **usual | chosen).number


def questions_of(app: Flask, number: str) -> list[Question]:
    """The questions of a paper."""
    with app.app_context():
        return queries.questions(the_paper(number))


def the_paper(number: str) -> Attempt:
    """A paper as it is stored; inside an application context."""
    return db.session.scalars(sa.select(Attempt).where(Attempt.number == number)).one()


def filled_in(questions: list[Question], wrong: int = 0) -> dict[str, Any]:
    """The fields of a paper, all but so many answered rightly."""
    fields: dict[str, Any] = {}
    for place, question in enumerate(questions, start=1):
        right = question.right
        if place <= wrong:
            right = right[1:] + right[:1] if len(right) > 1 else ((right[0] + 1) % len(question.options),)
        if question.kind is QuestionKind.ORDER:
            fields |= {f"q{place}_{step}": str(there) for step, there in enumerate(right, start=1)}
        else:
            fields[f"q{place}"] = str(right[0])
    return fields
