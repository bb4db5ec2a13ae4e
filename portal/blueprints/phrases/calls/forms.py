"""What may be typed during a call, in its order (PG-02)."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.forms import REQUIRED, IdempotencyKey, Line, Paragraph, PortalForm
from portal.i18n import _, _l
from portal.kernel.customers import PHONE


class NoteForm(PortalForm):
    """What is noted along the way; anything may still be missing."""

    caller = Line(_l("Caller"), most=120)
    company = Line(_l("Company"), most=120)
    phone = Line(_l("Phone"), most=40)
    matter = Paragraph(_l("The matter"), most=4000)
    place = Line(_l("Where and when it happened"), most=300)
    reason = Paragraph(_l("How it came about"), most=2000)
    demand = Paragraph(_l("What the caller wants"), most=2000)
    transfer = Line(_l("Put through to"), most=80)
    read_back = BooleanField(_l("Read back and confirmed"))
    idempotency_key = IdempotencyKey()

    def validate_phone(self, field: Field) -> None:
        if field.data and not PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))

    def noted(self) -> dict[str, Any]:
        """What was sent and can be kept; a field that a page did not draw keeps what it had."""
        sent = {name for name in self.data if name in request.form}
        sent |= {"read_back"} & {request.form.get("box")}  # a box that is drawn and not ticked is not sent
        return {name: self[name].data for name in sent - {"idempotency_key"} if not self[name].errors}


class EndForm(NoteForm):
    """The call as it becomes something: by then it is about something."""

    def validate_matter(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(str(REQUIRED))
