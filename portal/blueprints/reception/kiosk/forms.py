"""What may be typed at the kiosk; every form carries the turn of the visitor who stands there."""

from __future__ import annotations

import re

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError

from portal.blueprints.reception.forms import MOST_PARTY, WithPhone, departments
from portal.blueprints.reception.kiosk.codes import Why
from portal.forms import Choice, Line, OneOf, Paragraph, PortalForm, Whole
from portal.i18n import _, _l, label


class Turn(PortalForm):
    turn = HiddenField()


class FindForm(Turn):
    """RC-18: the pass code, or the end of the phone number with the name."""

    code = Line(_l("Pass code"), most=20)
    tail = Line(_l("Last four digits of your phone"), most=4)
    name = Line(_l("Your surname or name"), most=120)

    def validate_code(self, field: Field) -> None:
        if not field.data and not (self.tail.data and self.name.data):
            raise ValidationError(_("Type your pass code, or the end of your phone number and your name."))

    def validate_tail(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[0-9]{4}", field.data):
            raise ValidationError(_("Four digits, please."))


class Consenting(Turn):
    """RC-20: nothing is kept without consent to the privacy notice."""

    agree = BooleanField(_l("I have read the notice and agree"))

    def validate_agree(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(
                _("Without this the kiosk keeps nothing; the front desk is glad to help. (RC-20)")
            )


class ConfirmForm(Consenting):
    party_size = Whole(_l("How many are you?"), least=1, most=MOST_PARTY)


class WalkInForm(Consenting, WithPhone):
    why = Choice(_l("What brings you here?"), of=Why, words=label, required=True)
    visitor_name = Line(_l("Your name"), most=120, required=True)
    phone = Line(_l("Your phone number"), most=40, required=True)
    company = Line(_l("Your company"), most=120)
    asked_for = Line(_l("Whom would you like to see?"), most=120)
    department = OneOf(_l("Department"), codes=departments, empty=_l("I do not know"))
    purpose = Paragraph(_l("What is it about?"), most=1000, required=True)
    party_size = Whole(_l("How many are you?"), least=1, most=MOST_PARTY, default=1)


class KioskForm(PortalForm):
    """The office names a tablet."""

    name = Line(_l("Name of the kiosk"), most=80, required=True)
