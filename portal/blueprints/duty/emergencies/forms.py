"""What may be typed about an emergency, and into a playbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, Field, SelectMultipleField
from wtforms.fields.choices import Choice as Option  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from portal.blueprints.duty.emergencies.codes import Answer, Hands, Level, Service
from portal.blueprints.duty.emergencies.workflow import (
    ANSWER,
    ARRIVE,
    END,
    FALSE_ALARM,
    LEADER,
    NOTE,
    POLICE,
    REPORT,
    STEP,
)
from portal.blueprints.duty.posts.forms import departments
from portal.forms import (
    Choice,
    IdempotencyKey,
    Line,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    VerbForm,
    Version,
    Whole,
)
from portal.i18n import _, _l, label
from portal.kernel import reference

MOST_STEPS = 12


class Departments(SelectMultipleField):
    """Several departments, ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, words: Any = None, **more: Any) -> None:
        super().__init__(words, choices=[], validate_choice=False, **more)

    def iter_choices(self) -> Iterator[Any]:
        """The departments as they are drawn: code, name, whether ticked, attributes."""
        for code, name in departments():
            yield Option(code, name, code in (self.data or []), {})

    def pre_validate(self, form: Any) -> None:
        known = set(reference.staff().departments)
        if any(code not in known for code in self.data or []):
            raise ValidationError(_("Please choose one from the list."))


class DeclareForm(PortalForm):
    """The second touch; everything is filled in already. The posts that it may be written down at are handed in."""

    level = Choice(_l("Level"), of=Level, words=label, required=True, default=Level.ONE)
    drill = BooleanField(_l("Drill"))
    place = Line(_l("Where"), most=120)
    note = Line(_l("What was noticed"), most=400)
    post = OneOf(_l("Written into the log of"), codes=lambda: (), empty=_l("No post"))
    departments = Departments(_l("Departments concerned"))
    idempotency_key = IdempotencyKey()

    def __init__(self, *args: Any, posts: dict[str, str], **more: Any) -> None:
        self.posts = posts
        super().__init__(*args, **more)

    def process(self, *args: Any, **more: Any) -> None:
        """The posts to choose from are known before anything is read."""
        self.post.codes = self.posts.items
        super().process(*args, **more)

    def validate_departments(self, field: Field) -> None:
        """DR-16: level two needs to know whom it concerns."""
        if self.level.data is Level.TWO and not field.data:
            raise ValidationError(_("Say which departments are concerned. (DR-16)"))


class Touch(VerbForm):
    """A verb that asks nothing."""


class StepForm(VerbForm):
    step = Whole(_l("Step"), least=1, most=2**31 - 1, required=True, widget=HiddenInput())


class AnswerForm(VerbForm):
    person = Someone(_l("Person"))
    answer = Choice(_l("Answer"), of=Answer, words=label, required=True, default=Answer.SAFE)


class PoliceForm(VerbForm):
    service = Choice(_l("Who was called"), of=Service, words=label, required=True)
    note = Line(_l("What was said, or why nobody is called"), most=400)


class LeaderForm(VerbForm):
    told = Someone(_l("Who was told (user name or name)"), required=True)
    note = Line(_l("What was said"), most=400)


class NoteForm(VerbForm):
    text = Paragraph(_l("What happened"), most=2000, required=True)


class ReasonForm(VerbForm):
    reason = Line(_l("What it was"), most=400, required=True)


class EndForm(VerbForm):
    outcome = Line(_l("How it ended"), most=400, required=True)


class ReportForm(VerbForm):
    course = Paragraph(_l("What happened, from the beginning to the end"), most=8000, required=True)
    left_out = Line(_l("Steps that were left out, and why"), most=400)
    measures = Paragraph(_l("What is to be better next time"), most=4000)


FORMS: dict[str, type[VerbForm]] = {
    ARRIVE: Touch, ANSWER: AnswerForm, STEP: StepForm, POLICE: PoliceForm, LEADER: LeaderForm, NOTE: NoteForm,
    FALSE_ALARM: ReasonForm, END: EndForm, REPORT: ReportForm,
}  # fmt: skip


# -- a playbook -----------------------------------------------------------------------------------------------------


class PlaybookForm(PortalForm):
    """The next edition of a plan; its steps are made by `playbook_form`."""

    level = Choice(_l("Level"), of=Level, words=label, required=True)
    departments = Departments(_l("Departments concerned"))
    reason = Line(
        _l("Reason for the change"), most=400, required=_l("Every change of a playbook has a reason. (GO-01)")
    )
    version = Version()

    def rows(self) -> list[tuple[Any, Any, Any, Any]]:
        """The fields of each step: who, minutes, what in Chinese, what in English."""
        names = ("hands", "minutes", "text", "text_en")
        return [
            tuple(self[f"{name}-{place}"] for name in names)  # type: ignore[misc]  # four of them
            for place in range(1, MOST_STEPS + 1)
        ]

    def steps(self) -> list[dict[str, Any]]:
        """The steps that are filled in, in order."""
        return [
            {"hands": hands.data, "minutes": minutes.data or 0, "text": text.data, "text_en": text_en.data}
            for hands, minutes, text, text_en in self.rows()
            if text.data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A step that says what is done says who does it; a plan has a step."""
        good = bool(super().validate(extra_validators))
        for hands, _minutes, text, text_en in self.rows():
            if text.data and hands.data is None:
                hands.errors, good = [_("Say who does it.")], False
            if text_en.data and not text.data:
                text.errors, good = [_("Write the step in Chinese, too.")], False
        if good and not self.steps():
            self.form_errors.append(_("A playbook has one step at least. (DR-16)"))
            good = False
        return good


def playbook_form() -> type[PlaybookForm]:
    """Four fields for each of the steps there is room for."""
    fields: dict[str, Any] = {}
    for place in range(1, MOST_STEPS + 1):
        fields |= {
            f"hands-{place}": Choice(_l("Who"), of=Hands, words=label, empty=_l("No step")),
            f"minutes-{place}": Whole(_l("Within minutes"), least=0, most=1440),
            f"text-{place}": Line(_l("What is done"), most=400),
            f"text_en-{place}": Line(_l("What is done, on English pages"), most=400),
        }
    return type("FilledPlaybookForm", (PlaybookForm,), fields)
