"""One roster to make, as a frozen picture: what the solver, the rules, hand edits, swaps and the bench look at.

How to use it, from the database or from a file:

    problem = Problem(days=..., people=..., kinds=..., demands=...)   # the rest has defaults
    roster: Roster = {(person_id, day): (post_id, kind_id), ...}      # who works; whoever is off has no entry
    rules.broken(problem, roster)                                     # every rule it breaks
    rules.against(problem, roster, {(7, day): None, (9, day): (1, 2)})   # what one hand edit would break
    cost.cost(problem, roster).total                                  # what it costs, with its parts
    solver.solve(problem, seconds=30)                                 # the best roster found

Ids are whatever the caller uses (numbers of rows, letters of a file); days are dates; a shift belongs to the
day it begins on. Pure: no Flask, no database, no clock.
"""

from __future__ import annotations

import enum
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias

Id: TypeAlias = int | str
Cell: TypeAlias = tuple[Id, Id]  # (post, kind of shift)
Roster: TypeAlias = Mapping[tuple[Id, date], Cell]
Change: TypeAlias = Mapping[tuple[Id, date], Cell | None]  # None: off on that day

DAY = 24 * 60
NIGHT_ENDS = 5 * 60
SATURDAY = 5
WORKDAYS = 5  # of a week, which an ordinary contract shares its hours over
LOOK_BACK = 7  # days before the first that a roster continues from


class Burden(enum.StrEnum):
    """What is shared evenly over the months."""

    NIGHTS = "nights"
    WEEKENDS = "weekends"  # shifts on Saturdays and Sundays
    HOLIDAYS = "holidays"


@dataclass(frozen=True)
class Kind:
    """A kind of shift: working minutes, begin and end as minutes of its day (an end on the next day is over 1440)."""

    id: Id
    minutes: int
    begins: int | None = None  # None: not known, so that only `not_before` says what may follow
    ends: int | None = None
    not_before: frozenset[Id] = frozenset()  # kinds that may not be worked on the next day

    @property
    def night(self) -> bool:
        """Whether it lasts through the small hours."""
        if self.begins is None or self.ends is None:
            return False
        return self.ends > DAY or self.begins < NIGHT_ENDS


@dataclass(frozen=True)
class Person:
    """Somebody on duty, and how long and where they may work; the minutes are for the whole roster."""

    id: Id
    posts: Mapping[Id, tuple[date | None, date | None]]  # qualified for, since, until (both included)
    rank: int = 0  # Rank.height
    least_minutes: int = 0
    most_minutes: int | None = None
    most_of_kind: Mapping[Id, int] = field(default_factory=dict)  # 0: never
    most_in_a_row: int = 6
    least_in_a_row: int = 1
    least_days_off: int = 1
    most_weekends: int | None = None
    leave: frozenset[date] = frozenset()  # days that are off for certain
    away: frozenset[tuple[date, Id]] = frozenset()  # kinds of shifts of other days that run into a leave
    joins_on: date | None = None
    leaves_on: date | None = None
    # How many more than a fair share of each they had in the past months; fewer is negative.
    balance: Mapping[Burden, float] = field(default_factory=dict)

    def employed(self, day: date) -> bool:
        """Between joining and leaving."""
        return not (
            (self.joins_on is not None and day < self.joins_on)
            or (self.leaves_on is not None and day > self.leaves_on)
        )

    def there(self, day: date) -> bool:
        """Employed and not on leave."""
        return day not in self.leave and self.employed(day)

    def free(self, day: date, kind: Id) -> bool:
        """There for the whole of that shift."""
        return self.there(day) and (day, kind) not in self.away

    def qualified(self, post: Id, day: date) -> bool:
        """Whether they may take that post on that day."""
        if post not in self.posts:
            return False
        since, until = self.posts[post]
        return (since is None or since <= day) and (until is None or day <= until)


@dataclass(frozen=True)
class Demand:
    """How many people a post needs for a kind of shift on a day, and what one too few or too many costs."""

    day: date
    post: Id
    kind: Id
    people: int
    under: int = 100
    over: int = 1


@dataclass(frozen=True)
class Managed:
    """DR-06: somebody of at least this rank is on duty on that day; post and kind narrow it where they are given."""

    day: date
    rank: int
    post: Id | None = None
    kind: Id | None = None
    weight: int = 1000

    def fits(self, cell: Cell) -> bool:
        """Whether a shift of that post and kind would count."""
        return self.post in (None, cell[0]) and self.kind in (None, cell[1])


@dataclass(frozen=True)
class Wish:
    """What somebody wishes for a day; `kind` None is any shift. Weighed, never promised."""

    person: Id
    day: date
    kind: Id | None
    wanted: bool
    weight: int = 1


@dataclass(frozen=True)
class Problem:
    """All that is known before a roster is made."""

    days: tuple[date, ...]  # one after the other, without a hole
    people: tuple[Person, ...]
    kinds: tuple[Kind, ...]
    demands: tuple[Demand, ...]
    managed: tuple[Managed, ...] = ()
    wishes: tuple[Wish, ...] = ()
    holidays: frozenset[date] = frozenset()
    rest_minutes: int = 11 * 60  # from the end of a shift to the begin of the next
    # What was worked before `open_from`: the last days of the roster before this one, and the days of this one that
    # are past and never made anew. None: the roster lies wholly in the future.
    worked: Roster = field(default_factory=dict)
    open_from: date | None = None
    pinned: Change = field(default_factory=dict)  # what solving leaves as it is; None keeps a day off
    # Whether leave excuses a run of work or of days off from the two minima; illness does not ask for them.
    leave_excuses: bool = True
    fairness: Mapping[Burden, int] = field(default_factory=dict)  # price of one shift outside the fair band
    published: Roster | None = None  # the roster to stay with, when one is mended
    change_weight: int = 0  # price of a person's day that differs from it

    @cached_property
    def person(self) -> dict[Id, Person]:
        """The people by their ids."""
        return {person.id: person for person in self.people}

    @cached_property
    def kind(self) -> dict[Id, Kind]:
        """The kinds of shifts by their ids."""
        return {kind.id: kind for kind in self.kinds}

    @cached_property
    def demand(self) -> dict[tuple[date, Id, Id], Demand]:
        """What is needed by (day, post, kind)."""
        return {(each.day, each.post, each.kind): each for each in self.demands}

    @cached_property
    def cells(self) -> dict[date, tuple[Cell, ...]]:
        """What may be worked on each day."""
        found: dict[date, list[Cell]] = {day: [] for day in self.days}
        for each in self.demands:
            found[each.day].append((each.post, each.kind))
        return {day: tuple(cells) for day, cells in found.items()}

    @cached_property
    def managed_on(self) -> dict[date, tuple[Managed, ...]]:
        """The days a manager is needed on (DR-06)."""
        found: dict[date, list[Managed]] = defaultdict(list)
        for each in self.managed:
            found[each.day].append(each)
        return {day: tuple(all_) for day, all_ in found.items()}

    @cached_property
    def past(self) -> frozenset[date]:
        """The days of this roster that are never made anew."""
        return frozenset(day for day in self.days if self.open_from is not None and day < self.open_from)

    @cached_property
    def look_back(self) -> tuple[date, ...]:
        """The days before the first that the roster continues from; none when nothing is known of them."""
        first = self.days[0]
        if not any(day < first for _, day in self.worked):
            return ()
        return tuple(first - timedelta(days=back) for back in range(LOOK_BACK, 0, -1))

    @cached_property
    def forbidden(self) -> frozenset[tuple[Id, Id]]:
        """The kinds (on a day, on the next) without enough rest between them, by the clock or as given (DR-21)."""
        return frozenset(
            (one.id, other.id) for one in self.kinds for other in self.kinds if self._too_near(one, other)
        )

    def _too_near(self, one: Kind, other: Kind) -> bool:
        if other.id in one.not_before:
            return True
        if one.ends is None or other.begins is None:
            return False
        return DAY + other.begins - one.ends < self.rest_minutes

    @cached_property
    def weekends(self) -> tuple[tuple[date, ...], ...]:
        """The Saturdays and Sundays of the roster, a weekend each."""
        found: dict[date, list[date]] = defaultdict(list)
        for day in self.days:
            if day.weekday() >= SATURDAY:
                found[day - timedelta(days=day.weekday())].append(day)
        return tuple(tuple(days) for days in found.values())

    def burdens(self, day: date, kind: Id) -> tuple[Burden, ...]:
        """Which of the burdens a shift is."""
        found = []
        if self.kind[kind].night:
            found.append(Burden.NIGHTS)
        if day.weekday() >= SATURDAY:
            found.append(Burden.WEEKENDS)
        if day in self.holidays:
            found.append(Burden.HOLIDAYS)
        return tuple(found)

    @cached_property
    def bands(self) -> dict[tuple[Id, Burden], tuple[int, int]]:
        """The fair number of each burden: what there is, by the days everybody could take it, less their balance."""
        found: dict[tuple[Id, Burden], tuple[int, int]] = {}
        for burden in self.fairness:
            needed = [each for each in self.demands if burden in self.burdens(each.day, each.kind)]
            total = sum(each.people for each in needed)
            cells = {(each.day, (each.post, each.kind)) for each in needed}
            able = {person.id: _able(person, cells) for person in self.people}
            whole = sum(able.values())
            for person_id, part in able.items():
                if part:
                    fair = max(0.0, total * part / whole - self.person[person_id].balance.get(burden, 0.0))
                    found[person_id, burden] = (math.floor(fair + 1e-9), math.ceil(fair - 1e-9))
        return found


def _able(person: Person, cells: set[tuple[date, Cell]]) -> float:
    """On how many days they could take one, weighed by how long they work."""
    days = {
        day
        for day, (post, kind) in cells
        if person.free(day, kind) and person.qualified(post, day) and person.most_of_kind.get(kind) != 0
    }
    return len(days) * (1.0 if person.most_minutes is None else float(person.most_minutes))


def days_from(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last, both included."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def minutes_over(days: Iterable[date], least_week: int, most_week: int, person: Person) -> tuple[int, int]:
    """The least and most minutes of a roster from those of a week.

    Days before joining and after leaving count for neither. A day of leave takes a fifth of a week from the least,
    at most one week's, and nothing from the most: who falls ill may have worked it already.
    """
    employed = [day for day in days if person.employed(day)]
    by_week: dict[date, int] = defaultdict(int)
    for day in employed:
        by_week[day - timedelta(days=day.weekday())] += day in person.leave
    shared = least_week * len(employed) // 7
    away = sum(least_week * min(days_away, WORKDAYS) // WORKDAYS for days_away in by_week.values())
    return max(0, shared - away), -(-most_week * len(employed) // 7)
