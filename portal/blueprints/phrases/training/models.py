"""What is stored of training: the plan, sessions and who was invited, quizzes and their papers, needs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.phrases.training.codes import (
    CAME,
    AttemptState,
    NeedState,
    PlanState,
    Presence,
    QuestionKind,
    QuizState,
    SessionState,
    Topic,
)
from portal.kernel.db import Model, UTCDateTime, short
from portal.kernel.people import Person


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


def _while(state: str) -> dict[str, Any]:
    """A unique index among the rows of that state alone, on both databases."""
    text = sa.text(state)
    return {"unique": True, "sqlite_where": text, "postgresql_where": text}


class PlanLine(Model):
    """One line of a year's plan: what, when, where, by whom, for whom (GO-02)."""

    __tablename__ = "training_plan_lines"
    __table_args__ = (sa.Index("ix_training_plan_lines_year", "year", "month", "id"),)
    history_kind = "training_plan"
    kind = ""  # a table of states asks for it; there is one kind only

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column()
    month: Mapped[int] = mapped_column()
    topic: Mapped[Topic] = mapped_column(short(Topic))
    title: Mapped[str] = mapped_column(sa.String(120))
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    trainer: Mapped[str] = mapped_column(sa.String(80), default="")  # a user name, or somebody from outside
    departments: Mapped[str] = mapped_column(sa.String(200), default="")  # codes; nothing chosen: everybody
    roles: Mapped[str] = mapped_column(sa.String(80), default="")
    posts: Mapped[str] = mapped_column(sa.String(400), default="")
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    state: Mapped[PlanState] = mapped_column(short(PlanState), default=PlanState.PLANNED)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What a list calls it."""
        return f"{self.year}-{self.month:02}"


class Quiz(Model):
    """What a quiz asks, of which chapters, how long it may take."""

    __tablename__ = "quizzes"
    history_kind = "quiz"
    kind = ""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    topic: Mapped[Topic] = mapped_column(short(Topic))
    kinds: Mapped[str] = mapped_column(sa.String(80))  # of questions; codes
    chapters: Mapped[str] = mapped_column(sa.String(80), default="")  # CP, PG …; none chosen: every one
    questions: Mapped[int] = mapped_column(default=10)
    minutes: Mapped[int | None] = mapped_column()  # None: as long as it takes
    state: Mapped[QuizState] = mapped_column(short(QuizState), default=QuizState.OPEN)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def asks(self) -> frozenset[QuestionKind]:
        """The kinds of question that it may ask."""
        return frozenset(QuestionKind(code) for code in self.kinds.split())


class Training(Model):
    """One training at one time and place (GO-02)."""

    __tablename__ = "training_sessions"
    __table_args__ = (sa.Index("ix_training_sessions_starts", "starts_at"),)
    history_kind = "training"
    kind = ""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("training_plan_lines.id"))
    topic: Mapped[Topic] = mapped_column(short(Topic))
    title: Mapped[str] = mapped_column(sa.String(120))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[str] = mapped_column(sa.String(80))
    trainer: Mapped[str] = mapped_column(sa.String(80), default="")
    trainer_id: Mapped[int | None] = mapped_column(_person())
    material: Mapped[str] = mapped_column(sa.String(400), default="")  # ids of clauses, codes of phrases
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    quiz_id: Mapped[int | None] = mapped_column(sa.ForeignKey("quizzes.id"))
    reason: Mapped[str] = mapped_column(sa.String(400), default="")  # of the last move, or of calling it off
    moves: Mapped[int] = mapped_column(default=0)  # what a calendar calls its sequence
    state: Mapped[SessionState] = mapped_column(short(SessionState), default=SessionState.PLANNED)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    people: Mapped[list[Invited]] = relationship(lazy="selectin", order_by="Invited.person_id")
    quiz: Mapped[Quiz | None] = relationship(lazy="joined")

    def of(self, person_id: int) -> Invited | None:
        """The invitation of a person, if there is one."""
        return next((row for row in self.people if row.person_id == person_id), None)


class Invited(Model):
    """Somebody invited to a session: how it went, and what they thought of it (GO-02)."""

    __tablename__ = "training_people"
    __table_args__ = (sa.Index("ix_training_people_person", "person_id", "session_id"),)

    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("training_sessions.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(_person(), primary_key=True, autoincrement=False)
    presence: Mapped[Presence] = mapped_column(short(Presence), default=Presence.INVITED)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(_person())
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    reflection: Mapped[str] = mapped_column(sa.String(2000), default="")
    reflected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    passed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the session's quiz

    @property
    def came(self) -> bool:
        """True for whoever was there, on time or late."""
        return self.presence in CAME


class Attempt(Model):
    """One try of one person at a quiz: the paper as it was drawn, the answers as they were given."""

    __tablename__ = "quiz_attempts"
    __table_args__ = (
        # Two starts at the same moment get one paper.
        sa.Index("ix_quiz_attempts_open", "quiz_id", "person_id", **_while("state = 'open'")),
        sa.Index("ix_quiz_attempts_person", "person_id", "id"),
    )
    history_kind = "quiz_attempt"
    kind = ""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    quiz_id: Mapped[int] = mapped_column(sa.ForeignKey("quizzes.id"))
    person_id: Mapped[int] = mapped_column(_person())
    seed: Mapped[int] = mapped_column()
    paper: Mapped[str] = mapped_column(sa.Text)  # the questions, as JSON
    answers: Mapped[str] = mapped_column(sa.Text, default="{}")
    state: Mapped[AttemptState] = mapped_column(short(AttemptState), default=AttemptState.OPEN)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    right: Mapped[int] = mapped_column("right_answers", default=0)
    asked: Mapped[int] = mapped_column()
    pass_mark: Mapped[int] = mapped_column()  # per cent, as it was when the paper was handed in
    passed: Mapped[bool] = mapped_column(default=False)
    stale_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its documents were replaced
    retaken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # and the quiz passed again since
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    quiz: Mapped[Quiz] = relationship(lazy="joined", innerjoin=True)

    @property
    def percent(self) -> int:
        """What was right, of a hundred."""
        return self.right * 100 // self.asked if self.asked else 0

    @property
    def given(self) -> dict[str, list[int]]:
        """The answers: number of the question -> places chosen."""
        found: dict[str, list[int]] = json.loads(self.answers)
        return found


class TrainingNeed(Model):
    """Somebody is to be trained in something, because of a case or an assessment (GO-02, GO-03)."""

    __tablename__ = "training_needs"
    __table_args__ = (
        sa.Index(
            "ix_training_needs_open",
            "source_kind",
            "source_id",
            "person_id",
            "topic",
            **_while("state IN ('open', 'assigned')"),
        ),
        sa.Index("ix_training_needs_person", "person_id", "id"),
    )
    history_kind = "training_need"
    kind = ""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(_person())
    topic: Mapped[Topic] = mapped_column(short(Topic))
    what: Mapped[str] = mapped_column(sa.String(200))  # the person reads it: nothing of the case is in it
    source_kind: Mapped[str] = mapped_column(sa.String(24))
    source_id: Mapped[int] = mapped_column(sa.BigInteger)
    source_number: Mapped[str] = mapped_column(sa.String(24))
    source_address: Mapped[str] = mapped_column(sa.String(200))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[NeedState] = mapped_column(short(NeedState), default=NeedState.OPEN)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    quiz_id: Mapped[int | None] = mapped_column(sa.ForeignKey("quizzes.id"))
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("training_sessions.id"))
    reason: Mapped[str] = mapped_column(sa.String(400), default="")  # why it was dropped
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    quiz: Mapped[Quiz | None] = relationship(lazy="joined")
    session: Mapped[Training | None] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True, foreign_keys=[person_id])

    @property
    def department(self) -> str:
        """The department whose lead answers for it."""
        return self.person.department
