"""What the rules of one person ask of a path over the days: which shifts they cannot tell apart, and the limits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from portal.blueprints.duty.rosters.problem import Id, Person
from portal.blueprints.duty.rosters.solving.frame import Frame


@dataclass(frozen=True)
class Shift:
    """Kinds of shifts that the rules cannot tell apart."""

    after: int  # which class of followers it forbids
    before: tuple[int, ...]  # the classes that may come on the day before
    units: int  # of working time


@dataclass(frozen=True)
class Limits:
    """What people of one table share. A run of work is in a row: the first rows are those that may be short."""

    most_row: int
    least_row: int
    least_off: int
    weekends: int | None  # how many more may be worked; None: all

    @property
    def excused(self) -> int:
        """How many rows are for runs that something excuses from the least."""
        return min(self.least_row - 1, self.most_row)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.excused + self.most_row

    def follows(self, row: int) -> int | None:
        """The row of a run one day later; None when it may not go on."""
        if row == self.excused - 1:
            return self.excused + self.least_row - 1 if self.least_row <= self.most_row else None
        return row + 1 if row + 1 < self.rows else None

    @cached_property
    def leads(self) -> list[list[int]]:
        """By row: the rows of a run one day before."""
        return [[row for row in range(self.rows) if self.follows(row) == then] for then in range(self.rows)]

    def enough(self, row: int) -> bool:
        """Whether a run may end there."""
        return row < self.excused or row - self.excused + 1 >= self.least_row


class Ways:
    """What is the same for all people of a problem, and the limits of each."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.problem = frame, frame.problem
        problem = frame.problem
        self.days = [day for day in problem.days if day not in problem.past]
        self.gone = [day for day in problem.days if day in problem.past]
        after: dict[Id, set[Id]] = defaultdict(set)
        for one, other in problem.forbidden:
            after[one].add(other)
        classes = list(dict.fromkeys(frozenset(after[kind.id]) for kind in problem.kinds))
        self.classes = len(classes)
        self.unit = math.gcd(*(kind.minutes for kind in problem.kinds))
        self.shift = {
            kind.id: Shift(
                classes.index(frozenset(after[kind.id])),
                tuple(at for at, forbidden in enumerate(classes) if kind.id not in forbidden),
                kind.minutes // self.unit if self.unit else 0,
            )
            for kind in problem.kinds
        }
        self.longest = max((shift.units for shift in self.shift.values()), default=0)

    @cached_property
    def limited(self) -> dict[tuple[Id, Id], int]:
        """How many more of a kind somebody may work, where that may bind: the one rule that no path knows of."""
        found = {}
        for person in self.problem.people:
            for kind, most in person.most_of_kind.items():
                if 0 < most < len(self.problem.days) and kind in self.problem.kind:
                    held = (self.frame.settled.get((person.id, day)) for day in self.gone)
                    found[person.id, kind] = max(
                        0, most - sum(cell is not None and cell[1] == kind for cell in held)
                    )
        return found

    def limits(self, person: Person) -> Limits:
        """The limits of a person from the first open day on."""
        allowed = None
        if person.most_weekends is not None:
            gone = set(self.gone)
            weekends = self.problem.weekends
            used = sum(
                any(day in gone and (person.id, day) in self.frame.settled for day in days)
                for days in weekends
            )
            still = sum(any(day not in gone for day in days) for days in weekends)
            allowed = max(0, person.most_weekends - used)
            allowed = None if allowed >= still else allowed
        return Limits(person.most_in_a_row, person.least_in_a_row, max(1, person.least_days_off), allowed)

    def units(self, person: Person) -> tuple[int, int]:
        """The least and most units of working time that are left."""
        held = (self.frame.settled.get((person.id, day)) for day in self.gone)
        used = sum(self.problem.kind[cell[1]].minutes for cell in held if cell is not None)
        unit, most = self.unit or 1, len(self.days) * self.longest
        high = most if person.most_minutes is None else max(0, person.most_minutes - used) // unit
        return -(-max(0, person.least_minutes - used) // unit), min(most, high)

    def eve(self, person: Person, limits: Limits) -> tuple[int | tuple[int, int], bool]:
        """Where somebody is before the first open day: days off so far, or a row and a class; and whether that day
        excuses a run that begins after it."""
        settled = [*self.problem.look_back, *self.gone]
        if not settled:
            return limits.least_off - 1, True
        held = [self.problem.worked.get((person.id, day)) for day in settled]
        last = held[-1]
        length = 1
        while length < len(held) and (held[-1 - length] is None) == (last is None):
            length += 1
        around = settled[max(0, len(settled) - length - 1) :]
        excused = length == len(held) or any(self.frame.excused(person, day) for day in around)
        if last is None:
            far = limits.least_off if excused else min(length, limits.least_off)
            return far - 1, self.frame.excused(person, settled[-1])
        length = min(length, limits.most_row)
        short = excused and length <= limits.excused
        return (length - 1 if short else limits.excused + length - 1, self.shift[last[1]].after), False

    def tables(self, people: Sequence[Person], most: int) -> list[tuple[Limits, list[Person]]]:
        """The people by their limits, not more than so many in one."""
        groups: dict[Limits, list[Person]] = defaultdict(list)
        for person in people:
            groups[self.limits(person)].append(person)
        return [
            (limits, some[at : at + most])
            for limits, some in groups.items()
            for at in range(0, len(some), most)
        ]
