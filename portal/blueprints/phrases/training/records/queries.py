"""What the records hold of the people a viewer may read about: sessions, quizzes, needs (GO-02)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.blueprints.phrases.training.codes import CAME, WAITING, AttemptState, Presence
from portal.blueprints.phrases.training.models import Attempt, Invited, Quiz, Training, TrainingNeed
from portal.kernel.db import db


class Summary(NamedTuple):
    """One person's training in figures."""

    came: int = 0
    late: int = 0
    absent: int = 0
    reflections: int = 0
    passed: int = 0
    papers: int = 0
    needs: int = 0


def summaries(people: Collection[int]) -> dict[int, Summary]:
    """The figures of these people; as many statements however many they are."""
    found = {person: Summary()._asdict() for person in people}

    def some(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    attended = sa.select(
        Invited.person_id,
        some(Invited.presence.in_(CAME)).label("came"),
        some(Invited.presence == Presence.LATE).label("late"),
        some(Invited.presence == Presence.ABSENT).label("absent"),
        some(Invited.reflected_at.is_not(None)).label("reflections"),
    ).group_by(Invited.person_id)
    papers = (
        sa.select(
            Attempt.person_id,
            sa.func.count(sa.distinct(sa.case((Attempt.passed, Attempt.quiz_id)))).label("passed"),
            sa.func.count().label("papers"),
        )
        .where(Attempt.state == AttemptState.HANDED_IN)
        .group_by(Attempt.person_id)
    )
    needs = (
        sa.select(TrainingNeed.person_id, sa.func.count().label("needs"))
        .where(TrainingNeed.state.in_(WAITING))
        .group_by(TrainingNeed.person_id)
    )
    for statement in (attended, papers, needs):
        for row in db.session.execute(statement):
            if row.person_id in found:
                found[row.person_id] |= {
                    key: value for key, value in row._asdict().items() if key != "person_id"
                }
    return {person: Summary(**figures) for person, figures in found.items()}


def attendance(people: Collection[int], most: int) -> Sequence[Any]:
    """The sessions of these people, the newest first."""
    columns = sa.select(
        Invited.person_id, Invited.presence, Invited.reason, Invited.reflection, Invited.signed_at, Training.number,
        Training.title, Training.topic, Training.starts_at, Training.state,
    ).join(Training, Training.id == Invited.session_id)  # fmt: skip
    ours = columns.where(Invited.person_id.in_(list(people))).order_by(
        Training.starts_at.desc(), Training.id.desc()
    )
    return db.session.execute(ours.limit(most)).all()


def papers(people: Collection[int], most: int) -> Sequence[Any]:
    """The papers of these people that were handed in, the newest first."""
    columns = sa.select(
        Attempt.person_id, Attempt.number, Attempt.handed_in_at, Attempt.right, Attempt.asked, Attempt.pass_mark,
        Attempt.passed, Attempt.stale_at, Quiz.name, Quiz.name_en, Quiz.topic,
    ).join(Quiz, Quiz.id == Attempt.quiz_id)  # fmt: skip
    ours = columns.where(Attempt.person_id.in_(list(people)), Attempt.state == AttemptState.HANDED_IN)
    return db.session.execute(ours.order_by(Attempt.id.desc()).limit(most)).all()


def needs(people: Collection[int], most: int) -> Sequence[Any]:
    """The needs of these people, the newest first; nothing of what they come from."""
    columns = sa.select(
        TrainingNeed.person_id,
        TrainingNeed.number,
        TrainingNeed.topic,
        TrainingNeed.what,
        TrainingNeed.state,
        TrainingNeed.due_at,
        TrainingNeed.done_at,
    )
    ours = columns.where(TrainingNeed.person_id.in_(list(people)))
    return db.session.execute(ours.order_by(TrainingNeed.id.desc()).limit(most)).all()
