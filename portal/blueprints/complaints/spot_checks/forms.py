"""What may be typed about a sample and a check."""

from __future__ import annotations

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.spot_checks import rules
from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE, Duty
from portal.blueprints.complaints.spot_checks.workflow import CALL, RATE, SETTLE
from portal.drawing import department_name
from portal.forms import Choice, OneOf, Paragraph, PortalForm, Someone, VersionedForm, Whole
from portal.i18n import _, _l, label
from portal.kernel import clock, reference

LOOK_BACK = 8  # quarters that can still be drawn: as long as cases are kept, and one year more


def quarters() -> list[tuple[str, str]]:
    """The quarters that are over, the last one first."""
    found, quarter = [], rules.quarter_of(clock.local(clock.now()).date())
    for _n in range(LOOK_BACK):
        quarter = rules.before(quarter)
        found.append((quarter, quarter))
    return found


def raters() -> list[tuple[str, str]]:
    """The departments outside customer service that have somebody who can rate (CP-23)."""
    staff = reference.staff()
    outside = [code for code in staff.departments if code != CUSTOMER_SERVICE and staff.leads_of(code)]
    return [(code, department_name(code)) for code in outside]


class DrawForm(PortalForm):
    quarter = OneOf(_l("Quarter"), codes=quarters, required=True)
    rater = OneOf(
        _l("Department that rates the follow-up"), codes=raters, required=True, empty=_l("Please choose")
    )


class CheckForm(VersionedForm):
    """What every form about a check carries."""


class CallForm(CheckForm):
    outcome = Choice(_l("What the customer says"), of=Outcome, words=label, required=True)
    duty = Choice(_l("First responder's duty (CP-32)"), of=Duty, words=label, empty=_l("not looked at"))
    at_fault = Someone(_l("Who failed in it (user name; empty: the first responder)"))
    note = Paragraph(_l("What was found"), most=2000)

    def validate_duty(self, field: Field) -> None:
        """Who was reached is asked about the duty too; without an answer the record may tell."""
        if field.data is None and self.outcome.data not in {None, Outcome.NO_ANSWER}:
            raise ValidationError(_("Say whether the first responder's duty was kept. (CP-23)"))

    def validate_note(self, field: Field) -> None:
        if rules.is_finding(self.outcome.data, self.duty.data) and not field.data:
            raise ValidationError(_("Say what was found, so that it can be put right. (CP-23)"))


class RateForm(CheckForm):
    rating = Whole(_l("Rating of the follow-up, 1 (bad) to 5 (very good)"), least=1, most=5, required=True)
    note = Paragraph(_l("Why"), most=2000)


class SettleForm(CheckForm):
    note = Paragraph(_l("What was put right"), most=2000, required=True)


FORMS: dict[str, type[CheckForm]] = {CALL: CallForm, RATE: RateForm, SETTLE: SettleForm}
