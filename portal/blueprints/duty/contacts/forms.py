"""What may be typed about a contact."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.systems import System
from portal.forms import Choice, IdempotencyKey, Line, PortalForm, Version
from portal.i18n import _, _l, label

PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,30}(?:(?:转|ext\.?|x) ?[0-9]{1,8})?", re.ASCII | re.IGNORECASE)


def dialled(phone: str) -> str:
    """A number as a phone dials it: digits alone, an extension behind a pause."""
    main, _sign, extension = re.sub(r"(?i)转|ext\.?|x", "#", phone, count=1).partition("#")
    digits = re.sub(r"[^0-9+]", "", main)
    more = re.sub(r"[^0-9]", "", extension)
    return f"{digits},{more}" if more else digits


class ContactForm(PortalForm):
    system = Choice(_l("System"), of=System, words=label, required=True)
    company = Line(_l("Company"), most=120, required=True)
    person = Line(_l("Person there"), most=80)
    phone = Line(_l("Phone"), most=40, required=True)
    night_phone = Line(_l("Phone at night and on holidays"), most=40)
    hours = Line(_l("When they can be reached"), most=80)
    contract = Line(_l("Contract: number, until when, how fast they come"), most=400)
    active = BooleanField(_l("In use"), default=True)
    version = Version()

    def validate_phone(self, field: Field) -> None:
        if not PHONE.fullmatch(field.data):
            raise ValidationError(_("Write a number that can be dialled, such as 021-5550 1234."))

    def validate_night_phone(self, field: Field) -> None:
        if field.data and not PHONE.fullmatch(field.data):
            raise ValidationError(_("Write a number that can be dialled, such as 021-5550 1234."))

    def record(self) -> dict[str, Any]:
        """The fields as a contact keeps them."""
        unsaid = {"version", "idempotency_key"}
        return {name: value for name, value in self.data.items() if name not in unsaid}


class NewContactForm(ContactForm):
    idempotency_key = IdempotencyKey()
