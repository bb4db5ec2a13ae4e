"""What may be typed about people's data."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from portal.blueprints.office.privacy.codes import Decision
from portal.forms import Choice, Line, OneOf, PortalForm, VerbForm, VersionedForm, Whole
from portal.i18n import _, _l, label
from portal.kernel import mentions, reference
from portal.kernel.people import Status


def departed() -> list[tuple[str, str]]:
    """Everybody who has left, by name."""
    cards = [card for card in reference.staff().cards.values() if card.status is Status.DEPARTED]
    return [(card.username, card.name) for card in sorted(cards, key=lambda card: card.pinyin or card.name)]


class SoughtForm(VerbForm):
    """Whom a request is about."""

    name = Line(_l("Name"), most=120)
    phone = Line(_l("Phone"), most=40)
    person = OneOf(_l("Somebody who worked here"), codes=departed, empty=_l("Nobody of the company"))
    loose = BooleanField(_l("Also where only the name stands"))
    reason = Line(_l("What the person asks for, and how it was checked who it is"), most=400, required=True)

    def validate_phone(self, field: Any) -> None:
        """A name, a number or somebody who has left is needed; a number too short fits too many."""
        number = mentions.digits(field.data or "")
        if not (self.name.data or number or self.person.data):
            raise ValidationError(_("Write a name or a phone number, or choose somebody."))
        if number and len(number) < mentions.SHORTEST:
            raise ValidationError(_("Write the whole number."))


class AskForm(VersionedForm):
    """That the person be forgotten; confirmed by typing how many entries go."""

    count = Whole(_l("How many entries go"), most=100_000, required=True)

    goes: int = 0

    def validate_count(self, field: Any) -> None:
        """What cannot be undone is counted first."""
        if field.data is not None and field.data != self.goes:
            raise ValidationError(_("That is not the number of entries."))

    def given(self) -> dict[str, Any]:
        """The number was for the person, not for the record."""
        return {name: value for name, value in super().given().items() if name != "count"}


class ConfirmForm(VersionedForm):
    """The second person's decision."""

    decision = Choice(_l("Decision"), of=Decision, words=label, required=True)
    note = Line(_l("Note"), most=400)


class FileForm(VerbForm):
    """Whether one attached file goes with the person; said by a button of its row."""

    file = Whole(_l("File"), most=2_000_000_000, required=True)
    decision = Choice(_l("Decision"), of=Decision, words=label, required=True)


class PlainForm(VerbForm):
    """A verb that says nothing more."""


class EndForm(PortalForm):
    """RC-20: names past their term go after their number was typed."""

    confirm = Whole(_l("How many entries lose their words"), most=1_000_000, required=True)

    def __init__(self, *args: Any, count: int = 0, **more: Any) -> None:
        super().__init__(*args, **more)
        self.count = count

    def validate_confirm(self, field: Any) -> None:
        """The number that the page says now."""
        if field.data is not None and field.data != self.count:
            raise ValidationError(_("That is not the number of entries."))


FORMS: dict[str, type[VerbForm]] = {
    "ask": AskForm,
    "confirm": ConfirmForm,
    "decide-file": FileForm,
    "search-again": PlainForm,
    "close": PlainForm,
}
