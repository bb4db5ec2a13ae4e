"""What may be typed about departments, positions and routing."""

from __future__ import annotations

import re

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.office.people.forms import departments
from portal.drawing import department_name, name_of
from portal.forms import Line, OneOf, PortalForm, Version, Whole
from portal.i18n import _, _l
from portal.kernel import reference

ADDRESSES = frozenset({"new", "import", "export"})  # pages beside those of the departments
CODE = re.compile(r"[a-z][a-z0-9-]{1,23}", re.ASCII)


class DepartmentForm(PortalForm):
    name = Line(_l("Name of the department"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    phone = Line(_l("Phone"), most=40)
    order = Whole(_l("Place in lists"), least=0, most=999, default=0)
    version = Version()

    def validate_order(self, field: Field) -> None:
        field.data = field.data or 0


class NewDepartmentForm(DepartmentForm):
    code = Line(_l("Code"), most=24, required=True)

    def validate_code(self, field: Field) -> None:
        field.data = (field.data or "").lower()
        if not CODE.fullmatch(field.data):
            raise ValidationError(_("Two or more small letters, digits and hyphens, such as sales."))
        if field.data in reference.staff().departments or field.data in ADDRESSES:
            raise ValidationError(_("This code is taken."))


def people() -> list[tuple[str, str]]:
    """Everybody who is there to act, to choose from, by department and name."""
    cards = [card for card in reference.staff().cards.values() if card.active]
    cards.sort(key=lambda card: (card.department, card.pinyin or card.name))
    return [(card.username, f"{name_of(card.id)} · {department_name(card.department)}") for card in cards]


class SeatForm(PortalForm):
    """Who holds a position and who stands in; both may be nobody."""

    holder = OneOf(_l("Holder"), codes=people, empty=_l("nobody"))
    deputy = OneOf(_l("Deputy"), codes=people, empty=_l("nobody"))
    version = Version()

    def validate_deputy(self, field: Field) -> None:
        if field.data and field.data == self.holder.data:
            raise ValidationError(_("Nobody is their own deputy."))


class RoutingForm(PortalForm):
    """Where a category of matter goes (CP-05); the office decides each time where nothing is chosen."""

    department = OneOf(_l("Department"), codes=departments, empty=_l("the general office decides each time"))
    reason = Line(_l("Reason"), most=400, required=_l("Say why it goes elsewhere from now on. (GO-05)"))
    version = Version()
