"""What counts as late and as absent, and what a month deducts; pure (DR-17)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.blueprints.duty.attendance.codes import Standing

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
EARLY = timedelta(hours=4)  # whoever comes so long before a shift comes for it
Spans = Sequence[tuple[time, time]]


@dataclass(frozen=True)
class Figures:
    """DR-17: the office's hours, and how many per cent of base pay a lateness costs, from which one on more."""

    starts: time
    ends: time
    percent: Decimal
    more_percent: Decimal
    more_from: int


@dataclass(frozen=True)
class Planned:
    """One stretch of work: a shift of the roster, or an office day; the day on which it begins."""

    day: date
    begins: datetime
    ends: datetime
    shift_id: int | None = None


@dataclass(frozen=True)
class Presence:
    """When somebody came and went; `by_word` when a correction says so, which nothing else outweighs."""

    came_at: datetime | None = None
    left_at: datetime | None = None
    excused: bool = False
    by_word: bool = False


@dataclass(frozen=True)
class Worked:
    """One stretch of work as the sheet counts it."""

    planned: Planned
    came_at: datetime | None
    left_at: datetime | None
    standing: Standing
    minutes: int = 0  # late


@dataclass(frozen=True)
class Sums:
    """A month of one person."""

    days: int = 0
    late: int = 0
    minutes: int = 0
    absences: int = 0
    percent: Decimal = Decimal(0)


def is_time(text: str) -> bool:
    """True for a time of the day such as 08:30."""
    return TIME.fullmatch(text) is not None


def office_day(day: date, spans: Spans, figures: Figures, zone: object) -> Planned | None:
    """DR-17: an office day by the figures; where the calendar has a shorter one, by the calendar. None on a day off."""
    if not spans:
        return None
    starts = max(figures.starts, spans[0][0])
    ends = min(figures.ends, spans[-1][1])
    if starts >= ends:
        return None
    begins, over = (datetime.combine(day, at, zone) for at in (starts, ends))  # type: ignore[arg-type]  # a tzinfo
    return Planned(day, begins, over)


def own_shifts(
    person: int,
    shifts: Iterable[Any],
    gave: Mapping[tuple[int, int], datetime],
    took: Mapping[tuple[int, int], datetime],
) -> list[tuple[int, datetime, datetime]]:
    """DR-17: each shift of somebody by its id, from when to when it was theirs: one that changed hands while it ran ends
    for who gave it and begins for who took it at that moment (DR-21)."""
    own = []
    for shift in shifts:
        here = (person, shift.id)
        if person in shift.people:
            own.append((shift.id, took.get(here, shift.starts_at), shift.ends_at))
        elif here in gave:
            own.append((shift.id, shift.starts_at, gave[here]))
    return own


def seen(planned: Planned, signed: Presence | None, handed: Iterable[Presence]) -> Presence:
    """DR-17: when somebody came and went: what a correction says, else the earliest and latest of the signatures of the
    handovers and the own sign-in."""
    if signed is not None and signed.by_word:
        return signed
    every = [*handed, *([signed] if signed else [])]
    window = planned.begins - EARLY, planned.ends
    came = [each.came_at for each in every if each.came_at and window[0] <= each.came_at < window[1]]
    left = [each.left_at for each in every if each.left_at and each.left_at > planned.begins]
    return Presence(min(came, default=None), max(left, default=None))


def judge(
    planned: Planned,
    presence: Presence,
    *,
    now: datetime,
    counted: bool,
    on_leave: bool = False,
    away: bool = False,
) -> Worked:
    """DR-17: late is a minute after the planned start, without grace; absent is who never came, or left the post (DR-04).

    On leave, or excused by a correction, nobody is late or absent. Before attendance is `counted` nobody is absent.
    """
    came, left = presence.came_at, presence.left_at
    if on_leave or presence.excused:
        return Worked(planned, came, left, Standing.LEAVE if on_leave else Standing.EXCUSED)
    if away:
        return Worked(planned, came, left, Standing.ABSENT)
    if came is None:
        missing = counted and planned.ends <= now
        return Worked(planned, None, left, Standing.ABSENT if missing else Standing.AHEAD)
    # A page shows whole minutes: who came at 08:30:40 came at 08:30.
    minutes = int((came.replace(second=0, microsecond=0) - planned.begins).total_seconds() // 60)
    if minutes > 0:
        return Worked(planned, came, left, Standing.LATE, minutes)
    return Worked(planned, came, left, Standing.ON_TIME)


def deduction(late: int, figures: Figures) -> Decimal:
    """DR-17: per cent of base pay that a month's latenesses cost together.

    Read so: each of the first ones costs the lower figure, each from the third on the higher one; what the first two
    cost stays. Two cost 2 %, three 1 + 1 + 5 = 7 %, four 12 %.
    """
    dear = max(0, late - (figures.more_from - 1))
    return figures.percent * (late - dear) + figures.more_percent * dear


def total(worked: Iterable[Worked], figures: Figures) -> Sums:
    """DR-17: the sums of a month; a day on which somebody came twice is one day."""
    rows = list(worked)
    present = {row.planned.day for row in rows if row.standing in {Standing.ON_TIME, Standing.LATE}}
    late = [row for row in rows if row.standing is Standing.LATE]
    return Sums(
        days=len(present),
        late=len(late),
        minutes=sum(row.minutes for row in late),
        absences=sum(row.standing is Standing.ABSENT for row in rows),
        percent=deduction(len(late), figures),
    )


def first_of(month: str) -> date | None:
    """The first day of 2026-03; None for what is no month."""
    found = re.fullmatch(r"(20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])", month, re.ASCII)
    return date(int(found[1]), int(found[2]), 1) if found else None


def after(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


def next_touch(office: Planned | None, now: datetime, *, rostered: bool, came: bool, left: bool) -> str:
    """DR-17: what one touch does now: `in`, `out`, or nothing.

    In the office people sign in from some hours before its day until it ends; a roster's people sign the handover.
    """
    if rostered or left:
        return ""
    if came:
        return "out"
    return "in" if office is not None and office.begins - EARLY <= now < office.ends else ""
