"""The record of a case as it is typed, and the files that come with it."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, Field, MultipleFileField
from wtforms.validators import StopValidation, ValidationError

from portal.blueprints.complaints import rules
from portal.blueprints.complaints.codes import Category, Channel, CustomerType, Kind, ReadBack, Urgency
from portal.blueprints.complaints.labels import REASONS
from portal.forms import REQUIRED, Choice, IdempotencyKey, Line, Moment, Paragraph, PortalForm, Someone
from portal.i18n import _, _l, label
from portal.kernel import files as store
from portal.labels import rejected

PHONE = re.compile(r"[0-9+() .;,/#转ext-]*", re.IGNORECASE)


class Uploads(MultipleFileField):
    """Files judged by their content; `checked` are those that may be kept."""

    def __init__(self, text: Any = None, *, needed: bool = False, **more: Any) -> None:
        super().__init__(text, **more)
        self.needed = needed
        self.checked: list[store.Checked] = []

    @property
    def sent(self) -> list[Any]:
        """What was chosen; a browser sends an empty part where nothing was."""
        return [storage for storage in self.data or [] if getattr(storage, "filename", "")]

    def pre_validate(self, form: Any) -> None:
        if self.needed and not self.sent:
            raise StopValidation(str(REQUIRED))
        try:
            self.checked = [store.check(storage) for storage in self.sent]
        except store.Rejected as error:
            raise StopValidation(rejected(error)) from error


class Intake(PortalForm):
    """The record of a case, in the order of a call (CP-04)."""

    kind = Choice(_l("Kind"), of=Kind, words=label, required=True, default=Kind.COMPLAINT)
    channel = Choice(_l("How it reached us"), of=Channel, words=label, required=True, default=Channel.PHONE)
    category = Choice(_l("Category"), of=Category, words=label, required=True)
    urgency = Choice(_l("Urgency"), of=Urgency, words=label, default=Urgency.NORMAL)
    major = BooleanField(_l("Major: the head of department and the general office are told at once"))
    confidential = BooleanField(_l("Confidential tip-off: only the general office can see it"))
    content = Paragraph(_l("Content"), required=True)
    demand = Paragraph(_l("What the customer wants"), most=2000)
    customer_name = Line(_l("Customer's name"), most=120)
    customer_phone = Line(_l("Phone"), most=40)
    customer_address = Line(_l("Address"), most=300)
    customer_type = Choice(_l("Customer type"), of=CustomerType, words=label, empty=_l("not known"))
    occurred_at = Moment(_l("When it happened"))
    person_concerned = Someone(_l("Person complained about (user name)"))
    read_back = Choice(_l("Record confirmed"), of=ReadBack, words=label, empty=_l("not yet"))
    read_back_reason = Line(_l("Why it cannot be confirmed"), most=400)
    files = Uploads(_l("Original letter, pictures (up to 20 MB each)"))
    idempotency_key = IdempotencyKey()

    def __init__(self, *args: Any, masked: str = "", **more: Any) -> None:
        self.masked = (
            masked  # the number of the visit or the case that is meant, as far as it is shown (RC-20)
        )
        super().__init__(*args, **more)

    @property
    def left_masked(self) -> bool:
        """The number was left as it was drawn: the whole one is meant."""
        return bool(self.masked and self.customer_phone.data == self.masked)

    def mended(self) -> dict[str, Any]:
        """The fields of a record that is mended; a number that was left in part stays as it is stored."""
        return {
            name: value
            for name, value in self.data.items()
            if name != "customer_phone" or not self.left_masked
        }

    def validate_customer_phone(self, field: Field) -> None:
        if field.data and not self.left_masked and not PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))

    def validate_read_back(self, field: Field) -> None:
        """CP-04: the way of confirming fits the channel, said beside the field."""
        if field.data is None or self.channel.data is None:
            return
        reason = self.read_back_reason.data or ""
        anonymous, attached = not self.customer_name.data, "files" in self and bool(self.files.sent)
        if code := rules.read_back_fits(self.channel.data, field.data, anonymous, reason, attached=attached):
            raise ValidationError(f"{REASONS[code]} (CP-04)")

    def record(self) -> dict[str, Any]:
        """The fields as the case keeps them."""
        left_out = {"idempotency_key", "person_concerned", "files"}
        kept = {name: value for name, value in self.data.items() if name not in left_out}
        card = self.person_concerned.card
        return kept | {
            "urgency": self.urgency.data or Urgency.NORMAL,
            "person_concerned_id": card.id if card else None,
        }
