"""What may be typed about a person."""

from __future__ import annotations

import re

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.drawing import department_name, name_of
from portal.forms import Choice, Day, Line, NewUsername, OneOf, PortalForm, Version
from portal.i18n import _, _l, label
from portal.kernel import clock, departures, reference
from portal.kernel.rights import Rank, Role

EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def departments() -> list[tuple[str, str]]:
    """Codes and names of the departments, to choose from."""
    return [(code, department_name(code)) for code in reference.staff().departments]


class PersonForm(PortalForm):
    name = Line(_l("Name"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    pinyin = Line(_l("Found by (pinyin and initials)"), most=160)
    role = Choice(_l("Role"), of=Role, words=label, required=True)
    department = OneOf(_l("Department"), codes=departments, empty=_l("Please choose"), required=True)
    rank = Choice(_l("Rank"), of=Rank, words=label, default=Rank.STAFF)
    email = Line(_l("Mail"), most=160)
    phone = Line(_l("Phone"), most=40)
    version = Version()

    def validate_rank(self, field: Field) -> None:
        field.data = field.data or Rank.STAFF

    def validate_email(self, field: Field) -> None:
        if field.data and not EMAIL.fullmatch(field.data):
            raise ValidationError(_("This is no mail address."))


def colleagues() -> list[tuple[str, str]]:
    """User name and name of everybody who works here, by user name."""
    cards = sorted(
        (card for card in reference.staff().cards.values() if card.active), key=lambda c: c.username
    )
    return [(card.username, f"{name_of(card.id)} · {card.username}") for card in cards]


class DepartForm(PortalForm):
    """Until when somebody works here, and who takes over; `leaver` is their user name."""

    leaver = ""
    last_day = Day(_l("Last day"))
    at_once = BooleanField(_l("At once: the sessions end now"))
    heir = OneOf(_l("Takes over"), codes=colleagues, empty=_l("Please choose"), required=True)

    def validate_last_day(self, field: Field) -> None:
        if self.at_once.data or self.last_day.errors:
            return
        if field.data is None:
            raise ValidationError(_("Please write the last day, or tick that it is at once."))
        if departures.end_of(field.data) <= clock.now():
            raise ValidationError(_("This day is over. Please tick that it is at once."))

    def validate_heir(self, field: Field) -> None:
        if field.data == self.leaver:
            raise ValidationError(_("Somebody else takes over."))


class NewPersonForm(PersonForm):
    username = NewUsername(_l("User name"), required=True)
