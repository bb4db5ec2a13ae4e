"""What may be typed about a program that records cases."""

from __future__ import annotations

from portal.drawing import department_name, name_of
from portal.forms import Line, OneOf, PortalForm
from portal.i18n import _l
from portal.kernel import intake_tokens, reference


def answerable() -> list[tuple[str, str]]:
    """Everybody who may answer for what a program records, by department and name."""
    cards = [card for card in reference.staff().cards.values() if intake_tokens.may_answer(card)]
    cards.sort(key=lambda card: (card.department, card.pinyin or card.name))
    return [(card.username, f"{name_of(card.id)} · {department_name(card.department)}") for card in cards]


class TokenForm(PortalForm):
    """A program's name, and who is the first responder of what it sends (CP-03)."""

    name = Line(_l("Name of the program"), most=80, required=True)
    person = OneOf(_l("On behalf of"), codes=answerable, empty=_l("Please choose"), required=True)
