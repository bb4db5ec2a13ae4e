"""What may be typed about a service order: one form to ask for it, one for each verb."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError
from wtforms.widgets import NumberInput

from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.forms import departments
from portal.blueprints.complaints.orders.codes import OrderKind
from portal.blueprints.complaints.record_form import PHONE
from portal.forms import (
    Choice,
    CustomerLine,
    CustomerText,
    Day,
    IdempotencyKey,
    Line,
    Moment,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    TextScope,
    Typed,
    VerbForm,
    Version,
    Whole,
)
from portal.i18n import _, _l, label
from portal.kernel import numbers

CASE_NUMBER = re.compile(numbers.shape("TS"))
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)


class Amount(Typed):
    """An exact amount with at most two places, as a Decimal: yuan and fen, or hours."""

    widget = NumberInput(step="0.01")

    def __init__(self, text: Any = None, *, least: str = "0", most: str = "9999999.99", **more: Any) -> None:
        super().__init__(text, **more)
        self.least, self.most = Decimal(least), Decimal(most)
        self.flags.min, self.flags.max = least, most

    def read(self, text: str) -> Decimal | None:
        if not text:
            return None
        plain = unicodedata.normalize("NFKC", text)
        if not _AMOUNT.fullmatch(plain):
            raise ValueError(_("Write an amount such as 128.50."))
        if not self.least <= Decimal(plain) <= self.most:
            raise ValueError(_("From %(least)s to %(most)s.", least=self.least, most=self.most))
        return Decimal(plain).quantize(Decimal("0.01"))

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return "" if self.data is None else str(self.data)


class SheetForm(PortalForm):
    """What the order sheet says of the customer and the device."""

    customer_name = Line(_l("Customer's name"), most=120, required=True)
    customer_phone = Line(_l("Phone"), most=40)
    customer_address = Line(_l("Address"), most=300)
    contact = Line(_l("Whom to ask for on site"), most=120)
    model = Line(_l("Model"), most=120)
    purchased_on = Day(_l("Date of purchase"))
    warranty_until = Day(_l("Warranty until"))
    fault = Paragraph(_l("Fault, or what is to be installed"), most=2000, required=True)
    planned_at = Moment(_l("Planned for"))

    def __init__(self, *args: Any, masked: str = "", **more: Any) -> None:
        self.masked = masked  # the stored number, as far as it is shown (RC-20)
        super().__init__(*args, **more)

    @property
    def left_masked(self) -> bool:
        """The number was left as it was drawn: the whole one is meant."""
        return bool(self.masked and self.customer_phone.data == self.masked)

    def validate_customer_phone(self, field: Field) -> None:
        if field.data and not self.left_masked and not PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))

    def validate_warranty_until(self, field: Field) -> None:
        if field.data and self.purchased_on.data and field.data < self.purchased_on.data:
            raise ValidationError(_("A warranty does not end before the purchase."))


class NewOrderForm(SheetForm):
    """The order as it is asked for; the customer comes from the case."""

    case = Line(_l("Case"), most=24, required=True)
    kind = Choice(_l("Kind of order"), of=OrderKind, words=label, required=True, default=OrderKind.REPAIR)
    department = OneOf(
        _l("Department that carries it out"), codes=departments, empty=_l("Please choose"), required=True
    )
    urgent = BooleanField(_l("Urgent: it cannot wait for the next free technician"))
    idempotency_key = IdempotencyKey()

    def validate_case(self, field: Field) -> None:
        if field.data and not CASE_NUMBER.fullmatch(field.data):
            raise ValidationError(_("Write the whole number of the case."))

    def record(self) -> dict[str, Any]:
        """The fields as the order keeps them."""
        return {name: value for name, value in self.data.items() if name not in {"case", "idempotency_key"}}


class EditForm(SheetForm):
    """The sheet as it stands."""

    version = Version()


class NoteForm(VerbForm):
    note = Paragraph(_l("Note"), required=True, most=2000)


class ApproveForm(VerbForm):
    note = Paragraph(_l("Note"), most=2000)


class AssignForm(VerbForm):
    technician = Someone(_l("Technician (user name)"), required=True)
    planned_at = Moment(_l("Planned for"))
    note = Paragraph(_l("Note"), most=2000)


class OutsideForm(VerbForm):
    company = Line(_l("Outside company or person"), most=120, required=True)
    reason = Line(_l("Why it cannot wait"), most=400, required=True)
    nobody_free = BooleanField(_l("No technician of ours is free"))

    def validate_nobody_free(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Outside help is for when no technician is free. (CP-30)"))


class ConsentForm(VerbForm):
    decision = Choice(_l("Decision"), of=Decision, words=label, required=True)
    note = Paragraph(_l("Note"), most=2000)


class TakeForm(VerbForm):
    """What the receipt in the customer's hand says (PG-04)."""

    things = CustomerLine(
        _l("What is taken in, with its number"), scope=TextScope.ANSWER, most=300, required=True
    )
    note = CustomerText(_l("State and accessories"), scope=TextScope.ANSWER, most=2000)


class WorkForm(VerbForm):
    part = Line(_l("Part"), most=300)
    quantity = Whole(_l("Quantity"), least=1, most=9999)
    price = Amount(_l("Price of one, in yuan"))
    hours = Amount(_l("Hours of work"), most="999")
    # The sheet that the customer signs names it where no part was used (PG-04).
    note = CustomerText(_l("Work done"), scope=TextScope.ANSWER, most=2000)

    def validate_part(self, field: Field) -> None:
        if not field.data and self.hours.data is None:
            raise ValidationError(_("Name a part, or the hours, or both."))
        if not field.data and (self.price.data is not None or self.quantity.data is not None):
            raise ValidationError(_("Say which part it is."))

    def validate_price(self, field: Field) -> None:
        if self.part.data and field.data is None:
            raise ValidationError(_("Say what one costs; 0 for a part without a price."))


class Thing(OneOf):
    """Something that was taken in, by its id; the form knows which there are, but only once it is read."""

    def __init__(self, text: Any = None, **more: Any) -> None:
        super().__init__(text, codes=tuple, **more)

    def read(self, text: str) -> str:
        return text


class _ThingForm(VerbForm):
    """A verb about something that was taken in."""

    def __init__(self, *args: Any, things: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        self.things = tuple(things)
        super().__init__(*args, **more)
        for field in self._fields.values():
            if isinstance(field, Thing):
                field.codes = lambda: self.things

    def validate_thing(self, field: Field) -> None:
        if field.data and field.data not in dict(self.things):
            raise ValidationError(_("Please choose one of the list."))

    def given(self) -> dict[str, Any]:
        typed = super().given()
        return typed | {"thing": int(typed["thing"]) if typed["thing"] else None}


class SwapForm(_ThingForm):
    old_number = Line(_l("Number of the old device"), most=80, required=True)
    new_number = Line(_l("Number of the new device"), most=80, required=True)
    thing = Thing(_l("Taken in before and kept"), empty=_l("nothing"))
    note = Paragraph(_l("Note"), most=2000)

    def validate_new_number(self, field: Field) -> None:
        if field.data and field.data == self.old_number.data:
            raise ValidationError(_("The new device has another number than the old one."))


class GiveBackForm(_ThingForm):
    thing = Thing(_l("What goes back"), empty=_l("Please choose"), required=True)
    returned_to = Line(_l("Who received it"), most=120, required=True)
    note = Paragraph(_l("Note"), most=2000)


class DoneForm(VerbForm):
    # The customer reads it on the sheet before signing (PG-04).
    result = CustomerText(_l("Result"), scope=TextScope.ANSWER, required=True, most=2000)
    paid = Amount(_l("Money taken on site in all, in yuan"))


class InvoiceForm(VerbForm):
    invoice_number = Line(_l("Invoice number"), most=40, required=True)
    amount = Amount(_l("Amount, in yuan"), least="0.01", required=True)


class HandInForm(VerbForm):
    handed_to = Line(_l("Who in finance received the money"), most=80, required=True)


class AcceptForm(VerbForm):
    customer = Line(
        _l("Customer who signed"),
        most=120,
        required=_l("The customer signs for the work: write the name. (CP-30)"),
    )
    note = Paragraph(_l("What the customer said"), most=2000)


class CancelForm(VerbForm):
    reason = Line(_l("Reason"), most=400, required=True)


FORMS: dict[str, type[VerbForm]] = {
    "approve": ApproveForm,
    "assign": AssignForm,
    "outside": OutsideForm,
    "take": TakeForm,
    "work": WorkForm,
    "swap": SwapForm,
    "give-back": GiveBackForm,
    "done": DoneForm,
    "invoice": InvoiceForm,
    "hand-in": HandInForm,
    "accept": AcceptForm,
    "cancel": CancelForm,
    "note": NoteForm,
}
