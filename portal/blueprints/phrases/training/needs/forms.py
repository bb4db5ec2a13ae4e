"""What may be typed about a need of training."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.phrases.training.codes import SessionState
from portal.blueprints.phrases.training.models import Training
from portal.blueprints.phrases.training.quizzes import queries as quizzes
from portal.blueprints.phrases.training.workflow import ASSIGN, DROP
from portal.forms import Day, Line, OneOf, VersionedForm
from portal.i18n import _, _l
from portal.kernel import clock, lists
from portal.kernel.db import db


def _planned() -> list[tuple[str, str]]:
    ahead = sa.select(Training.number, Training.title, Training.starts_at)
    ours = ahead.where(Training.state == SessionState.PLANNED, Training.starts_at > clock.now())
    rows = db.session.execute(ours.order_by(Training.starts_at).limit(100))
    return [(row.number, f"{row.title} · {clock.local(row.starts_at):%Y-%m-%d %H:%M}") for row in rows]


class AssignForm(VersionedForm):
    """A session, a quiz, or both."""

    session = OneOf(_l("Session"), codes=_planned, empty=_l("No session"))
    quiz = OneOf(_l("Quiz to be passed"), codes=quizzes.choices, empty=_l("No quiz"))
    due_on = Day(_l("To be done by"))

    def validate(self, *args: Any, **more: Any) -> bool:
        """One of the two is chosen."""
        fine = super().validate(*args, **more)
        if not (self.session.data or self.quiz.data or self.errors):
            self.form_errors.append(_("Choose a session, a quiz, or both."))
            return False
        return fine

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        found = None
        if self.session.data:
            found = db.session.scalars(sa.select(Training).where(Training.number == self.session.data)).one()
        return {"session": found, "quiz": quizzes.of_number(self.quiz.data), "due_at": self._due()}

    def _due(self) -> datetime | None:
        return lists.begins(self.due_on.data, days_later=1) if self.due_on.data else None


class DropForm(VersionedForm):
    reason = Line(_l("Reason"), most=400, required=True)


FORMS: dict[str, type[VersionedForm]] = {ASSIGN: AssignForm, DROP: DropForm}
