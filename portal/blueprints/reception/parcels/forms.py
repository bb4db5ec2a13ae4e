"""What may be typed about a parcel."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.reception.parcels.codes import ParcelKind
from portal.blueprints.reception.parcels.workflow import PUT_BACK, RETURN, SIGN
from portal.drawing import department_name
from portal.forms import Choice, IdempotencyKey, Line, OneOf, PortalForm, Someone, VersionedForm, Whole
from portal.i18n import _, _l, label
from portal.kernel import reference


def departments() -> list[tuple[str, str]]:
    """Every department that something can be for."""
    return [(code, department_name(code)) for code in reference.staff().departments]


class EntryForm(PortalForm):
    kind = Choice(_l("What it is"), of=ParcelKind, words=label, required=True, default=ParcelKind.EXPRESS)
    recipient = Someone(_l("For whom (user name or name)"))
    department = OneOf(_l("Or for a department"), codes=departments, empty=_l("Please choose"))
    sender = Line(_l("Sender"), most=120)
    tracking = Line(_l("Tracking number"), most=60)
    place = Line(_l("Where it is kept"), most=80)
    pieces = Whole(_l("Pieces"), least=1, most=999, default=1)
    idempotency_key = IdempotencyKey()

    def validate_department(self, field: Field) -> None:
        """RC-29: it is passed on to somebody; a name that was not understood has its own message."""
        if not field.data and not self.recipient.data and not self.recipient.errors:
            raise ValidationError(_("Say for whom it is, or for which department. (RC-29)"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return self.data | {"recipient": self.recipient.card, "pieces": self.pieces.data or 1}


class ParcelForm(VersionedForm):
    """What every form about a parcel carries."""


class SignForm(ParcelForm):
    collector = Someone(_l("Taken by somebody else (user name or name)"))


class ReasonForm(ParcelForm):
    reason = Line(_l("Reason"), most=200, required=True)


FORMS: dict[str, type[ParcelForm]] = {SIGN: SignForm, RETURN: ReasonForm, PUT_BACK: ReasonForm}
