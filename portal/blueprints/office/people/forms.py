"""What may be typed about a person."""

from __future__ import annotations

import re

from wtforms import Field
from wtforms.validators import ValidationError

from portal.drawing import department_name
from portal.forms import Choice, Line, OneOf, PortalForm, Version
from portal.i18n import _, _l, label
from portal.kernel import reference
from portal.kernel.rights import Rank, Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)
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


class NewPersonForm(PersonForm):
    username = Line(_l("User name"), most=64, required=True)

    def validate_username(self, field: Field) -> None:
        field.data = (field.data or "").lower()
        if not USERNAME.fullmatch(field.data):
            raise ValidationError(
                _("Two or more small letters, digits, dots and hyphens, such as chen.guifang.")
            )
        if reference.staff().by_username(field.data):
            raise ValidationError(_("This user name is taken."))
