"""A roster in the database as the pure core sees it: its problem, its cells, what stands against publishing it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import sqlalchemy as sa

from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.rules import day_kind, minutes, needs_manager
from portal.blueprints.duty.rosters import gates, leaves, rules
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.gates import Findings
from portal.blueprints.duty.rosters.leaves import Off
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.blueprints.duty.rosters.models import Wish as WishRow
from portal.blueprints.duty.rosters.problem import (
    DAY,
    LOOK_BACK,
    SATURDAY,
    Burden,
    Cell,
    Demand,
    Kind,
    Managed,
    Person,
    Problem,
    Wish,
    days_from,
    minutes_over,
)
from portal.kernel import clock, company_calendar, reference
from portal.kernel.calendars import Calendar
from portal.kernel.db import db
from portal.kernel.people import Card
from portal.kernel.rights import Rank

S = Shift.__table__.c
YEAR = timedelta(days=365)
WEEKENDS = 4  # that the limit of weekends speaks of
FAIRNESS = {Burden.NIGHTS: 10, Burden.WEEKENDS: 10, Burden.HOLIDAYS: 20}
Place: TypeAlias = tuple[Any, date]
Away: TypeAlias = tuple[int, datetime, datetime]  # who is on leave, since, until
# Who is on leave between two moments; the part that knows of leave adds itself as it is loaded.
ON_LEAVE: list[Callable[[datetime, datetime], Iterable[Away]]] = []


@dataclass(frozen=True)
class Picture:
    """One roster as it is now."""

    problem: Problem
    cells: dict[Place, Cell]
    shifts: Sequence[Any]  # the rows of its seats
    ground: posts.Ground
    calendar: Calendar
    now: datetime
    before: Sequence[Any]  # seats of published rosters in the days before
    off: Mapping[int, Off]  # who is on leave, and what that takes

    @cached_property
    def findings(self) -> Findings:
        """Every rule that is broken, and the hours nobody is planned for (DR-01, DR-06, DR-21)."""
        days = self.problem.days
        seats: dict[Any, list[tuple[datetime, datetime]]] = defaultdict(list)
        for row in (*self.before, *self.shifts):
            seats[row.post_id].append((row.starts_at, row.ends_at))
        around = [post.id for post in self.ground.posts.values() if post.active and post.around_the_clock]
        since, until = gates.span_of(days[0], days[-1], clock.zone())
        hours = gates.unplanned(around, seats, max(since, min(self.now, until)), until)
        return Findings(tuple(rules.broken(self.problem, self.cells)), tuple(hours))

    @cached_property
    def there(self) -> Counter[tuple[date, Any, Any]]:
        """How many people each cell has."""
        return Counter((day, *cell) for (_, day), cell in self.cells.items())

    def pinned(self, place: Place) -> bool:
        """Whether solving leaves that cell as it is."""
        return place in self.problem.pinned


def of(
    roster: Roster, now: datetime, *, fair: bool = False, away: Iterable[Away] = (), wishes: bool = True
) -> Picture:
    """The roster as it is now; `fair` adds what each had in the past twelve months, which only solving needs.

    `away` is who would be on leave besides. Three statements beside the ground, four with the balance, one less
    without the wishes, which no change of a published roster asks for.
    """
    ground, calendar = posts.ground(), company_calendar.current()
    days, today = days_from(roster.starts_on, roster.ends_on), clock.local(now).date()
    mine, before = _shifts(roster)
    cells: dict[Place, Cell] = {
        (row.person_id, row.day): (row.post_id, row.kind_id) for row in mine if row.person_id is not None
    }
    worked: dict[Place, Cell] = {
        (row.person_id, row.day): (row.post_id, row.kind_id) for row in before if row.person_id is not None
    }
    worked |= {place: cell for place, cell in cells.items() if place[1] < today}
    off = _off(ground, days, [*_on_leave(days), *away])
    people = _people(ground, days, {who for who, _ in cells}, off)
    known = {person.id for person in people}
    kinds = tuple(map(_kind, ground.kinds.values()))
    problem = Problem(
        days=days,
        people=people,
        kinds=kinds,
        demands=tuple(_demands(ground, calendar, days)),
        managed=tuple(
            Managed(day, Rank.MIDDLE.height)
            for day in days
            if needs_manager(day, calendar, day in ground.special)
        ),
        wishes=_wishes(days, known) if wishes else (),
        holidays=frozenset(day for day in days if day in calendar.holidays),
        worked=worked,
        open_from=today if today > days[0] else None,
        pinned={
            (row.person_id, row.day): cells[row.person_id, row.day]
            for row in mine
            if row.pinned and row.person_id is not None and row.day >= today
        }
        | {(who, day): None for who, day in roster.days_off if day >= today and who in known},
    )
    if fair:
        problem = _balanced(problem, calendar)
    return Picture(problem, cells, mine, ground, calendar, now, before, off)


def _shifts(roster: Roster) -> tuple[list[Any], list[Any]]:
    """The seats of a roster, and those of the published rosters in the week before it; one statement."""
    counts = sa.select(Roster.id).where(Roster.state != State.DRAFT)
    earlier = sa.and_(
        S.roster_id.in_(counts),
        S.roster_id != roster.id,
        S.day >= roster.starts_on - timedelta(days=LOOK_BACK),
        S.day < roster.starts_on,
    )
    rows = sa.select(
        S.id,
        S.roster_id,
        S.post_id,
        S.kind_id,
        S.day,
        S.starts_at,
        S.ends_at,
        S.person_id,
        S.pinned,
        S.gap_reason,
    ).where(sa.or_(S.roster_id == roster.id, earlier))
    found = db.session.execute(rows.order_by(S.day, S.starts_at, S.id)).all()
    mine = [row for row in found if row.roster_id == roster.id]
    return mine, [row for row in found if row.roster_id != roster.id]


def _kind(row: Any) -> Kind:
    begins, long = _minute(row.starts), minutes(row.starts, row.ends)
    return Kind(row.id, minutes(row.starts, row.ends, row.break_minutes), begins, begins + long)


def _minute(written: str) -> int:
    hours, rest = written.split(":")
    return (int(hours) * 60 + int(rest)) % DAY


def _demands(ground: posts.Ground, calendar: Calendar, days: Sequence[date]) -> list[Demand]:
    """DR-01: what the posts in use need on each day by the sort of day it is."""
    sorts = {day: day_kind(day, calendar) for day in days}
    wanted = [
        row for row in ground.needs if ground.posts[row.post_id].active and ground.kinds[row.kind_id].active
    ]
    return [
        Demand(day, row.post_id, row.kind_id, row.people, row.under_weight, row.over_weight)
        for day in days
        for row in wanted
        if row.day_kind == sorts[day]
    ]


def _on_leave(days: Sequence[date]) -> list[Away]:
    """Who is on leave on some of these days (DR-04)."""
    since, until = gates.span_of(days[0], days[-1] + timedelta(days=1), clock.zone())  # its last night, too
    return [each for asked in ON_LEAVE for each in asked(since, until)]


def _off(ground: posts.Ground, days: Sequence[date], away: Iterable[Away]) -> dict[int, Off]:
    """What leave takes of each person's days."""
    spans: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for who, since, until in away:
        spans[who].append((since, until))
    times = {row.id: (row.starts, row.ends) for row in ground.kinds.values()}
    return {who: leaves.off(days, times, its, clock.zone()) for who, its in spans.items()}


def _people(
    ground: posts.Ground, days: tuple[date, ...], on_it: set[int], off: Mapping[int, Off]
) -> tuple[Person, ...]:
    """Everybody with working limits who is there, and whoever has a shift already."""
    may: dict[int, dict[Any, tuple[date | None, date | None]]] = defaultdict(dict)
    for row in ground.qualifications:
        may[row.person_id][row.post_id] = (row.since, row.until)
    cards = reference.staff().cards
    rostered = [cards[who] for who in ground.limits if cards[who].active or who in on_it]
    return tuple(
        _person(card, ground.limits[card.id], may[card.id], days, off.get(card.id, leaves.NONE))
        for card in rostered
    )


def _person(card: Card, limits: Any, may: Mapping[Any, Any], days: tuple[date, ...], off: Off) -> Person:
    weekends = len({day - timedelta(days=day.weekday()) for day in days if day.weekday() >= SATURDAY})
    most = limits.most_weekends
    person = Person(
        id=card.id,
        posts=may,
        rank=card.rank.height,
        most_in_a_row=limits.most_in_a_row,
        least_in_a_row=limits.least_in_a_row,
        least_days_off=limits.least_days_off,
        most_weekends=None if most >= WEEKENDS else math.ceil(most * weekends / WEEKENDS),
        joins_on=limits.joins_on,
        leaves_on=limits.leaves_on,
        leave=off.days,
        away=off.cells,
    )
    counted = replace(person, leave=off.days | off.counted)
    least, most_minutes = minutes_over(days, limits.least_week_minutes, limits.most_week_minutes, counted)
    # A few days are part of one week, whose hours may be worked on them.
    return replace(person, least_minutes=least, most_minutes=max(most_minutes, limits.most_week_minutes))


def _wishes(days: tuple[date, ...], people: set[Any]) -> tuple[Wish, ...]:
    rows = db.session.execute(
        sa.select(WishRow.person_id, WishRow.day, WishRow.kind_id, WishRow.wanted, WishRow.weight)
        .where(WishRow.day.between(days[0], days[-1]))
        .order_by(WishRow.id)
    )
    return tuple(Wish(*row) for row in rows if row.person_id in people)


def _balanced(problem: Problem, calendar: Calendar) -> Problem:
    """Fairness: how many more nights, weekend and holiday shifts than the average each had in twelve months."""
    first = problem.days[0]
    counts = sa.select(Roster.id).where(Roster.state != State.DRAFT)
    rows = sa.select(S.person_id, S.day, S.kind_id).where(
        S.roster_id.in_(counts), S.person_id.is_not(None), S.day >= first - YEAR, S.day < first
    )
    had: Counter[tuple[Any, Burden]] = Counter()
    for who, day, kind in db.session.execute(rows):
        if problem.kind[kind].night:
            had[who, Burden.NIGHTS] += 1
        if day.weekday() >= SATURDAY:
            had[who, Burden.WEEKENDS] += 1
        if day in calendar.holidays:
            had[who, Burden.HOLIDAYS] += 1
    crowd = max(len(problem.people), 1)
    mean = {burden: sum(had[person.id, burden] for person in problem.people) / crowd for burden in Burden}
    people = tuple(
        replace(person, balance={burden: had[person.id, burden] - mean[burden] for burden in Burden})
        for person in problem.people
    )
    return replace(problem, people=people, fairness=FAIRNESS)
