"""What may be asked of a clause: what would have been, had one of its limits been another."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.forms import Line, OneOf, PortalForm
from portal.i18n import _, _l
from portal.kernel.limits import Limit


class WhatIfForm(PortalForm):
    """Which of the clause's limits, and what it is imagined to be."""

    figure: Any
    limit: Any = Line(_l("Had it been"), most=24, required=True)

    def validate_limit(self, field: Field) -> None:
        try:
            field.data = str(Limit.parse(field.data))
        except (ValueError, ArithmeticError):
            raise ValidationError(
                _("Write it as 30 min, 4 h, 1.5 wh (working hours), 3 wd (working days) or 2 d.")
            ) from None


def form_for(choices: list[tuple[str, str]]) -> type[WhatIfForm]:
    """The form with these limits, by key and name, to choose from."""

    class Fitting(WhatIfForm):
        figure = OneOf(_l("Limit"), codes=lambda: choices, required=True)

    return Fitting
