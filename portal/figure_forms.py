"""What every change of a figure says besides its value: from when on, and why (GO-05)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal import errors
from portal.forms import Line, Moment, PortalForm
from portal.i18n import _, _l
from portal.kernel import policies
from portal.kernel.figures import Figure

# A form stays open for a while; a moment that has just passed means now.
JUST_NOW = timedelta(hours=1)


class ChangeForm(PortalForm):
    """The end of a form that changes a figure. The figure and `now` are handed in."""

    in_force_from = Moment(_l("In force from (empty: at once)"))
    reason = Line(_l("Reason"), most=400, required=_l("Every change of a figure has a reason. (GO-05)"))

    def __init__(self, *args: Any, figure: Figure, now: datetime, **more: Any) -> None:
        self.figure, self.now = figure, now
        super().__init__(*args, **more)

    def validate_in_force_from(self, field: Field) -> None:
        if field.data is None or self.now - JUST_NOW <= field.data <= self.now:
            field.data = self.now
        if field.data < self.now:
            raise ValidationError(
                _("What was in force stays as it was: from now on at the earliest. (GO-05)")
            )


def objection(key: str, written: str) -> str:
    """What the areas have against a value, in words that name the clause; empty when nothing."""
    return " ".join(errors.say(reason) for reason in policies.objections(key, written))
