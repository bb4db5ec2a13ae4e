"""What may be typed about meals and lodging."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from wtforms.widgets import NumberInput

from portal.blueprints.reception.services.codes import ServiceKind
from portal.blueprints.reception.services.labels import yuan
from portal.forms import Choice, Day, Line, Paragraph, PortalForm, Someone, Typed, VersionedForm, Whole
from portal.i18n import _, _l, label

MOST_YUAN = 1_000_000
MOST_PERSONS = 500


class Yuan(Typed):
    """Yuan with at most two decimals; `data` is whole fen."""

    widget = NumberInput(step="0.01", min=0)

    def read(self, text: str) -> int | None:
        if not text:
            return None
        plain = unicodedata.normalize("NFKC", text)
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", plain):
            raise ValueError(_("Write yuan with at most two decimals, such as 120.50."))
        whole, _dot, part = plain.partition(".")
        fen = int(whole) * 100 + int(part.ljust(2, "0"))
        if fen > MOST_YUAN * 100:
            raise ValueError(_("This is too much."))
        return fen

    def _value(self) -> str:
        typed = self.typed()
        return yuan(self.data) if typed is None else typed


class AskForm(PortalForm):
    """A meal or lodging for the visitors (RC-12)."""

    kind = Choice(_l("What is wanted"), of=ServiceKind, words=label, required=True)
    wanted_on = Day(_l("Day"), required=True)
    persons = Whole(_l("Number of people"), least=1, most=MOST_PERSONS, required=True)
    what = Line(_l("Restaurant or hotel, if it is known"), most=200)
    companion = Someone(_l("Who accompanies (user name)"))
    note = Paragraph(_l("Remarks"), most=400)

    def record(self) -> dict[str, Any]:
        """The fields as a service keeps them."""
        kept = {name: value for name, value in self.data.items() if name != "companion"}
        return kept | {"companion_id": self.companion.card.id if self.companion.card else None}


class ServiceForm(VersionedForm):
    """What every form about a service carries."""


class ArrangeForm(ServiceForm):
    what = Line(_l("Restaurant or hotel"), most=200)
    cost = Yuan(_l("Cost in yuan"))
    note = Paragraph(_l("Remarks"), most=400)


class NoteForm(ServiceForm):
    note = Paragraph(_l("Note"), most=400)


FORMS: dict[str, type[ServiceForm]] = {
    "approve": NoteForm,
    "refuse": NoteForm,
    "arrange": ArrangeForm,
    "done": ArrangeForm,
    "cancel": NoteForm,
}
