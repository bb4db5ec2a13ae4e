"""Which days and which kinds of shifts a leave takes from somebody; pure (DR-04)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.blueprints.duty.posts.rules import span
from portal.blueprints.duty.rosters.problem import Id

WORKDAY = timedelta(hours=8)  # so much of a day is a day of leave when least hours are reckoned
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Off:
    """What somebody cannot work for leave."""

    days: frozenset[date] = frozenset()  # no kind of shift of the day is left
    cells: frozenset[tuple[date, Id]] = frozenset()  # kinds of shifts of other days that run into it
    counted: frozenset[date] = frozenset()  # days that take their share off the least hours
    touched: frozenset[date] = frozenset()  # days of which it takes any part, as the grid shows them


NONE = Off()


def off(
    days: Sequence[date], kinds: Mapping[Id, tuple[str, str]], spans: Iterable[Span], zone: ZoneInfo
) -> Off:
    """What these leaves take of these days; `kinds` are begin and end of each kind of shift."""
    away = tuple(spans)
    whole, cells, counted, touched = set(), set(), set(), set()
    for day in days:
        hit = {kind for kind, times in kinds.items() if meets(span(day, *times, zone), away)}
        if kinds and len(hit) == len(kinds):
            whole.add(day)
        else:
            cells |= {(day, kind) for kind in hit}
        long = within(day, away, zone)
        if long >= WORKDAY:
            counted.add(day)
        if long:
            touched.add(day)
    return Off(frozenset(whole), frozenset(cells), frozenset(counted), frozenset(touched))


def meets(shift: Span, spans: Iterable[Span]) -> bool:
    """Whether a shift runs into one of these leaves."""
    return any(shift[0] < until and shift[1] > since for since, until in spans)


def within(day: date, spans: Iterable[Span], zone: ZoneInfo) -> timedelta:
    """How much of a day the leaves take."""
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    parts = (min(ends, until) - max(begins, since) for since, until in spans)
    return sum((part for part in parts if part > timedelta()), timedelta())
