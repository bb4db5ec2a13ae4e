"""What may be typed about a case: a form for each verb. That of the record itself is in `record_form`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import StopValidation, ValidationError

import portal.forms
from portal.blueprints.complaints import guide, rules
from portal.blueprints.complaints.codes import (
    CustomerType,
    Decision,
    Escalation,
    Finding,
    Outcome,
    ReadBack,
    SpecialLimit,
)
from portal.blueprints.complaints.labels import REASONS
from portal.blueprints.complaints.record_form import Uploads
from portal.drawing import department_name
from portal.forms import (
    REQUIRED,
    Choice,
    CustomerText,
    CustomerTexts,
    Line,
    Moment,
    OneOf,
    Paragraph,
    Someone,
    TextScope,
)
from portal.i18n import _, _l, label
from portal.kernel import clock, numbers, reference

NUMBER = re.compile(numbers.shape("TS"))


def departments() -> list[tuple[str, str]]:
    """Code and name of every department."""
    return [(code, department_name(code)) for code in reference.staff().departments]


class VerbForm(portal.forms.VerbForm):
    """The form of a verb, which may bring files."""

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them; persons as cards, files as they were judged."""
        files = {name: field.checked for name, field in self._fields.items() if isinstance(field, Uploads)}
        return super().given() | files


class Nothing(VerbForm):
    """A verb that asks for nothing."""


class NoteForm(VerbForm):
    note = Paragraph(_l("Note"))


class ContactForm(VerbForm):
    note = Paragraph(_l("What was said and offered"), required=_l("Please say what was offered. (CP-12)"))
    substantive = BooleanField(_l("This was the first substantive answer (CP-14)"))


class PromisedMoment(Moment):
    """By when the customer hears more: a moment to come (CP-15)."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is not None and self.data <= clock.now():
            raise StopValidation(f"{REASONS['promise_past']} (CP-15)")


class PromiseForm(VerbForm):
    due_at = Moment(
        _l("Call back by"), required=_l("Please give the date and time that was promised. (CP-15)")
    )
    note = CustomerText(_l("What was promised"), scope=TextScope.PROMISE)


class ReadBackForm(VerbForm):
    read_back = Choice(_l("Record confirmed"), of=ReadBack, words=label, required=True)
    reason = Line(_l("Why it cannot be confirmed"), most=400)
    files = Uploads(_l("Original letter or message, if it is not attached yet"))

    def __init__(self, *args: Any, attached: bool = True, **more: Any) -> None:
        self.attached = attached
        super().__init__(*args, **more)

    def validate_read_back(self, field: Field) -> None:
        """CP-04: the original counts when it is there; whatever else depends on the case is asked by the gate."""
        if field.data is ReadBack.ORIGINAL and not self.attached and not self.files.sent:
            raise ValidationError(f"{REASONS['read_back_no_original']} (CP-04)")


class RouteForm(VerbForm):
    department = OneOf(_l("Department"), codes=departments, empty=_l("as proposed"))
    reason = Line(_l("Reason, if not the proposed department"), most=400)

    def __init__(self, *args: Any, proposed: str = "", **more: Any) -> None:
        self.proposed = proposed
        super().__init__(*args, **more)

    def validate_department(self, field: Field) -> None:
        if not field.data and not self.proposed:
            raise ValidationError(
                _("No department is proposed for this category. Please choose one. (CP-05)")
            )

    def validate_reason(self, field: Field) -> None:
        chosen = self.department.data
        if chosen and self.proposed and chosen != self.proposed and not field.data:
            raise ValidationError(
                _("Please say why you choose this department instead of the proposed one. (CP-05)")
            )


class AcceptForm(VerbForm):
    handler = Someone(_l("Handler (user name)"), required=True)
    special_reason = Line(_l("Reason for special urgency (CP-14)"), most=400)


class AssignForm(VerbForm):
    handler = Someone(_l("Handler (user name)"), required=True)
    reason = Line(_l("Reason"), required=True, most=400)


class ProposeForm(VerbForm):
    findings = Paragraph(_l("What happened"), required=True)
    finding = Choice(_l("Finding"), of=Finding, words=label, required=_l("Please choose a finding. (CP-34)"))
    responsible = Someone(_l("Found responsible (user name, optional)"))
    solution = CustomerTexts(
        _l("Solution"),
        scope=TextScope.SOLUTION,
        required=_l("Please propose at least one solution. (CP-11)"),
        most=2000,
        times=4,
    )
    agreed_at = Moment(_l("Date agreed with the customer"))


class DecideProposalForm(VerbForm):
    note = Paragraph(_l("Note"))
    proposal = HiddenField()

    def validate_proposal(self, field: Field) -> None:
        field.data = int(field.data) if field.data and re.fullmatch(r"[0-9]{1,18}", field.data) else None


class ReturnForm(DecideProposalForm):
    note = Paragraph(_l("What needs to be improved"), required=_l("Please say why you return it. (CP-11)"))


class ResolveForm(VerbForm):
    result = Paragraph(_l("What was done"), required=True)


class ReportForm(VerbForm):
    answer = CustomerText(_l("Answer to the customer"), scope=TextScope.ANSWER, required=True)


class ReopenForm(VerbForm):
    note = Paragraph(_l("What the customer is not satisfied with"), required=True)


class FollowUpForm(VerbForm):
    outcome = Choice(_l("Outcome"), of=Outcome, words=label, required=True)
    note = Paragraph(_l("What the customer said"))


class ArchiveForm(VerbForm):
    evaluation = Paragraph(
        _l("Overall evaluation"),
        required=_l("Please write an evaluation before you archive the case. (CP-19)"),
    )


class EscalateForm(VerbForm):
    kind = Choice(_l("Reason for escalating"), of=Escalation, words=label, required=True)
    reason = Paragraph(_l("Cause"), required=True, most=2000)
    customer_type = Choice(_l("Customer type"), of=CustomerType, words=label, empty=_l("as recorded"))


class SpecialForm(VerbForm):
    limit = Choice(_l("Which limit"), of=SpecialLimit, words=label, required=True)
    reason = Line(_l("Reason"), required=True, most=400)


class ConcernForm(VerbForm):
    person_concerned = Someone(_l("Person complained about (user name)"), required=True)
    note = Paragraph(_l("How this came out"))


class AssistForm(VerbForm):
    department = OneOf(_l("Department"), codes=departments, required=True, empty=_l("Please choose"))
    note = Paragraph(_l("What help is needed"), required=True)


class ReasonForm(VerbForm):
    """A verb that needs a reason; a note in its place counts too."""

    reason = Line(_l("Reason"), most=400)
    note = Line(_l("Note"), most=400)

    def validate_reason(self, field: Field) -> None:
        field.data = field.data or self.note.data
        if not field.data:
            raise ValidationError(str(REQUIRED))

    def shown(self) -> list[str]:
        """The fields that are drawn."""
        return ["reason"]


class AdoptForm(VerbForm):
    note = Paragraph(_l("Measures"))
    due_at = PromisedMoment(_l("Answer the author by"))


class DeclineForm(VerbForm):
    note = CustomerText(_l("Why it is declined"), scope=TextScope.REFUSAL, required=True)


class VisitForm(VerbForm):
    note = Paragraph(_l("What the customer came for this time"))


class ExternalForm(VerbForm):
    party = Line(
        _l("Authority or company"), required=_l("Please name who is responsible outside. (CP-25)"), most=120
    )
    contact = Line(_l("Contact there"), most=200)
    due_at = PromisedMoment(_l("Tell the customer more by"))
    note = Paragraph(_l("Note"))


class OtherCaseForm(VerbForm):
    """A verb that names another case."""

    other = Line(_l("Number of the other case"), required=True, most=24)

    def validate_other(self, field: Field) -> None:
        field.data = field.data.upper()
        if not NUMBER.fullmatch(field.data):
            raise ValidationError(_("Write a number such as TS-20261121-0001."))


class MergeForm(OtherCaseForm):
    reason = Line(_l("Reason"), most=400)


class PublishForm(VerbForm):
    what = CustomerText(
        _l("What was suggested, without the customer's name"),
        scope=TextScope.ANSWER,
        required=_l("Please say what was suggested. (CP-26)"),
    )
    measure = CustomerText(
        _l("What is done about it"),
        scope=TextScope.ANSWER,
        required=_l("Please say what is done about it. (CP-26)"),
    )


class TickForm(VerbForm):
    step = Line(_l("Step"), required=True, most=24)

    def validate_step(self, field: Field) -> None:
        if field.data not in guide.CODES:
            raise ValidationError(_("Please choose one from the list."))


class RequiredNoteForm(VerbForm):
    note = Paragraph(_l("Note"), required=True)


class AskExtendForm(VerbForm):
    until = Moment(_l("Until"), required=True)
    reason = Line(_l("Reason"), required=True, most=400)

    def __init__(self, *args: Any, limits: Sequence[datetime | None] = (), **more: Any) -> None:
        self.limits = limits
        super().__init__(*args, **more)

    def validate_until(self, field: Field) -> None:
        """CP-14: behind now and behind the limits it lengthens."""
        if code := rules.extension_fits(field.data, clock.now(), self.limits):
            raise ValidationError(f"{REASONS[code]} (CP-14)")


class AskNotUpheldForm(VerbForm):
    reason = Line(
        _l("Why the complaint is not upheld"), required=_l("Please give a reason. (CP-06)"), most=400
    )
    answer = CustomerText(
        _l("Answer given to the customer"),
        scope=TextScope.REFUSAL,
        required=_l("Please enter the answer that was given. (CP-06)"),
    )


class AskForm(VerbForm):
    """A question that another person decides."""

    reason = Line(_l("Reason"), required=True, most=400)


class AskReporterForm(VerbForm):
    reporter = Someone(_l("Who answers the customer (user name)"), required=True)


class DecisionForm(VerbForm):
    """The answer to a question that another person asked."""

    decision = Choice(_l("Decision"), of=Decision, words=label, required=True)


class AttachForm(VerbForm):
    files = Uploads(_l("Files"), needed=True)


FORMS: dict[str, type[VerbForm]] = {
    "read-back": ReadBackForm,
    "route": RouteForm,
    "accept": AcceptForm,
    "on-site": NoteForm,
    "propose": ProposeForm,
    "approve": DecideProposalForm,
    "return": ReturnForm,
    "adopt": AdoptForm,
    "decline": DeclineForm,
    "resolve": ResolveForm,
    "report": ReportForm,
    "follow-up": FollowUpForm,
    "satisfied": NoteForm,
    "reopen": ReopenForm,
    "confirm": NoteForm,
    "file": NoteForm,
    "archive": ArchiveForm,
    "contact": ContactForm,
    "promise": PromiseForm,
    "opinion": RequiredNoteForm,
    "escalate": EscalateForm,
    "decide": RequiredNoteForm,
    "special": SpecialForm,
    "concern": ConcernForm,
    "assist": AssistForm,
    "assisted": RequiredNoteForm,
    "assign": AssignForm,
    "hand-back": ReasonForm,
    "reporter": AskReporterForm,
    "extend": AskExtendForm,
    "pause": ReasonForm,
    "resume": Nothing,
    "not-upheld": AskNotUpheldForm,
    "no-contact": AskForm,
    "dispose": AskForm,
    "withdraw": ReasonForm,
    "merge": MergeForm,
    "link": OtherCaseForm,
    "visit": VisitForm,
    "external": ExternalForm,
    "phrase": Nothing,
    "publish": PublishForm,
    "tick": TickForm,
    "attach": AttachForm,
    "note": RequiredNoteForm,
}
