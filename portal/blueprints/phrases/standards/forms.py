"""What may be typed into a record, and into a chapter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.phrases.standards.codes import CLAUSES, Verdict
from portal.blueprints.phrases.standards.models import Answer
from portal.document_kinds import DocumentForm
from portal.drawing import clause_title
from portal.forms import Choice, Day, Line, OneOf, Paragraph, Someone, VerbForm, Whole
from portal.i18n import _, _l, is_chinese, label
from portal.kernel import clock, reference
from portal.kernel.documents import Body
from portal.pictures import Pictures

OLDEST = timedelta(days=31)


def words_of(zh: str, en: str) -> str:
    """A sentence in the language of the page."""
    return zh if is_chinese() or not en else en


class AnswersForm(VerbForm):
    """How each thing was found; `items` are the things, in both languages."""

    items: tuple[tuple[str, str], ...] = ()
    note = Line(_l("Remark"), most=400)
    pictures = Pictures(_l("Pictures"))

    def rows(self) -> list[tuple[Any, Any]]:
        """How each thing was found and the word why not, in the order of the chapter."""
        return [(self[f"verdict_{place}"], self[f"why_{place}"]) for place in range(len(self.items))]

    def validate(self, *args: Any, **more: Any) -> bool:
        """PG-14: what is not in order needs a word why."""
        fine = super().validate(*args, **more)
        for verdict, why in self.rows():
            if verdict.data is Verdict.NOT_DONE and not why.data:
                why.errors = [*why.errors, _("What is not in order needs a word why. (PG-14)")]
                fine = False
        return fine

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        said = [
            (zh, en, verdict.data, "" if verdict.data is Verdict.DONE else why.data)
            for (zh, en), (verdict, why) in zip(self.items, self.rows(), strict=True)
        ]
        return {"said": said, "note": self.note.data, "pictures": self.pictures.checked}


class RunForm(AnswersForm):
    """A new record: of which department, post, colleague and day."""

    department = OneOf(_l("Department"), codes=list, required=True)  # its choices are given by `form_of`
    place = Line(_l("Post or place"), most=80)
    person = Someone(_l("Colleague, if it is about one (user name or name)"))
    day = Day(_l("Day"), required=True)

    def validate_day(self, field: Field) -> None:
        today = clock.today()
        if field.data and not today - OLDEST <= field.data <= today:
            raise ValidationError(_("A day of the last %(days)s, not one to come.", days=OLDEST.days))

    def validate_person(self, field: Field) -> None:
        card = self.person.card
        if card and card.department != self.department.data:
            raise ValidationError(_("This colleague belongs to another department."))

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        card = self.person.card
        return super().given() | {
            "department": self.department.data,
            "place": self.place.data,
            "person_id": card.id if card else None,
            "day": self.day.data,
        }


class CorrectionForm(AnswersForm):
    note = Line(_l("What was wrong"), most=400, required=True)


def form_of(items: Sequence[tuple[str, str]], base: type[AnswersForm], choices: Sequence[str] = ()) -> Any:
    """The form for these things, in the language of the page."""
    fields: dict[str, Any] = {"items": tuple(items)}
    if choices:
        named = [(code, label(code)) for code in choices]
        fields["department"] = OneOf(_l("Department"), codes=lambda: named, required=True)
    for place, (zh, en) in enumerate(items):
        fields[f"verdict_{place}"] = Choice(words_of(zh, en), of=Verdict, words=label, required=True)
        fields[f"why_{place}"] = Line(_l("If not: why"), most=200)
    return type(base.__name__, (base,), fields)


def stored(answers: Sequence[Answer]) -> dict[str, Any]:
    """The fields of a form filled with what a record says."""
    told: dict[str, Any] = {}
    for place, answer in enumerate(answers):
        told |= {f"verdict_{place}": answer.verdict, f"why_{place}": answer.why}
    return told


# -- the chapter ------------------------------------------------------------------------------------------------------


def _clauses() -> list[tuple[str, str]]:
    return [(clause, f"{clause} {clause_title(clause)}") for clause in CLAUSES]


class ChapterForm(DocumentForm):
    """A chapter, in both languages; one thing to look at a line."""

    title = Line(_l("Title"), most=80, required=True)
    title_en = Line(_l("Title (English)"), most=80, required=True)
    clause = OneOf(_l("Clause"), codes=_clauses, empty=_l("Please choose"), required=True)
    intro = Paragraph(_l("Introduction"), most=1000, required=True)
    intro_en = Paragraph(_l("Introduction (English)"), most=1000, required=True)
    when = Line(_l("When it is run"), most=80, required=True)
    when_en = Line(_l("When it is run (English)"), most=80, required=True)
    every_days = Whole(_l("Overdue after so many days; 0: never"), most=366, required=True)
    departments = Line(_l("Codes of the departments it is for; none: every one"), most=200)
    things = Paragraph(_l("What is looked at, one a line"), most=5000, required=True)
    things_en = Paragraph(
        _l("What is looked at, in English, one a line in the same order"), most=5000, required=True
    )

    steps = Line(_l("Numbers of the things that follow one another, for quizzes, such as 1 2 4"), most=40)

    def validate_departments(self, field: Field) -> None:
        known = reference.staff().departments
        if strangers := [code for code in field.data.split() if code not in known]:
            raise ValidationError(_("There is no department %(code)s.", code=strangers[0]))

    def validate_things_en(self, field: Field) -> None:
        """GO-01: each thing is said in both languages."""
        zh, en = _lines(self.things.data or ""), _lines(field.data or "")
        if len(zh) != len(en):
            wrong = _("%(zh)s things in Chinese, %(en)s in English: each needs both.", zh=len(zh), en=len(en))
            raise ValidationError(wrong)

    def body(self) -> dict[str, Any]:
        """What is stored."""
        found = super().body()
        zh, en = _lines(found.pop("things")), _lines(found.pop("things_en"))
        items = [list(pair) for pair in zip(zh, en, strict=True)]
        return (
            found
            | {"items": items}
            | {name: " ".join(found[name].split()) for name in ("departments", "steps")}
        )

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The values of the fields, of a stored chapter."""
        told = {name: value for name, value in body.items() if name != "items"}
        zh, en = ("\n".join(item[side] for item in body["items"]) for side in (0, 1))
        return told | {"things": zh, "things_en": en}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def parts(body: Body) -> list[tuple[Any, str]]:
    """The whole chapter as captions and texts."""
    zh, en = ("\n".join(item[side] for item in body["items"]) for side in (0, 1))
    return [
        (_("Title"), body["title"]), (_("Title (English)"), body["title_en"]), (_("Clause"), body["clause"]),
        (_("Introduction"), body["intro"]), (_("Introduction (English)"), body["intro_en"]),
        (_("When it is run"), body["when"]), (_("When it is run (English)"), body["when_en"]),
        (_("Overdue after so many days; 0: never"), str(body["every_days"])),
        (_("Codes of the departments it is for; none: every one"), body["departments"]),
        (_("What is looked at, one a line"), zh),
        (_("What is looked at, in English, one a line in the same order"), en),
        (_("Numbers of the things that follow one another, for quizzes, such as 1 2 4"), body.get("steps", "")),
    ]  # fmt: skip
