"""Fields of what is counted: a moment, a day, a whole number."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput

from portal.fields.base import Typed
from portal.i18n import _
from portal.kernel import clock

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS = range(1900, 2200)  # enough for every record, and no arithmetic with working days leaves the calendar


class Moment(Typed):
    """A moment typed in company time, `2026-11-21T17:30`, seconds and offset if wanted; `data` is aware UTC."""

    widget = DateTimeLocalInput()

    def read(self, text: str) -> datetime | None:
        if not text:
            return None
        if not _MOMENT.fullmatch(text):
            raise ValueError(_("Please write the day and time as 2026-11-21 17:30."))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(_("There is no such day or time.")) from None
        if moment.year not in YEARS:
            raise ValueError(_("This year is too far away."))
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())).astimezone(UTC)

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return clock.local(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class Day(Typed):
    """A day, typed as `2026-11-21`."""

    widget = DateInput()

    def read(self, text: str) -> date | None:
        if not text:
            return None
        if not _DAY.fullmatch(text):
            raise ValueError(_("Please write the day as 2026-11-21."))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("There is no such day.")) from None
        if day.year not in YEARS:
            raise ValueError(_("This year is too far away."))
        return day

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return self.data.isoformat() if self.data else ""


class Whole(Typed):
    """A whole number from `least` to `most`."""

    widget = NumberInput(step="1")

    def __init__(self, label: Any = None, *, least: int = 0, most: int = 1_000_000, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most
        self.flags.min, self.flags.max = least, most

    def read(self, text: str) -> int | None:
        if not text:
            return None
        plain = unicodedata.normalize("NFKC", text)
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
            raise ValueError(_("Write a whole number."))
        if not self.least <= int(plain) <= self.most:
            raise ValueError(_("From %(least)s to %(most)s.", least=self.least, most=self.most))
        return int(plain)

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return "" if self.data is None else str(self.data)
