"""What may be typed about a question."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal import errors
from portal.blueprints.reception.questions import queries, rules
from portal.blueprints.reception.questions.codes import Outcome
from portal.blueprints.reception.questions.workflow import ASK, PHRASE, REPLY, TELL
from portal.drawing import department_name
from portal.forms import (
    Choice,
    CustomerText,
    IdempotencyKey,
    Line,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    TextScope,
    VersionedForm,
)
from portal.i18n import _, _l, label
from portal.kernel import reference
from portal.kernel.workflow import Reason

PHONE = re.compile(r"[0-9+() .;,/#转ext-]*", re.IGNORECASE)


def departments() -> list[tuple[str, str]]:
    """Every department that can be asked."""
    return [(code, department_name(code)) for code in reference.staff().departments]


class EntryForm(PortalForm):
    question = Paragraph(_l("Question"), most=2000, required=True)
    answer = CustomerText(_l("Answer given (only what is known for sure)"), scope=TextScope.ANSWER, most=4000)
    department = OneOf(_l("Department"), codes=departments, empty=_l("Please choose"))
    person = Someone(_l("Or a person (user name or name)"))
    asker_name = Line(_l("Who asked"), most=120)
    phone = Line(_l("Phone"), most=40)
    visit = Line(_l("Number of the visit"), most=24)
    outcome = Choice(_l("Answered or asked inside"), of=Outcome, words=label, required=True)
    idempotency_key = IdempotencyKey()

    visit_id: int | None = None

    def validate_phone(self, field: Field) -> None:
        if field.data and not PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))

    def validate_visit(self, field: Field) -> None:
        self.visit_id = queries.visit_id(field.data) if field.data else None
        if field.data and self.visit_id is None:
            raise ValidationError(_("There is no visit of this number."))

    def validate_outcome(self, field: Field) -> None:
        """RC-22: answered, or asked of somebody; the sentence stands beside the field that it is about."""
        against = rules.against_entry(
            field.data,
            answer=self.answer.data,
            department=self.department.data,
            person=self.person.data or "",
        )
        for name, code in against:
            wrong = self[name]
            wrong.errors = [*wrong.errors, errors.say(Reason("RC-22", code))]

    def validate(self, *more: Any, **also: Any) -> bool:
        """True when nothing is wrong with any field, those included that the outcome asks for."""
        super().validate(*more, **also)
        return not self.errors

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        kept = {name: value for name, value in self.data.items() if name != "visit"}
        return kept | {"person": self.person.card, "visit_id": self.visit_id}


class QuestionForm(VersionedForm):
    """What every form about a question carries."""


class ReplyForm(QuestionForm):
    answer = CustomerText(_l("Answer"), scope=TextScope.ANSWER, most=4000, required=True)
    source = Someone(_l("Who inside said so (the desk names somebody)"))


class TellForm(QuestionForm):
    note = Line(_l("Remark (how the asker was reached)"), most=200)


class AskForm(QuestionForm):
    department = OneOf(_l("Department"), codes=departments, empty=_l("Please choose"))
    person = Someone(_l("Or a person (user name or name)"))
    note = Line(_l("Reason"), most=200)


FORMS: dict[str, type[QuestionForm]] = {REPLY: ReplyForm, TELL: TellForm, ASK: AskForm, PHRASE: QuestionForm}
