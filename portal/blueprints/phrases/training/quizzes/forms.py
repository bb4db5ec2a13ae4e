"""What may be typed about a quiz, and how the answers of a paper are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import BooleanField

from portal.blueprints.phrases.training import fields, labels, sources
from portal.blueprints.phrases.training.codes import QuestionKind, Topic
from portal.blueprints.phrases.training.models import Quiz
from portal.blueprints.phrases.training.rules import marks
from portal.blueprints.phrases.training.rules.draw import Question
from portal.blueprints.phrases.training.workflow import CLOSE, EDIT, OPEN
from portal.forms import Choice, Line, VerbForm, VersionedForm, Whole
from portal.i18n import _, _l, label, listed


def _chapters() -> list[tuple[str, str]]:
    return [(code, f"{code} {labels.CHAPTERS[code]}") for code in sources.chapters()]


class QuizForm(VersionedForm):
    """A quiz."""

    name = Line(_l("Name of the quiz"), most=80, required=True)
    name_en = Line(_l("Name in English"), most=80)
    topic = Choice(_l("Subject area"), of=Topic, words=label, required=True)
    questions = Whole(_l("Number of questions"), least=1, most=50, required=True)
    minutes = Whole(_l("Time limit in minutes (none: as long as it takes)"), least=1, most=240)
    kinds = fields.Ticks(
        _l("Kinds of question"),
        codes=lambda: [(kind.value, label(kind)) for kind in QuestionKind],
        asked=True,
    )
    chapters = fields.Ticks(_l("Chapters of the handbook (none ticked: all)"), codes=_chapters)


class PlainForm(VersionedForm):
    """Nothing is asked."""


FORMS: dict[str, type[VersionedForm]] = {EDIT: QuizForm, CLOSE: PlainForm, OPEN: PlainForm}


def stored(quiz: Quiz) -> dict[str, Any]:
    """A quiz as its form shows it."""
    kept = {
        name: getattr(quiz, name) for name in ("name", "name_en", "topic", "questions", "minutes", "version")
    }
    return kept | {"kinds": quiz.kinds.split(), "chapters": quiz.chapters.split()}


class HandInForm(VerbForm):
    """The answers of a paper: `q3` a line's place, `q4_1` … the places of steps. Nothing is lost when one is missing."""

    with_gaps = BooleanField(_l("Hand in all the same; what is missing counts as wrong"))
    questions: Sequence[Question] = ()
    kept: Mapping[str, Sequence[int]] = {}  # answers given before
    over = False

    def validate(self, *args: Any, **more: Any) -> bool:
        """GO-02: gaps are handed in on purpose only, not by a stray key; when the time is up the paper goes as it is."""
        fine = super().validate(*args, **more)
        gaps = marks.gaps(self.questions, {**self.kept, **answers(self.questions)})
        if fine and gaps and not self.over and not self.with_gaps.data:
            missing = listed(str(place) for place in gaps)
            self.form_errors = [
                *self.form_errors,
                _("These have no whole answer yet: %(places)s.", places=missing),
            ]
            return False
        return fine

    def given(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        return {"answers": answers(self.questions)}


def answers(questions: Sequence[Question]) -> dict[str, list[int]]:
    """What was chosen for each question, as far as something was; what makes no sense is left out."""
    found: dict[str, list[int]] = {}
    for place, question in enumerate(questions, start=1):
        if question.kind is QuestionKind.ORDER:
            chosen = [_number(f"q{place}_{step}") for step in range(1, len(question.options) + 1)]
            if any(each is not None for each in chosen):
                found[str(place)] = [each or 0 for each in chosen]
        elif (number := _number(f"q{place}")) is not None:
            found[str(place)] = [number]
    return found


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None
