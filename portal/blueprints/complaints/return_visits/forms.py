"""What may be typed about a return visit."""

from __future__ import annotations

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.complaints.codes import Category
from portal.blueprints.complaints.record_form import PHONE
from portal.blueprints.complaints.return_visits.codes import Remark, VisitKind
from portal.blueprints.complaints.return_visits.workflow import ANSWER, CASE, RECORD
from portal.forms import (
    Choice,
    CustomerText,
    Day,
    IdempotencyKey,
    Line,
    Moment,
    Paragraph,
    PortalForm,
    Someone,
    TextScope,
    VersionedForm,
)
from portal.i18n import _, _l, label


class PlanForm(PortalForm):
    kind = Choice(_l("Kind of visit"), of=VisitKind, words=label, required=True)
    customer_name = Line(_l("Customer"), most=120, required=True)
    customer_phone = Line(_l("Phone"), most=40)
    person = Someone(_l("Who goes (user name)"), required=True)
    due_on = Day(_l("Due by"), required=True)
    idempotency_key = IdempotencyKey()

    def validate_customer_phone(self, field: Field) -> None:
        if field.data and not PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))


class VisitForm(VersionedForm):
    """What every form about a visit carries."""


class RecordForm(VisitForm):
    remark = Choice(_l("What the customer said, sorted"), of=Remark, words=label, required=True)
    note = Paragraph(_l("What the customer said"), most=2000)
    promised_at = Moment(_l("Not answered at once: answer promised by"))
    again = BooleanField(_l("Plan the next one"), default=True)

    def validate_note(self, field: Field) -> None:
        if self.remark.data not in {None, Remark.NOTHING} and not field.data:
            raise ValidationError(_("Write down what was said. (CU-03)"))


class AnswerForm(VisitForm):
    note = CustomerText(_l("Answer to the customer"), scope=TextScope.ANSWER, most=2000, required=True)


class CaseForm(VisitForm):
    category = Choice(_l("Category"), of=Category, words=label, required=True)


FORMS: dict[str, type[VisitForm]] = {RECORD: RecordForm, ANSWER: AnswerForm, CASE: CaseForm}
