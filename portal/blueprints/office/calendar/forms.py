"""What may be typed about the calendar: hours, days that are not like their weekday."""

from __future__ import annotations

import re
from datetime import date, timedelta

from wtforms import Field
from wtforms.validators import ValidationError

from portal.forms import Choice, Day, Line, OneOf, PortalForm
from portal.i18n import _, _l, label
from portal.kernel.calendars import WEEKDAYS, Calendar
from portal.kernel.company_calendar import DayKind

LONGEST = 31  # days set with one form
_SPAN = re.compile(r"\s*(\d{2}:\d{2})\s*[-–~至到]\s*(\d{2}:\d{2})\s*", re.ASCII)

Written = list[list[str]]


class HoursField(Line):
    """Hours of a day as `08:30-12:00, 13:30-17:30`; empty means closed. `spans` has them in pairs."""

    spans: Written

    def process_formdata(self, valuelist: list[str]) -> None:
        self.spans = []
        super().process_formdata(valuelist)

    def read(self, text: str) -> str:
        self.spans = spans(super().read(text))
        return text


def spans(text: str) -> Written:
    """The pairs that a text writes; ValueError with the message when it cannot be read."""
    written = []
    for part in re.split(r"[,，、;；]", text.strip()) if text.strip() else []:
        if not (found := _SPAN.fullmatch(part)):
            raise ValueError(_("Write hours as 08:30-12:00, 13:30-17:30."))
        written.append([found[1], found[2]])
    try:
        Calendar.from_json({"timezone": "UTC", "hours": {"mon": written}})
    except ValueError:
        raise ValueError(_("These hours run backwards or overlap.")) from None
    return written


def shown(written: Written | tuple[tuple[str, str], ...]) -> str:
    """Pairs as they are typed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in written)


class WeekForm(PortalForm):
    """The hours of one weekday."""

    weekday = OneOf(_l("Weekday"), codes=lambda: [(code, code) for code in WEEKDAYS], required=True)
    hours = HoursField(_l("Hours (empty: closed)"), most=120)
    reason = Line(_l("Reason"), most=400, required=_l("Say why the hours change."))


class DaysForm(PortalForm):
    """A day, or several in a row, that is not like its weekday."""

    day = Day(_l("Day"), required=True)
    until = Day(_l("Until (empty: one day)"))
    kind = Choice(_l("Kind"), of=DayKind, words=label, required=True)
    hours = HoursField(_l("Hours"), most=120)
    name = Line(_l("Name, such as the holiday's"), most=80)
    reason = Line(_l("Reason"), most=400, required=_l("Say why this day is different."))

    def validate_until(self, field: Field) -> None:
        if field.data is None or self.day.data is None:
            return
        if not timedelta() <= field.data - self.day.data < timedelta(days=LONGEST):
            raise ValidationError(
                _("At most %(most)s days, the last one not before the first.", most=LONGEST)
            )

    def validate_hours(self, field: Field) -> None:
        if self.kind.data is DayKind.WORKDAY and not self.hours.spans:
            raise ValidationError(_("A make-up workday has hours."))
        if self.kind.data is DayKind.HOLIDAY and self.hours.spans:
            raise ValidationError(_("Nobody works on a public holiday; a day with hours is a company day."))

    def days(self) -> list[date]:
        """Every day that was given."""
        first = self.day.data
        last = self.until.data or first
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class ReasonForm(PortalForm):
    reason = Line(_l("Reason"), most=400, required=_l("Say why this day is like others after all."))
