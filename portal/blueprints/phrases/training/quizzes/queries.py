"""Quizzes and papers: everybody may know of a quiz, of a paper its taker, their lead and the general office."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.training import reach
from portal.blueprints.phrases.training.codes import AttemptState, QuizState
from portal.blueprints.phrases.training.models import Attempt, Quiz
from portal.blueprints.phrases.training.rules.draw import Question, Ref, read
from portal.i18n import called
from portal.kernel import clock, lists
from portal.kernel.db import db
from portal.kernel.people import Viewer


def find(_viewer: Viewer, number: str, *, lock: bool = False) -> Quiz:
    """The quiz of that number; NotFound when there is none. `lock` inside a write."""
    wanted = sa.select(Quiz).where(Quiz.number == number)
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def every() -> Sequence[Quiz]:
    """Every quiz, the newest first; an office has a few dozen."""
    return db.session.scalars(sa.select(Quiz).order_by(Quiz.state.desc(), Quiz.id.desc()).limit(200)).all()


def choices() -> list[tuple[str, str]]:
    """The open quizzes to choose from."""
    rows = db.session.scalars(sa.select(Quiz).where(Quiz.state == QuizState.OPEN).order_by(Quiz.id))
    return [(quiz.number, called(quiz)) for quiz in rows]


def of_number(number: str) -> Quiz | None:
    """The quiz of a number; None for none."""
    return db.session.scalars(sa.select(Quiz).where(Quiz.number == number)).one_or_none() if number else None


def id_of(number: str) -> int | None:
    """Its id; None for none."""
    found = of_number(number)
    return found.id if found else None


# -- papers ----------------------------------------------------------------------------------------------------------


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a viewer may know of a paper: one that is still open is its taker's alone."""
    theirs = sa.and_(Attempt.state == AttemptState.HANDED_IN, reach.of_person(viewer, Attempt.person_id))
    return sa.or_(Attempt.person_id == viewer.id, theirs)


def paper(viewer: Viewer, number: str, *, lock: bool = False) -> Attempt:
    """The paper of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Attempt).where(Attempt.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Attempt) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def own(viewer: Viewer, quiz: Quiz) -> Sequence[Attempt]:
    """The viewer's papers of a quiz, the newest first."""
    ours = (Attempt.quiz_id == quiz.id, Attempt.person_id == viewer.id)
    return db.session.scalars(sa.select(Attempt).where(*ours).order_by(Attempt.id.desc()).limit(50)).all()


def since_midnight(papers: Iterable[Attempt], now: datetime) -> list[Attempt]:
    """Those begun today, in company time."""
    today = lists.begins(clock.local(now).date())
    return [each for each in papers if each.started_at >= today]


def latest(person_id: int) -> dict[int, Attempt]:
    """Somebody's standing in each quiz: the last pass, else the last paper that was handed in, by the quiz's id."""
    ours = (Attempt.person_id == person_id, Attempt.state == AttemptState.HANDED_IN)
    found: dict[int, Attempt] = {}
    for each in db.session.scalars(sa.select(Attempt).where(*ours).order_by(Attempt.id)):
        if each.passed or each.quiz_id not in found or not found[each.quiz_id].passed:
            found[each.quiz_id] = each
    return found


def passes() -> set[int]:
    """Ids of everybody's last pass of each open quiz."""
    newest = (
        sa.select(sa.func.max(Attempt.id))
        .where(Attempt.passed, Attempt.state == AttemptState.HANDED_IN)
        .group_by(Attempt.quiz_id, Attempt.person_id)
    )
    ours = (Attempt.id.in_(newest), Attempt.stale_at.is_(None), Quiz.state == QuizState.OPEN)
    return set(db.session.scalars(sa.select(Attempt.id).join(Quiz, Quiz.id == Attempt.quiz_id).where(*ours)))


def of_ids(ids: Collection[int]) -> Sequence[Attempt]:
    """The papers with these ids."""
    return db.session.scalars(sa.select(Attempt).where(Attempt.id.in_(ids))).all() if ids else []


def stale_of(quiz_id: int, person_id: int) -> Sequence[Attempt]:
    """The passes of somebody that hold no more, locked for this write."""
    held = (Attempt.stale_at.is_not(None), Attempt.retaken_at.is_(None))
    ours = (Attempt.quiz_id == quiz_id, Attempt.person_id == person_id, *held)
    return db.session.scalars(sa.select(Attempt).where(*ours).with_for_update(of=Attempt)).all()


def questions(attempt: Attempt) -> list[Question]:
    """The questions of a paper as they were drawn."""
    return read(json.loads(attempt.paper))


def documents(attempt: Attempt) -> set[Ref]:
    """What a paper was drawn from."""
    return {ref for question in questions(attempt) for ref in question.refs}
