"""What waits for whom in training, and who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.phrases.training.codes import WAITING, NeedState, Presence, SessionState
from portal.blueprints.phrases.training.models import Attempt, PlanLine, Quiz, Training, TrainingNeed
from portal.kernel import company_calendar, inbox, policies, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.limits import Limit, due
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Pauses, Told
from portal.kernel.todos import Wanted

HERE = "/phrases/training"


def runs_out(figure: str, start: datetime, now: datetime) -> datetime:
    """When a limit of the general office that begins at `start` is over."""
    return due(start, Limit.parse(policies.value(figure, now)), company_calendar.current())


class Watch:
    """The part's answers to the timers: no limit runs on its things, matters only wait."""

    model: Any
    path: str

    def load(self, subject_id: int) -> Any:
        """The thing, locked for this write."""
        return db.session.get(self.model, subject_id, with_for_update={"of": self.model})

    def address(self, subject: Any) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"{HERE}/{self.path}/{subject.number}"

    def start(self, subject: Any, kind: str, now: datetime) -> None:
        """Nothing runs."""

    def pauses(self, subject: Any) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Any, audience: str) -> Told:
        """The general office."""
        return Told(reference.staff().with_role(Role.OFFICE))

    def clocks_moved(self, subject: Any, now: datetime) -> None:
        """Nothing waits."""


class PlanWatch(Watch):
    """A line of the plan."""

    model, path = PlanLine, "plan"

    def address(self, subject: PlanLine) -> str:
        """Its own page."""
        return f"{HERE}/plan/{subject.id}"


class QuizWatch(Watch):
    """A quiz."""

    model, path = Quiz, "quizzes"


class AttemptWatch(Watch):
    """A paper: one that is begun waits for its taker, one whose documents were replaced for another try."""

    model, path = Attempt, "attempts"

    def clocks_moved(self, subject: Attempt, now: datetime) -> None:
        """GO-02: a pass that holds no more asks for another; a paper on the table wants to be handed in."""
        wanted, address = [], self.address(subject)
        if subject.handed_in_at is None:
            wanted.append(Wanted("training-hand-in", f"person:{subject.person_id}", subject.ends_at))
        elif subject.stale_at is not None and subject.retaken_at is None:
            end = runs_out("limit.training_quiz", subject.stale_at, now)
            wanted.append(Wanted("training-retake", f"person:{subject.person_id}", end))
            address = f"{HERE}/quizzes/{subject.quiz.number}"
        todos.replace(subject, wanted, now=now, title=subject.quiz.name, address=address)


class SessionWatch(Watch):
    """A session: before it those invited come, behind it they reflect and take its quiz."""

    model, path = Training, "sessions"

    def clocks_moved(self, subject: Training, now: datetime) -> None:
        """GO-02: each participant has a matter of their own; the trainer, or the office, closes the list."""
        wanted = list(self._wanted(subject, now))
        todos.replace(subject, wanted, now=now, title=subject.title, address=self.address(subject))

    def _wanted(self, session: Training, now: datetime) -> Iterable[Wanted]:
        if session.state is SessionState.CANCELLED:
            return
        for row in session.people:
            who = f"person:{row.person_id}"
            if session.state is SessionState.PLANNED and row.presence is Presence.INVITED:
                yield Wanted("training-attend", who, session.starts_at)
            if session.state is SessionState.HELD and row.came:
                if row.reflected_at is None:
                    end = runs_out("limit.training_reflection", session.ends_at, now)
                    yield Wanted("training-reflect", who, end)
                if session.quiz_id is not None and row.passed_at is None:
                    yield Wanted("training-quiz", who, runs_out("limit.training_quiz", session.ends_at, now))
        if session.state is SessionState.PLANNED:
            keeper = f"person:{session.trainer_id}" if session.trainer_id else "office"
            yield Wanted("training-held", keeper, session.ends_at)


class NeedWatch(Watch):
    """A need: it waits to be assigned, then for whoever is to be trained."""

    model, path = TrainingNeed, "needs"

    def clocks_moved(self, subject: TrainingNeed, now: datetime) -> None:
        """GO-02: first the lead or the office says how, then it is the person's; nothing of the source is told."""
        wanted = []
        if subject.state is NeedState.OPEN:
            wanted = [Wanted("training-assign", f"lead:{subject.department}", subject.due_at)]
            wanted.append(Wanted("training-assign", "office", subject.due_at))
        elif subject.state in WAITING:
            wanted = [Wanted("training-need", f"person:{subject.person_id}", subject.due_at)]
        # Who is to be trained may lead the own department, and does not assign to themselves.
        barred = subject.person_id if subject.state is NeedState.OPEN else None
        todos.replace(
            subject, wanted, now=now, title=subject.what[:120], address=self.address(subject), barred_id=barred
        )  # fmt: skip


PLANS, QUIZZES, ATTEMPTS, SESSIONS, NEEDS = (
    PlanWatch(), QuizWatch(), AttemptWatch(), SessionWatch(), NeedWatch(),
)  # fmt: skip
timers.WATCHED.update({
    "training_plan": PLANS, "quiz": QUIZZES, "quiz_attempt": ATTEMPTS, "training": SESSIONS, "training_need": NEEDS,
})  # fmt: skip


def tell(session: Training, people: Collection[int], kind: str, now: datetime) -> None:
    """An invitation, a move or a cancellation into the inboxes of those whom it concerns."""
    inbox.tell(sorted(people), kind, session, now=now, address=SESSIONS.address(session), clause="GO-02")


def about(_viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """What messages about sessions are about: everybody may know of every session."""
    rows = db.session.execute(sa.select(Training.id, Training.title).where(Training.id.in_(ids)))
    return {row.id: row.title for row in rows}


inbox.ABOUT["training"] = about
