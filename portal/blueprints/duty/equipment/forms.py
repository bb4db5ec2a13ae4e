"""What may be typed about equipment, and how other forms name a piece of it."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.equipment import queries, rules
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.forms import departments
from portal.blueprints.duty.systems import System
from portal.forms import (
    Choice,
    Day,
    IdempotencyKey,
    Line,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    Version,
)
from portal.i18n import _, _l, called, label

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,23}", re.ASCII)
LEFT_OUT = frozenset({"version", "idempotency_key", "responsible", "post"})


def known_posts() -> list[tuple[str, str]]:
    """Codes and names of the posts, to choose from."""
    return [(post.code, called(post)) for post in posts.ground().posts.values() if post.active]


def post_id_of(code: str | None) -> int | None:
    """The id of a post that was chosen."""
    return next((post.id for post in posts.ground().posts.values() if post.code == code), None)


class EquipmentCode(Line):
    """A piece of equipment by its code; `row` is what the ledger says of it. What is out of use can still be named."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, most=24, **more)

    def read(self, text: str) -> str:
        text = super().read(text).upper()
        if text and text not in queries.ledger():
            raise ValueError(_("The ledger has no equipment of this code."))
        return text

    @property
    def row(self) -> Any:
        """The row of the ledger; None when nothing is named."""
        return queries.ledger().get(self.data or "")


def choices() -> list[tuple[str, str]]:
    """Code and name of what is in use, for the list that a field of this kind proposes."""
    return [
        (row.code, f"{called(row)} · {row.place}".strip(" ·"))
        for row in queries.ledger().values()
        if row.active
    ]


class EquipmentForm(PortalForm):
    name = Line(_l("Its name"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    system = Choice(_l("System"), of=System, words=label, required=True)
    place = Line(_l("Where it is"), most=120)
    department = OneOf(_l("Department"), codes=departments, empty=_l("Please choose"), required=True)
    post = OneOf(_l("Post in whose log its breakdowns are written"), codes=known_posts, empty=_l("none"))
    responsible = Someone(_l("Responsible person (user name or name)"))
    important = BooleanField(_l("Important: it has a contingency plan (DR-13)"))
    contingency = Paragraph(_l("Contingency plan: what is done when it fails"), most=4000)
    bought_on = Day(_l("Bought on"))
    warranty_until = Day(_l("Under warranty until"))
    active = BooleanField(_l("In use"), default=True)
    version = Version()

    def validate_contingency(self, field: Field) -> None:
        """DR-13: what is important has one."""
        if rules.contingency_lacks(self.important.data, field.data or ""):
            raise ValidationError(_("Important equipment has a contingency plan. (DR-13)"))

    def validate_warranty_until(self, field: Field) -> None:
        if field.data and self.bought_on.data and field.data < self.bought_on.data:
            raise ValidationError(_("The warranty does not end before the purchase."))

    def record(self) -> dict[str, Any]:
        """The fields as the ledger keeps them."""
        kept = {name: value for name, value in self.data.items() if name not in LEFT_OUT}
        card = self.responsible.card
        return kept | {
            "post_id": post_id_of(self.post.data),
            "responsible_id": card.id if card else None,
            "name_en": kept["name_en"] or "",
            "place": kept["place"] or "",
            "contingency": kept["contingency"] or "",
        }


class NewEquipmentForm(EquipmentForm):
    code = Line(_l("Code"), most=24, required=True)
    idempotency_key = IdempotencyKey()

    def validate_code(self, field: Field) -> None:
        field.data = field.data.upper()
        if not CODE.fullmatch(field.data):
            raise ValidationError(_("Two or more capital letters, digits and hyphens, such as LIFT-01."))
        if field.data in queries.ledger():
            raise ValidationError(_("This code is taken."))
