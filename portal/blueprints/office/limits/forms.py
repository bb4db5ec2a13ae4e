"""What may be typed when a figure of the regulations changes (GO-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.figure_forms import ChangeForm, objection
from portal.forms import CustomerLine, Line, OneOf, Paragraph, TextScope
from portal.i18n import _, _l, label
from portal.kernel import policies
from portal.kernel.figures import Figure
from portal.kernel.rights import Rank

WRITTEN = {
    "limit": _l("Write it as 30 min, 4 h, 1.5 wh (working hours), 3 wd (working days) or 2 d."),
    "ladder": _l("Write steps such as 75 % handler, 100 % lead, +4 wh office, with commas between."),
    "rank": _l("Choose a rank."),
    "number": _l("Write a number from 0 to 100000."),
    "codes": _l("Write codes of the list with blanks between, in their order."),
}


class FigureForm(ChangeForm):
    """A new value, from when on, and why. `now` and the figure are handed in."""

    value: Any = Line(_l("New value"), most=400, required=True)
    recompute = BooleanField(
        _l("Put open cases under the new value too; this is written into each one's history")
    )

    def __init__(self, *args: Any, figure: Figure, now: datetime, **more: Any) -> None:
        super().__init__(*args, figure=figure, now=now, **more)
        if figure.kind != "limit":
            del self.recompute

    def validate_value(self, field: Field) -> None:
        try:
            field.data = policies.readable(self.figure.kind, field.data or "", self.figure.codes)
        except (ValueError, ArithmeticError):  # not a number compares with none
            raise ValidationError(str(WRITTEN[self.figure.kind])) from None
        if said := objection(self.figure.key, field.data):
            raise ValidationError(said)

    def validate_recompute(self, field: Field) -> None:
        if field.data and (self.in_force_from.data or self.now) > self.now:
            raise ValidationError(_("Open cases can be put under a value only when it is in force at once."))


class TextForm(FigureForm):
    """Words that visitors and customers read on the kiosk, a pass or a slip (PG-04)."""

    value: Any = CustomerLine(_l("New value"), scope=TextScope.ANSWER, most=400, required=True)


class LadderForm(FigureForm):
    value: Any = Paragraph(_l("New value"), most=400, required=True)


class CodesForm(FigureForm):
    value: Any = Line(_l("New value"), most=400)


class RankForm(FigureForm):
    value: Any = OneOf(_l("New value"), codes=lambda: [(r.value, label(r)) for r in Rank], required=True)


def form_of(figure: Figure) -> type[FigureForm]:
    """The form that fits the kind of figure."""
    forms = {"text": TextForm, "ladder": LadderForm, "rank": RankForm, "codes": CodesForm}
    return forms.get(figure.kind, FigureForm)
