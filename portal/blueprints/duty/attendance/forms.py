"""What may be typed about somebody's day."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.forms import Day, Line, Moment, VerbForm
from portal.i18n import _, _l
from portal.kernel import clock


class CorrectionForm(VerbForm):
    day = Day(_l("Day"), required=True)
    came_at = Moment(_l("Came at"))
    left_at = Moment(_l("Left at"))
    excused = BooleanField(_l("Excused: neither late nor absent"))
    reason = Line(_l("Reason"), most=400, required=_l("Every correction has a reason. (DR-17)"))

    def validate_day(self, field: Field) -> None:
        if field.data and field.data > clock.local(clock.now()).date():
            raise ValidationError(_("This day has not come yet."))

    def validate_came_at(self, field: Field) -> None:
        _on_day(field.data, self.day.data)

    def validate_left_at(self, field: Field) -> None:
        if field.data and self.came_at.data and field.data < self.came_at.data:
            raise ValidationError(_("Nobody leaves before they came."))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them; without a time nobody came."""
        return {name: value for name, value in super().given().items() if name != "day"}


def _on_day(moment: Any, day: date | None) -> None:
    if moment and day and clock.local(moment).date() != day:
        raise ValidationError(_("This is on another day."))
