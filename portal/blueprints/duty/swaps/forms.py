"""What may be typed about a swap."""

from __future__ import annotations

from portal.blueprints.duty.swaps.workflow import ACCEPT, APPROVE, DECLINE, UNTAKE, WITHDRAW
from portal.forms import Line, Someone, VerbForm, Whole
from portal.i18n import _l


class OfferForm(VerbForm):
    """The shift; nobody named: to anybody who may take it."""

    shift = Whole(_l("Shift"), least=1, most=2**31 - 1, required=True)
    to = Someone(_l("Give it to"))
    exchange = Whole(_l("Or exchange it for"), least=1, most=2**31 - 1)
    note = Line(_l("Note"), most=400)


class NoteForm(VerbForm):
    note = Line(_l("Note"), most=400)


FORMS: dict[str, type[VerbForm]] = {
    ACCEPT: VerbForm,
    UNTAKE: VerbForm,
    APPROVE: NoteForm,
    DECLINE: NoteForm,
    WITHDRAW: VerbForm,
}
