"""What a limit such as `4 wh` or `3 wd` means, and when it runs out.

Pure: the calendar is handed in, the clock is never asked. Aware datetimes go in, aware UTC datetimes come
out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Self, TypeAlias, overload

from portal.kernel.calendars import Calendar, utc

Pause: TypeAlias = tuple[datetime, datetime | None]

MOST = {"min": 5_000_000, "h": 100_000, "wh": 100_000, "wd": 10_000, "d": 10_000}
"""The units a limit can have, and the most of each: enough for decades, too little to keep a machine busy."""

_MICROSECONDS = {"min": 60_000_000, "h": 3_600_000_000, "wh": 3_600_000_000}
_WRITTEN = re.compile(r"([0-9]{1,8}(?:\.[0-9]{1,4})?) ([a-z]+)")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True)
class Limit:
    """An amount and its unit.

    `min`, `h`: time that simply passes. `wh`: working hours. `wd`: the closing time of the n-th working day
    after the day it started, 0 being today's or the next. `d`: 24:00 of the n-th day after the day it
    started. Days are whole numbers, the others have at most four decimals. Raises ValueError for an unknown
    unit and for an amount that is negative, too fine or too large.
    """

    amount: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in MOST:
            raise ValueError(f"a limit is counted in {', '.join(MOST)}, not in {_shown(self.unit)}")
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError("a limit is a number that is not negative")
        if self.amount > MOST[self.unit]:
            raise ValueError(f"a limit in {self.unit} is at most {MOST[self.unit]}")
        if self.unit in ("wd", "d") and self.amount % 1:
            raise ValueError(f"a limit in {self.unit} is a whole number")
        if self.amount % Decimal("0.0001"):
            raise ValueError("a limit has at most four decimals")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `30 min`, `1.5 wh`, `3 wd`: plain digits, one blank, the unit; blanks around it do not matter.

        Raises ValueError, its message saying what is wrong.
        """
        written = _WRITTEN.fullmatch(text.strip())
        if not written:
            raise ValueError(f"a limit is written as 30 min, 4 h, 1.5 wh, 3 wd or 2 d, not {_shown(text)}")
        return cls(Decimal(written[1]), written[2])

    def __str__(self) -> str:
        """As `parse` reads it, without needless zeros."""
        return f"{self.amount.normalize():f} {self.unit}"


@overload
def due(start: datetime, limit: Limit | str, calendar: Calendar) -> datetime: ...
@overload
def due(
    start: datetime, limit: Limit | str, calendar: Calendar, paused: Sequence[Pause]
) -> datetime | None: ...
def due(
    start: datetime, limit: Limit | str, calendar: Calendar, paused: Sequence[Pause] = ()
) -> datetime | None:
    """When does `limit` run out that began at `start`?

    `paused` are spans (begin, end) in which the limit did not run, the end None while it still rests; they
    may be unsorted and overlap. For `min`, `h`, `wh` the time within a pause does not count. For `wd` each
    closing time that falls into a pause, after the start, moves the end on by one working day; for `d` each
    midnight moves it on by one day. So a limit never runs out during a pause, a pause between two closing
    times moves no `wd` limit, and a pause that begins after the limit ran out changes nothing: what was
    overdue stays overdue.

    None when an open pause keeps the limit from running out. Raises ValueError for a bad limit, a naive
    time, a pause that ends before it begins and a calendar without working time; OverflowError past the year
    9999.
    """
    start, limit, pauses = utc(start), _read(limit), _merged(paused)
    count = int(limit.amount)
    match limit.unit:
        case "wh":
            return _used_up(start, _length(limit), pauses, calendar.add, calendar.working_between)
        case "wd":
            return _moved_on(start, calendar.closing(start, after=count), pauses, calendar.closing)
        case "d":
            return _moved_on(start, calendar.midnight(start, after=count), pauses, calendar.midnight)
    return _used_up(start, _length(limit), pauses, _later, _passed)


@overload
def part(
    start: datetime, limit: Limit | str, calendar: Calendar, fraction: float | Decimal | Fraction
) -> datetime: ...
@overload
def part(
    start: datetime,
    limit: Limit | str,
    calendar: Calendar,
    fraction: float | Decimal | Fraction,
    paused: Sequence[Pause],
) -> datetime | None: ...
def part(
    start: datetime,
    limit: Limit | str,
    calendar: Calendar,
    fraction: float | Decimal | Fraction,
    paused: Sequence[Pause] = (),
) -> datetime | None:
    """The moment at which `fraction` of the limit is used.

    0.75 for a warning, more than 1 for a step after the limit. Reckoned in the limit's own time: `min`, `h`
    in plain time and `wh` in working time; `wd` in the working time, `d` in the plain time that runs from
    the start to the end. A fraction of 1 is always `due`.

    None when an open pause keeps that moment away (for `wd` and `d`: while `due` is unknown). Raises
    ValueError for a negative fraction, and what `due` raises.
    """
    start, limit, pauses = utc(start), _read(limit), _merged(paused)
    if fraction < 0:
        raise ValueError("a part of a limit cannot be negative")
    working = limit.unit in ("wh", "wd")
    add, between = (calendar.add, calendar.working_between) if working else (_later, _passed)
    if limit.unit in _MICROSECONDS:
        length = _length(limit)
    else:
        end = due(start, limit, calendar, paused)
        if end is None:
            return None
        rests = (between(max(begins, start), min(ends or end, end)) for begins, ends in pauses)
        length = between(start, end) - sum(rests, timedelta())
    return _used_up(start, _scaled(length, fraction), pauses, add, between)


def answer_lines(lines: Iterable[str], calendar: Calendar) -> Iterator[str]:
    """One answer for each line `START<tab>LIMIT`, blank and bad ones included.

    START is `2026-09-30T17:00` or `2026-09-30 17:00`, with seconds or an offset if wanted. Without an offset
    it is company time: the first of the two when the clocks go back, one hour on when they skip it. The
    answer is the end of the limit in company time with its offset, to the second, or `error: ` and the
    reason.
    """
    for line in lines:
        try:
            yield _answer(line.rstrip("\r\n"), calendar)
        except OverflowError:
            yield "error: the limit does not lie within the years 1 to 9999"
        except ValueError as error:
            yield f"error: {error}"


def _answer(line: str, calendar: Calendar) -> str:
    written, tab, limit = line.partition("\t")
    if not tab:
        raise ValueError(f"expected START, a tab and LIMIT, not {_shown(line)}")
    ends = due(_moment(written.strip(), calendar), limit, calendar)
    return ends.astimezone(calendar.timezone).isoformat(timespec="seconds")


def _moment(written: str, calendar: Calendar) -> datetime:
    if not _MOMENT.fullmatch(written):
        raise ValueError(f"a start is written as 2026-09-30T17:00, not {_shown(written)}")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"there is no time {_shown(written)}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.timezone)


def _read(limit: Limit | str) -> Limit:
    return limit if isinstance(limit, Limit) else Limit.parse(limit)


def _length(limit: Limit) -> timedelta:
    return timedelta(microseconds=int(limit.amount * _MICROSECONDS[limit.unit]))


def _scaled(length: timedelta, factor: float | Decimal | Fraction) -> timedelta:
    """Exact but for the last microsecond; a float is taken at its exact value."""
    return timedelta(microseconds=round(length // timedelta(microseconds=1) * Fraction(factor)))


def _merged(paused: Sequence[Pause]) -> list[Pause]:
    """The pauses in order, overlapping ones joined, so that no closing time is slept through twice."""
    pauses: list[Pause] = []
    moments = [(utc(begins), None if ends is None else utc(ends)) for begins, ends in paused]
    for begins, ends in sorted(moments, key=lambda pause: pause[0]):
        if ends is not None and ends < begins:
            raise ValueError("a pause cannot end before it begins")
        if not pauses:
            pauses.append((begins, ends))
            continue
        first, last = pauses[-1]
        if last is None:
            break
        if begins > last:
            pauses.append((begins, ends))
        else:
            pauses[-1] = (first, None if ends is None else max(last, ends))
    return pauses


def _used_up(
    start: datetime,
    left: timedelta,
    pauses: Sequence[Pause],
    add: Callable[[datetime, timedelta], datetime],
    between: Callable[[datetime, datetime], timedelta],
) -> datetime | None:
    """When `left` is used up, counted by `add` and `between`, resting in the pauses."""
    for begins, ends in pauses:
        rests = max(begins, start)
        end = add(start, left)
        if end <= rests:
            return end
        if ends is None:
            return None
        if ends > start:
            left -= between(start, rests)
            start = ends
    return add(start, left)


def _moved_on(
    start: datetime, end: datetime, pauses: Sequence[Pause], following: Callable[[datetime], datetime]
) -> datetime | None:
    """`end`, moved on by one step of `following` for each such step slept through since the start."""
    for begins, ends in pauses:
        if end <= begins:
            break
        if ends is None:
            return None
        slept = following(max(begins, start))
        while slept <= ends:
            end, slept = following(end), following(slept)
    return end


def _later(start: datetime, length: timedelta) -> datetime:
    return start + length


def _passed(start: datetime, end: datetime) -> timedelta:
    return max(end - start, timedelta())


def _shown(value: str) -> str:
    return repr(value) if len(value) <= 40 else f"{value[:40]!r}…"
