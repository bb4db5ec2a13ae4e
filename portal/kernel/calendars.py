"""When the company works: opening hours, holidays, make-up days, and arithmetic with working time.

Pure: no Flask, no database, no clock. Aware datetimes go in, aware UTC datetimes come out; a naive one is
refused. Spans are half-open: the office is open at 08:30 and no longer open at 17:30. An end of 00:00 means
24:00.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any, Self, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Spans: TypeAlias = tuple[tuple[time, time], ...]
Moments: TypeAlias = tuple[tuple[datetime, datetime], ...]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_CLOSURE = 400  # days without working time after which a calendar is taken for a mistake
FURTHEST = 40_000  # days that are looked at for one limit, about 110 years
MIDNIGHT = time(0)

_PARTS = ("timezone", "hours", "holidays", "workdays", "special")
_DAY = timedelta(days=1)
_DAYS_KEPT = 4000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


class NoWorkingTime(ValueError):
    """The calendar has no, or far too little, working time to reckon a limit in it."""


def utc(at: datetime) -> datetime:
    """The same moment in UTC; ValueError for a naive time, which could be any of many moments."""
    if at.utcoffset() is None:
        raise ValueError("a time without an offset cannot be reckoned with; give it a time zone first")
    return at.astimezone(UTC)


@dataclass(frozen=True)
class Calendar:
    """The working time of a company.

    What holds for a day, the strongest first: `special` (the company's own later word: half days, closed or
    extra days; no spans mean closed), `workdays` (make-up days), `holidays`, and the weekday's `hours` (0 is
    Monday; a weekday left out is closed). Bad spans raise ValueError, naming the part.
    """

    timezone: ZoneInfo
    hours: Mapping[int, Spans]
    holidays: frozenset[date] = frozenset()
    workdays: Mapping[date, Spans] = field(default_factory=dict)
    special: Mapping[date, Spans] = field(default_factory=dict)
    _days: dict[date, Moments] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if unknown := [weekday for weekday in self.hours if weekday not in range(7)]:
            raise ValueError(f"hours: weekdays are 0 to 6, not {unknown[0]!r}")
        hours = {day: _in_order(spans, f"hours.{WEEKDAYS[day]}") for day, spans in sorted(self.hours.items())}
        workdays = {day: _in_order(spans, f"workdays.{day}") for day, spans in self.workdays.items()}
        special = {day: _in_order(spans, f"special.{day}") for day, spans in self.special.items()}
        if empty := [day for day, spans in workdays.items() if not spans]:
            raise ValueError(f"workdays.{empty[0]}: a make-up day needs hours")
        object.__setattr__(self, "hours", {weekday: spans for weekday, spans in hours.items() if spans})
        object.__setattr__(self, "workdays", dict(sorted(workdays.items())))
        object.__setattr__(self, "special", dict(sorted(special.items())))

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read a calendar file's content, as `json.load` gives it.

        Shape: `{"timezone": "Asia/Shanghai", "hours": {"mon": [["08:30", "12:00"], …], …}, "holidays":
        ["2026-10-01"], "workdays": {"2026-10-10": [["08:30", "17:30"]]}, "special": {…}}`; the last three
        may be left out. Raises ValueError naming the part that is wrong.
        """
        parts = _mapping(data, "calendar")
        if unknown := [key for key in parts if key not in _PARTS]:
            raise ValueError(f"calendar: unknown part {_shown(unknown[0])}")
        if missing := [key for key in ("timezone", "hours") if key not in parts]:
            raise ValueError(f"calendar: the part {missing[0]!r} is missing")
        return cls(
            timezone=_zone(parts["timezone"]),
            hours={
                _weekday(name, "hours"): _spans(spans, f"hours.{name}")
                for name, spans in _mapping(parts["hours"], "hours").items()
            },
            holidays=frozenset(
                _date(day, "holidays") for day in _list(parts.get("holidays", ()), "holidays")
            ),
            workdays=_days(parts.get("workdays", {}), "workdays"),
            special=_days(parts.get("special", {}), "special"),
        )

    def to_json(self) -> dict[str, Any]:
        """The shape that `from_json` reads, in calendar order, so that two files compare line by line."""
        return {
            "timezone": self.timezone.key,
            "hours": {WEEKDAYS[weekday]: _written(spans) for weekday, spans in self.hours.items()},
            "holidays": [day.isoformat() for day in sorted(self.holidays)],
            "workdays": {day.isoformat(): _written(spans) for day, spans in self.workdays.items()},
            "special": {day.isoformat(): _written(spans) for day, spans in self.special.items()},
        }

    def spans(self, day: date) -> Spans:
        """The opening hours of one day in local time, in order; empty when the office is closed."""
        if day in self.special:
            return self.special[day]
        if day in self.workdays:
            return self.workdays[day]
        if day in self.holidays:
            return ()
        return self.hours.get(day.weekday(), ())

    def is_workday(self, day: date) -> bool:
        """Does the office open at all on this day?"""
        return bool(self.spans(day))

    def is_open(self, at: datetime) -> bool:
        """Is `at` within working time?"""
        at = utc(at)
        return any(opens <= at < closes for opens, closes in self._moments(self.day_of(at)))

    def day_of(self, at: datetime) -> date:
        """The company's date at this moment."""
        return utc(at).astimezone(self.timezone).date()

    def next_open(self, at: datetime) -> datetime:
        """The first moment of working time from `at` on: `at` itself when the office is open."""
        return self.add(at, timedelta())

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The moment at which `amount` of working time has passed since `start`.

        A start outside working time counts from the next opening. An amount used up exactly at a closing
        time ends there, not at the next opening. Raises ValueError for a negative amount, NoWorkingTime, and
        OverflowError past the year 9999.
        """
        if amount < timedelta():
            raise ValueError("working time to add cannot be negative")
        start, left = utc(start), amount
        days = self._open_days(self.day_of(start))
        while True:
            for opens, closes in next(days):
                if closes <= start:
                    continue
                begin = max(opens, start)
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; none when the end is not after the start."""
        start, end = utc(start), utc(end)
        passed, day, last = timedelta(), self.day_of(start), self.day_of(end)
        while day <= last:
            for opens, closes in self._moments(day):
                if opens < end and closes > start:
                    passed += min(closes, end) - max(opens, start)
            day += _DAY
        return max(passed, timedelta())

    def closing(self, start: datetime, after: int = 0) -> datetime:
        """The closing time of the `after`-th working day after the company's day of `start`.

        0 means today's closing time, or the next working day's when today has none left; at the closing time
        itself today has none left. Raises ValueError for a negative count, NoWorkingTime, OverflowError past
        the year 9999.
        """
        if after < 0:
            raise ValueError("working days to count cannot be negative")
        start = utc(start)
        today = self.day_of(start)
        if after == 0:
            return next(spans[-1][1] for spans in self._open_days(today) if spans[-1][1] > start)
        return next(islice(self._open_days(today + _DAY), after - 1, None))[-1][1]

    def midnight(self, start: datetime, after: int = 0) -> datetime:
        """24:00 of the `after`-th day after the company's day of `start`, working day or not.

        Raises ValueError for a negative count, OverflowError past the year 9999.
        """
        if after < 0:
            raise ValueError("days to count cannot be negative")
        return self._moment(self.day_of(start) + (after + 1) * _DAY, MIDNIGHT)

    def _open_days(self, day: date) -> Iterator[Moments]:
        """The spans of every day with working time, from `day` on."""
        closed = 0
        for _ in range(FURTHEST):
            if spans := self._moments(day):
                closed = 0
                yield spans
            elif (closed := closed + 1) > LONGEST_CLOSURE:
                raise NoWorkingTime(f"there is no working time in the {LONGEST_CLOSURE} days up to {day}")
            day += _DAY
        raise NoWorkingTime(
            f"the limit does not end within {FURTHEST} days; there is too little working time"
        )

    def _moments(self, day: date) -> Moments:
        """The spans of a day as UTC moments, kept because the same few days are asked for again and again."""
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            pairs = (
                (self._moment(day, opens), self._moment(day + _DAY if closes == MIDNIGHT else day, closes))
                for opens, closes in self.spans(day)
            )
            # A span that lies wholly in an hour skipped by summer time has no length.
            known = self._days[day] = tuple((opens, closes) for opens, closes in pairs if opens < closes)
        return known

    def _moment(self, day: date, at: time) -> datetime:
        """A local time in UTC: the first of two when the clocks go back, the jump itself when they skip
        it."""
        local = datetime.combine(day, at, self.timezone)
        moment = local.astimezone(UTC)
        if moment.astimezone(self.timezone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return moment
        # In a skipped hour fold=0 still has the offset from before the jump, fold=1 already the one after
        # it; so the first lies at or after the jump, the second before it, and the jump itself is found
        # between them.
        before, since = int(local.replace(fold=1).timestamp()), int(local.timestamp())
        while since - before > 1:
            middle = (before + since) // 2
            if datetime.fromtimestamp(middle, self.timezone).utcoffset() == local.utcoffset():
                before = middle
            else:
                since = middle
        return datetime.fromtimestamp(since, UTC)


def _in_order(spans: Iterable[tuple[time, time]], where: str) -> Spans:
    """The spans of a day, sorted; ValueError when one runs backwards or two overlap."""
    ordered = tuple(sorted((opens, closes) for opens, closes in spans))
    for opens, closes in ordered:
        if opens >= closes != MIDNIGHT:
            raise ValueError(f"{where}: the span from {_clock(opens)} to {_clock(closes)} runs backwards")
    for (_, closes), (opens, _) in pairwise(ordered):
        if closes == MIDNIGHT or opens < closes:
            raise ValueError(f"{where}: the span from {_clock(opens)} begins before the one before it ends")
    return ordered


def _clock(at: time, *, end: bool = False) -> str:
    return "24:00" if end and at == MIDNIGHT else at.isoformat("minutes")


def _written(spans: Spans) -> list[list[str]]:
    return [[_clock(opens), _clock(closes, end=True)] for opens, closes in spans]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _mapping(value: object, where: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: expected an object with named parts, not {_shown(value)}")
    return value


def _list(value: object, where: str) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{where}: expected a list, not {_shown(value)}")
    return value


def _days(value: object, where: str) -> dict[date, Spans]:
    days = _mapping(value, where)
    return {_date(day, where): _spans(spans, f"{where}.{day}") for day, spans in days.items()}


def _spans(value: object, where: str) -> Spans:
    return tuple(_span(pair, where) for pair in _list(value, where))


def _span(value: object, where: str) -> tuple[time, time]:
    pair = _list(value, where)
    if len(pair) != 2:
        raise ValueError(f"{where}: a span has a beginning and an end, not {_shown(value)}")
    return _time(pair[0], where), _time(pair[1], where, end=True)


def _time(value: object, where: str, *, end: bool = False) -> time:
    if not isinstance(value, str) or not _TIME.fullmatch(value) or (value == "24:00" and not end):
        raise ValueError(f"{where}: expected a time as HH:MM, 24:00 only as an end, not {_shown(value)}")
    if value == "00:00" and end:
        raise ValueError(f"{where}: a span cannot end at 00:00; the end of the day is written 24:00")
    return MIDNIGHT if value == "24:00" else time.fromisoformat(value)


def _date(value: object, where: str) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{where}: there is no day {value!r}") from None
    raise ValueError(f"{where}: expected a date as YYYY-MM-DD, not {_shown(value)}")


def _weekday(value: object, where: str) -> int:
    if value not in WEEKDAYS:
        raise ValueError(f"{where}: expected a weekday ({', '.join(WEEKDAYS)}), not {_shown(value)}")
    return WEEKDAYS.index(str(value))


def _zone(value: object) -> ZoneInfo:
    if not isinstance(value, str) or not value:
        raise ValueError(f"timezone: expected a name such as Asia/Shanghai, not {_shown(value)}")
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"timezone: there is no time zone {_shown(value)}") from None
