"""What may be typed into a report, and which period is asked for."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.complaints.figures import rules
from portal.forms import Line, Paragraph, PortalForm, Version
from portal.i18n import _, _l


class DraftForm(PortalForm):
    """The month or quarter to draft a report for."""

    period: Any = Line(_l("Month or quarter"), most=8, required=True)

    def validate_period(self, field: Field) -> None:
        if rules.period_of(field.data) is None:
            raise ValidationError(_("Write a month as 2026-03 or a quarter as 2026-Q1."))


class ReportForm(PortalForm):
    """The texts of a report. They name no customer: they are kept when cases are disposed of."""

    version = Version()
    stood_out: Any = Paragraph(_l("What stood out"))
    measures: Any = Paragraph(_l("Measures"))
    notice_board: Any = Paragraph(_l("For the notice board next quarter"))


class ErratumForm(PortalForm):
    """A correction of a signed report."""

    text: Any = Paragraph(_l("Correction"), most=2_000, required=_l("Say what is wrong and what is right."))
