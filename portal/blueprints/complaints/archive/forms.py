"""What may be typed about a case in the archive."""

from __future__ import annotations

from typing import Any

from wtforms import Field, SelectMultipleField
from wtforms.validators import ValidationError

from portal.blueprints.complaints.archive.codes import Correctable, RetentionClass
from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.improvements.forms import ends
from portal.blueprints.complaints.record_form import PHONE
from portal.forms import Choice, CustomerText, Day, Line, PortalForm, TextScope, VerbForm
from portal.i18n import _, _l, label

# How much a column of the case takes.
ROOM = {Correctable.CUSTOMER_NAME: 120, Correctable.CUSTOMER_PHONE: 40, Correctable.CUSTOMER_ADDRESS: 300}


class KeepForm(VerbForm):
    retention_class = Choice(_l("Retention class"), of=RetentionClass, words=label, required=True)
    keep_on = Day(_l("Keep at least until (may be empty)"))
    reason = Line(_l("Reason"), most=400, required=_l("The class is chosen with a reason. (CP-20)"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        day = self.keep_on.data
        return {
            "retention_class": self.retention_class.data,
            "reason": self.reason.data,
            "until": ends(day) if day else None,
        }


class CorrectForm(VerbForm):
    """An erratum: it stands beside the record and does not overwrite it (GO-01).

    What puts an answer right is one itself and checked as one (PG-04); what puts a record right says what was so.
    """

    field = Choice(_l("Field"), of=Correctable, words=label, required=True)
    value = CustomerText(
        _l("What it should say"),
        scope=TextScope.ANSWER,
        when=("field", Correctable.ANSWER),
        required=True,
    )
    reason = Line(_l("Reason"), most=400, required=_l("A correction has a reason. (GO-01)"))

    def validate_value(self, field: Field) -> None:
        most = ROOM.get(self.field.data)
        if most and len(field.data) > most:
            raise ValidationError(_("At most %(most)s characters fit here.", most=most))
        if self.field.data is Correctable.CUSTOMER_PHONE and not PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))


class SignForm(VerbForm):
    """The second signature under an erratum."""

    decision = Choice(_l("Decision"), of=Decision, words=label, required=True)


class DisposeForm(PortalForm):
    """Several records proposed for disposal at once (CP-20)."""

    number = SelectMultipleField(_l("Records"), choices=[], validate_choice=False)
    reason = Line(_l("Reason"), most=400, required=True)

    def validate_number(self, field: Field) -> None:
        field.data = list(dict.fromkeys(field.data or []))
        if not field.data:
            raise ValidationError(_("Choose at least one record."))
