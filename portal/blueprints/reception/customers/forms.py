"""What may be typed about a customer."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from portal.blueprints.reception.customers.codes import CareKind, Consent, Gender, Relation
from portal.forms import Choice, Day, IdempotencyKey, Line, Paragraph, PortalForm, Someone, Version
from portal.i18n import _, _l, label
from portal.kernel import clock, customers, reference
from portal.kernel.customers import Customer


class CardForm(PortalForm):
    """CU-01. The phone number is drawn masked; sent back as it was drawn, it stays as it is."""

    name = Line(_l("Name"), most=120, required=True)
    company = Line(_l("Company"), most=120)
    phone = Line(_l("Phone"), most=40)
    relation = Choice(_l("Relation"), of=Relation, words=label, empty=_l("Not said"))
    owner = Someone(_l("Owner (user name)"))
    gender = Choice(_l("Gender"), of=Gender, words=label, empty=_l("Not said"))
    birthday = Day(_l("Birthday"))
    preferences = Line(_l("Preferences: drink, seat, form of address"), most=400)
    interests = Line(_l("Interests"), most=400)
    opinions = Paragraph(_l("Opinions"), most=4000)
    version = Version()
    stored = ""  # the phone number that the masked one stands for

    @classmethod
    def of_card(cls, card: Customer) -> CardForm:
        """The form filled with what is stored."""
        owner = reference.staff().cards[card.owner_id].username if card.owner_id else ""
        told = {name: getattr(card, name) for name in cls().data if hasattr(card, name)}
        return cls.blank(**told | {"phone": customers.masked(card.phone), "owner": owner})

    def validate_phone(self, field: Field) -> None:
        if self.stored and field.data == customers.masked(self.stored):
            return
        if field.data and not customers.PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a phone number."))

    def validate_birthday(self, field: Field) -> None:
        if field.data and field.data > clock.local(clock.now()).date():
            raise ValidationError(_("This day is still to come."))

    def given(self) -> dict[str, Any]:
        """The fields as a card keeps them."""
        kept = self.stored and self.phone.data == customers.masked(self.stored)
        return {
            "name": self.name.data,
            "company": self.company.data,
            "phone": self.stored if kept else self.phone.data,
            "relation": str(self.relation.data or ""),
            "owner_id": self.owner.card.id if self.owner.card else None,
            "gender": str(self.gender.data or ""),
            "birthday": self.birthday.data,
            "preferences": self.preferences.data,
            "interests": self.interests.data,
            "opinions": self.opinions.data,
        }


class NewForm(CardForm):
    """A new card, with what the person agreed to."""

    consent = BooleanField(_l("Data may be kept beyond the visit (RC-20)"))
    care_consent = BooleanField(_l("Greetings and contact are wanted (CU-02)"))

    def consents(self) -> list[Consent]:
        """What was agreed to."""
        return [
            *([Consent.KEEP] if self.consent.data else []),
            *([Consent.CARE] if self.care_consent.data else []),
        ]


class NoteForm(PortalForm):
    """CU-02: sympathy, a wanted item, a contact out of turn."""

    kind = Choice(_l("What"), of=CareKind, words=label, required=True)
    note = Paragraph(_l("Note"), most=1000, required=True)
    due_on = Day(_l("On which day (empty: today)"))
    idempotency_key = IdempotencyKey()


class DoneForm(PortalForm):
    result = Line(_l("Note"), most=400)


class ForgetForm(PortalForm):
    """RC-20: typed, so that nobody does it by a slip."""

    confirm = StringField(_l("Type the number of the card"))
    number = ""

    def validate_confirm(self, field: Field) -> None:
        if (field.data or "").strip() != self.number:
            raise ValidationError(_("Type %(number)s to confirm. (RC-20)", number=self.number))
