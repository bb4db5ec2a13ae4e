"""What may be typed when a figure of the regulations changes (GO-05)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.forms import Line, Moment, OneOf, Paragraph, PortalForm
from portal.i18n import _, _l, label
from portal.kernel import policies
from portal.kernel.figures import Figure
from portal.kernel.rights import Rank

# A form stays open for a while; a moment that has just passed means now.
JUST_NOW = timedelta(hours=1)

WRITTEN = {
    "limit": _l("Write it as 30 min, 4 h, 1.5 wh (working hours), 3 wd (working days) or 2 d."),
    "ladder": _l("Write steps such as 75 % handler, 100 % lead, +4 wh office, with commas between."),
    "rank": _l("Choose a rank."),
    "number": _l("Write a number from 0 to 100000."),
    "codes": _l("Write codes of the list with blanks between, in their order."),
}


class FigureForm(PortalForm):
    """A new value, from when on, and why. `now` and the figure are handed in."""

    value: Any = Line(_l("New value"), most=400, required=True)
    in_force_from = Moment(_l("In force from (empty: at once)"))
    reason = Line(_l("Reason"), most=400, required=_l("Every change of a figure has a reason. (GO-05)"))
    recompute = BooleanField(
        _l("Put open cases under the new value too; this is written into each one's history")
    )

    def __init__(self, *args: Any, figure: Figure, now: datetime, **more: Any) -> None:
        self.figure, self.now = figure, now
        super().__init__(*args, **more)
        if figure.kind != "limit":
            del self.recompute

    def validate_value(self, field: Field) -> None:
        try:
            field.data = policies.readable(self.figure.kind, field.data or "", self.figure.codes)
        except (ValueError, ArithmeticError):  # not a number compares with none
            raise ValidationError(str(WRITTEN[self.figure.kind])) from None

    def validate_in_force_from(self, field: Field) -> None:
        if field.data is None or self.now - JUST_NOW <= field.data <= self.now:
            field.data = self.now
        if field.data < self.now:
            raise ValidationError(
                _("What was in force stays as it was: from now on at the earliest. (GO-05)")
            )

    def validate_recompute(self, field: Field) -> None:
        if field.data and (self.in_force_from.data or self.now) > self.now:
            raise ValidationError(_("Open cases can be put under a value only when it is in force at once."))


class LadderForm(FigureForm):
    value: Any = Paragraph(_l("New value"), most=400, required=True)


class CodesForm(FigureForm):
    value: Any = Line(_l("New value"), most=400)


class RankForm(FigureForm):
    value: Any = OneOf(_l("New value"), codes=lambda: [(r.value, label(r)) for r in Rank], required=True)


def form_of(figure: Figure) -> type[FigureForm]:
    """The form that fits the kind of figure."""
    return {"ladder": LadderForm, "rank": RankForm, "codes": CodesForm}.get(figure.kind, FigureForm)
