"""How the clauses are kept, as figures: the areas plug in what they can count, the handbook shows it with each clause.

A group answers for all its figures and spans in one statement, so a page costs the same however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.timers import Clock


class Span(NamedTuple):
    """Days of which something is counted, both included; `code` is what the page calls them."""

    code: str  # month | last_month | quarter | last_quarter
    since: date
    until: date

    @property
    def begins(self) -> datetime:
        """The first moment of it, in company time."""
        return datetime.combine(self.since, time(), clock.zone())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.until + timedelta(days=1), time(), clock.zone())


class Kept(NamedTuple):
    """How often it came out as the clause asks, of how many times."""

    good: int
    of: int

    @property
    def share(self) -> Decimal | None:
        """In per cent with one decimal; None of nothing. Never 100 when something is missing, nor 0 of some."""
        if not self.of:
            return None
        rounded = round(Decimal(100 * self.good) / self.of, 1)
        if self.good < self.of:
            rounded = min(rounded, Decimal("99.9"))
        return max(rounded, Decimal("0.1")) if self.good else rounded

    @property
    def percent(self) -> str:
        """The share as people read it."""
        return "—" if self.share is None else f"{self.share.normalize():f} %"


@dataclass(frozen=True)
class Figure:
    """One figure of a clause: by which code its group counts it, and what it is called."""

    clause: str
    code: str
    words: Any


Counts: TypeAlias = Mapping[tuple[str, str], Kept]  # by code of the figure and code of the span


def _nowhere(_viewer: Viewer, _code: str, _span: Span, _late: bool) -> str:  # one of a port's calls
    return ""


def _everybody(_viewer: Viewer) -> bool:
    return True


@dataclass(frozen=True)
class Group:
    """Figures that are counted together, and the lists behind them.

    What is counted is the company's and shown to everybody, but for what the viewer must not learn of even by a number.
    `behind(viewer, code, span, late)` is the address of what a number counts, empty for whoever may not see it.
    """

    figures: tuple[Figure, ...]
    count: Callable[[Viewer, Collection[str], Sequence[Span]], Counts]
    behind: Callable[[Viewer, str, Span, bool], str] = _nowhere
    open_to: Callable[[Viewer], bool] = _everybody


# Filled as areas are registered.
GROUPS: list[Group] = []


@dataclass(frozen=True)
class Line:
    """A figure as it is shown: for each span how it was kept, and the lists behind it (all of them, the late ones)."""

    words: Any
    spans: tuple[tuple[Span, Kept, str, str], ...]


def of_clause(clause: str, viewer: Viewer, spans: Sequence[Span]) -> list[Line]:
    """The figures of a clause; one statement for each group that has any."""
    lines = []
    for group in GROUPS:
        ours = [figure for figure in group.figures if figure.clause == clause]
        if not ours or not group.open_to(viewer):
            continue
        counts = group.count(viewer, [figure.code for figure in ours], spans)
        lines += [_line(group, figure, counts, viewer, spans) for figure in ours]
    return lines


def _line(group: Group, figure: Figure, counts: Counts, viewer: Viewer, spans: Sequence[Span]) -> Line:
    told = []
    for span in spans:
        kept = counts.get((figure.code, span.code), Kept(0, 0))
        good = group.behind(viewer, figure.code, span, False) if kept.good else ""
        late = group.behind(viewer, figure.code, span, True) if kept.of > kept.good else ""
        told.append((span, kept, good, late))
    return Line(figure.words, tuple(told))


def spans_at(today: date) -> tuple[Span, ...]:
    """What a page shows: this month, the last one and this quarter."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return (
        Span("month", first, _last_of(first)),
        Span("last_month", before.replace(day=1), before),
        _quarter("quarter", today),
    )


def last_quarter(today: date) -> Span:
    """The quarter before the one of that day."""
    return _quarter("last_quarter", _quarter("", today).since - timedelta(days=1))


def _quarter(code: str, day: date) -> Span:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Span(code, first, _last_of(first + timedelta(days=62)))


def _last_of(day: date) -> date:
    after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return after - timedelta(days=1)


# -- limits of every kind, from their one table -----------------------------------------------------------------


def is_late() -> sa.ColumnElement[bool]:
    """Overrun, also where it was met later or its end is only told."""
    return sa.or_(Clock.breached_at.is_not(None), Clock.met_at > Clock.due_at)


def count_limits(_viewer: Viewer, kinds: Collection[str], spans: Sequence[Span]) -> Counts:
    """Limits of these kinds that began in the spans: met in time, of those that were met or ran out."""
    sums = []
    for span in spans:
        began = sa.and_(Clock.started_at >= span.begins, Clock.started_at < span.ends)
        good = sa.and_(began, Clock.met_at.is_not(None), sa.not_(sa.func.coalesce(is_late(), sa.false())))
        sums += [sa.func.sum(sa.case((wanted, 1), else_=0)) for wanted in (good, sa.and_(began, is_late()))]
    rows = sa.select(Clock.kind, *sums).where(
        Clock.kind.in_(list(kinds)),
        Clock.started_at >= min(span.begins for span in spans),
        Clock.started_at < max(span.ends for span in spans),
    )
    found: dict[tuple[str, str], Kept] = {}
    for kind, *numbers in db.session.execute(rows.group_by(Clock.kind)):
        for place, span in enumerate(spans):
            good, late = numbers[2 * place : 2 * place + 2]
            found[kind, span.code] = Kept(good, good + late)
    return found
