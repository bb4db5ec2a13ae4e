"""What may be typed about deposits, keys and goods; never a document's number (RC-26)."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError

from portal.blueprints.reception.area import NUMBER
from portal.blueprints.reception.keeping import rules
from portal.blueprints.reception.keeping.codes import Direction, Document, Thing
from portal.drawing import department_name
from portal.forms import (
    Choice,
    IdempotencyKey,
    Line,
    Moment,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    VerbForm,
    VersionedForm,
    Whole,
)
from portal.i18n import _, _l, label
from portal.kernel import clock, reference


def _departments() -> list[tuple[str, str]]:
    return [(code, department_name(code)) for code in reference.staff().departments]


def _no_document_number(field: Field) -> None:
    if rules.looks_like_a_document_number(field.data or ""):
        raise ValidationError(
            _("The number of a document is never written down; take the digits out. (RC-26)")
        )


class OfVisit(PortalForm):
    """What may belong to a visit."""

    visit = Line(_l("Visit number"), most=24)
    idempotency_key = IdempotencyKey()
    back = HiddenField()

    def validate_visit(self, field: Field) -> None:
        field.data = (field.data or "").upper()
        if field.data and not NUMBER.fullmatch(field.data):
            raise ValidationError(_("Write the whole number of the visit, such as LF-20261121-0001."))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return {name: value for name, value in self.data.items() if name not in {"back", "handed_back"}}


class Lending(OfVisit):
    """What is out until a moment."""

    due_at = Moment(_l("Expected back by"))

    def validate_due_at(self, field: Field) -> None:
        if field.data and field.data <= clock.now():
            raise ValidationError(_("This moment is over already."))


class StoreForm(Lending):
    tag = Whole(_l("Tag number"), least=1, most=9999, required=True)
    name = Line(_l("Whose it is, when there is no visit"), most=120)
    thing = Choice(_l("What it is"), of=Thing, words=label, default=Thing.BAG, required=True)
    pieces = Whole(_l("Pieces"), least=1, most=99, default=1, required=True)
    note = Line(_l("Colour, make, visible damage"), most=200)

    def validate_name(self, field: Field) -> None:
        if not field.data and not self.visit.data:
            raise ValidationError(_("Give the visit's number, or say whose it is. (RC-27)"))


class LendForm(Lending):
    key = Line(_l("Key number"), most=24, required=True)
    borrower = Someone(_l("Colleague (user name), when there is no visit"))
    document = Choice(_l("Document that was looked at"), of=Document, words=label, required=True)
    handed_back = BooleanField(_l("The document was looked at and handed back"))
    purpose = Line(_l("What the key is for"), most=200)

    def validate_borrower(self, field: Field) -> None:
        if bool(field.data) == bool(self.visit.data):
            raise ValidationError(
                _("Give the visit's number or a colleague's user name: one of the two. (RC-26)")
            )

    def validate_handed_back(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Look at the document and hand it back; it is never kept. (RC-26)"))

    def validate_purpose(self, field: Field) -> None:
        _no_document_number(field)

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return super().given() | {"borrower": self.borrower.card}


class HeldForm(VerbForm):
    """The form of a verb on what is held or lent; `held` is the thing itself, to compare what is typed with."""

    back = HiddenField()

    def __init__(self, *args: Any, held: Any = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.held = held


class ReleaseForm(HeldForm):
    tag = Whole(_l("Tag number"), least=1, most=9999, required=True)

    def validate_tag(self, field: Field) -> None:
        if self.held is not None and field.data != self.held.tag.number:
            raise ValidationError(
                _("This is not the tag of this deposit; it is released only against its own. (RC-27)")
            )


class UntaggedForm(HeldForm):
    """RC-27: whose it is, shown by what its owner knows and the record holds."""

    described = BooleanField(_l("The visitor described it before it was shown: kind, colour, what is in it"))
    name = Line(_l("Name that the visitor gives"), most=120, required=True)
    tail = Line(_l("Last four digits of the phone that the visitor gives"), most=4)
    reason = Paragraph(_l("How the tag was lost"), most=400, required=True)

    def validate_described(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(
                _("Have it described first; without its tag nothing else tells it apart. (RC-27)")
            )

    def validate_name(self, field: Field) -> None:
        if self.held is not None and not rules.same_name(self.held.name, field.data or ""):
            raise ValidationError(_("This is not the name in the record. (RC-27)"))

    def validate_tail(self, field: Field) -> None:
        if self.held is not None and rules.phone_tail(self.held) not in {"", field.data}:
            raise ValidationError(_("This is not the phone number in the record. (RC-27)"))


class LostForm(HeldForm):
    reason = Paragraph(_l("How it was lost, and what was done about it"), most=400, required=True)
    looked_again = BooleanField(_l("It was looked for a second time"))

    def validate_looked_again(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Look for it once more before it is declared lost. (RC-27)"))


class LostKeyForm(LostForm):
    def validate_reason(self, field: Field) -> None:
        _no_document_number(field)

    def validate_looked_again(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Look for the key once more before it is declared lost. (RC-26)"))


DEPOSITS: dict[str, type[HeldForm]] = {
    "release": ReleaseForm,
    "untagged": UntaggedForm,
    "lost": LostForm,
}
KEYS: dict[str, type[HeldForm]] = {"return": HeldForm, "lost": LostKeyForm}


class GoodsForm(OfVisit):
    direction = Choice(_l("In or out"), of=Direction, words=label, required=True)
    what = Line(_l("Goods"), most=300, required=True)
    amount = Line(_l("Amount"), most=60, required=True)
    carrier = Line(_l("Who carries them"), most=120, required=True)
    company = Line(_l("Company"), most=120)
    department = OneOf(
        _l("Department that answers for them"), codes=_departments, empty=_l("Please choose"), required=True
    )


class ApproveForm(VersionedForm):
    note = Line(_l("Note"), most=400)


class DeclineForm(VersionedForm):
    note = Line(_l("Reason"), most=400, required=True)


class CheckForm(VersionedForm):
    as_listed = BooleanField(_l("What is carried is what the pass says"))
    note = Line(_l("Note"), most=400)

    def validate_as_listed(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Goods pass only when they are what the pass says. (RC-26)"))


GOODS: dict[str, type[VersionedForm]] = {"approve": ApproveForm, "decline": DeclineForm, "check": CheckForm}


class TagsForm(PortalForm):
    first = Whole(_l("From number"), least=1, most=9999, required=True)
    last = Whole(_l("To number"), least=1, most=9999, required=True)

    def validate_last(self, field: Field) -> None:
        if self.first.data is None or field.data is None:
            return
        if not 0 <= field.data - self.first.data < 200:
            raise ValidationError(_("Up to 200 tags at once, the higher number last."))


class KeyForm(PortalForm):
    number = Line(_l("Key number"), most=24, required=True)
    opens = Line(_l("What it opens (Chinese)"), most=80, required=True)
    opens_en = Line(_l("What it opens (English)"), most=80)
