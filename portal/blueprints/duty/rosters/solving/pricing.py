"""The cheapest roster of one person at given prices, exactly: a shortest path over days, for many people at once.

A state is a day off with how long the days off last already (up to the least), or a shift with how long the run is
and what it forbids on the next day; beside it stand the weekends and the working time so far. People with the same
limits are one table, so that numpy does in milliseconds what the rules ask for. Prices are whole numbers, hence the
sums are exact and a path is found again by walking back. All rules of `rules.of_person` are kept, except for the
number of shifts of one kind where that is neither none nor all: `Ways.limited`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from portal.blueprints.duty.rosters.problem import SATURDAY, Cell, Person
from portal.blueprints.duty.rosters.solving.ways import Limits, Shift, Ways

NEVER = 2**29  # a price that is no price
SUNDAY = SATURDAY + 1
Array: TypeAlias = Any  # of numpy
State: TypeAlias = tuple[int, ...]  # (days off,) or (row, class)


class Table:
    """Some people with the same limits."""

    def __init__(
        self, ways: Ways, limits: Limits, people: Sequence[Person], steady: int | None = None
    ) -> None:
        self.ways, self.limits, self.people = ways, limits, people
        frame, days = ways.frame, ways.days
        self.weekends = 1 if limits.weekends is None else limits.weekends + 1
        self._units(steady)
        self.cells = [ways.problem.cells[day] for day in days]
        self.shifts: list[list[tuple[Shift, Array]]] = []  # by day, with the numbers of their cells
        for cells in self.cells:
            of: dict[Shift, list[int]] = defaultdict(list)
            for number, (_, kind) in enumerate(cells):
                of[ways.shift[kind]].append(number)
            self.shifts.append([(shift, np.array(numbers)) for shift, numbers in of.items()])
        self.cut = np.array([[frame.excused(person, day) for person in people] for day in days], dtype=bool)
        self.off = np.array([[self._off(person, day) for person in people] for day in days], dtype=np.int64)
        self.eves = [ways.eve(person, limits) for person in people]

    @cached_property
    def base(self) -> list[Array]:
        """What each (person, cell) costs by itself, by day."""
        return [self._base(day, cells) for day, cells in zip(self.ways.days, self.cells, strict=True)]

    @property
    def size(self) -> int:
        """How many values it holds, over all days."""
        states = self.limits.least_off + self.limits.rows * self.ways.classes
        return states * len(self.people) * self.weekends * sum(high - low for low, high in self.band)

    def _units(self, steady: int | None) -> None:
        """What is left to work, and the band of it that a day can be at; `steady` keeps near an even pace."""
        ways, number = self.ways, len(self.ways.days)
        units = [ways.units(person) for person in self.people]
        self.low, self.high = (np.array(each) for each in zip(*units, strict=True))
        self.tracked = bool(self.low.any()) or any(each.most_minutes is not None for each in self.people)
        if not self.tracked:
            self.band = [(0, 1)] * (number + 1)
            return

        def most(days: int) -> int:
            row = self.limits.most_row
            return (days // (row + 1) * row + min(row, days % (row + 1))) * ways.longest

        least, top = int(self.low.min()), int(self.high.max())
        self.band = [
            (max(0, least - most(number - day)), max(0, min(top, most(day))) + 1) for day in range(number + 1)
        ]
        if steady is not None:
            mean, aside = int(self.low.mean() + self.high.mean()) // 2, steady * ways.longest
            paces = [mean * day // max(1, number) for day in range(number + 1)]
            self.band = [
                (max(low, pace - aside), max(pace - aside, min(high, pace + aside)))
                for (low, high), pace in zip(self.band, paces, strict=True)
            ]
        self.band = [(max(0, min(low, high - 1)), max(1, high)) for low, high in self.band]

    def _base(self, day: date, cells: Sequence[Cell]) -> Array:
        """What each cell costs each person by itself."""
        frame, pinned = self.ways.frame, self.ways.problem.pinned
        found = np.full((len(self.people), len(cells)), NEVER, dtype=np.int64)
        at = {cell: number for number, cell in enumerate(cells)}
        for row, person in enumerate(self.people):
            place = (person.id, day)
            for cell in frame.may(person, day):
                if place not in pinned or pinned[place] == cell:
                    found[row, at[cell]] = frame.price(place, cell)
        return found

    def _off(self, person: Person, day: date) -> int:
        place = (person.id, day)
        held = self.ways.problem.pinned.get(place) is not None
        return NEVER if held else self.ways.frame.price(place, None)

    def cost(self, at: int, cells: Sequence[Cell | None]) -> int:
        """What a path costs by itself."""
        return sum(
            int(self.off[day, at] if cell is None else self.base[day][at, self.cells[day].index(cell)])
            for day, cell in enumerate(cells)
        )

    def _begin(self) -> tuple[Array, Array]:
        """The values before the first open day: off, work."""
        low, high = self.band[0]
        shape = (len(self.people), self.weekends, high - low)
        off = np.full((self.limits.least_off, *shape), NEVER, dtype=np.int32)
        work = np.full((self.limits.rows, self.ways.classes, *shape), NEVER, dtype=np.int32)
        for at, (state, _) in enumerate(self.eves):
            if isinstance(state, int):
                off[state, at, 0, 0] = 0
            else:
                work[state[0], state[1], at, 0, 0] = 0
        return off, work

    def run(self, prices: list[Array], offs: Array) -> Found:
        """Every value of every day, from the whole prices of (person, cell) by day and of (day, person) off."""
        off, work = self._begin()
        excuses = np.array([excused for _, excused in self.eves])
        offs = np.minimum(offs, NEVER).astype(np.int32)
        values = [(off, work)]
        chosen = []
        for at in range(len(self.ways.days)):
            costs = [prices[at][:, numbers].min(axis=1) for _, numbers in self.shifts[at]]
            chosen.append(costs)
            off, work = self._day(at, off, work, excuses, costs, offs[at])
            excuses = self.cut[at]
            values.append((off, work))
        return Found(self, values, chosen, prices, offs)

    def _day(
        self, at: int, off: Array, work: Array, excuses: Array, costs: list[Array], offs: Array
    ) -> tuple[Array, Array]:
        low, high = self.band[at + 1]
        shape = (len(self.people), self.weekends, high - low)
        new_off = np.full((self.limits.least_off, *shape), NEVER, dtype=np.int32)
        new_work = np.full((self.limits.rows, self.ways.classes, *shape), NEVER, dtype=np.int32)
        into, out = self._shifted(at, 0)
        if into.start < into.stop:
            self._rest(new_off[..., into], off[..., out], work[..., out], self.cut[at])
            new_off += offs[None, :, None, None]
        for (shift, _), cost in zip(self.shifts[at], costs, strict=True):
            into, out = self._shifted(at, shift.units if self.tracked else 0)
            if into.start < into.stop and cost.min() < NEVER:
                price = cost.astype(np.int32)[:, None, None]
                target = new_work[:, shift.after, ..., into]
                self._go_to_work(at, target, off[..., out], work[..., out], excuses, shift, price)
        return np.minimum(new_off, NEVER, out=new_off), np.minimum(new_work, NEVER, out=new_work)

    def _shifted(self, at: int, units: int) -> tuple[slice, slice]:
        """Where the values of the day before land when so much is worked, and which those are."""
        (old, top), (low, high) = self.band[at], self.band[at + 1]
        first, last = max(low, old + units), min(high, top + units)
        return slice(first - low, last - low), slice(first - old - units, last - old - units)

    def _rest(self, new: Array, off: Array, work: Array, cut: Array) -> None:
        """A day off; on a day that excuses, after whatever was."""
        limits = self.limits
        full = limits.least_off - 1
        for row in range(limits.rows):
            if limits.enough(row):
                for values in work[row]:
                    np.minimum(new[0], values, out=new[0])
        for state in range(limits.least_off):
            then = min(state + 1, full)
            np.minimum(new[then], off[state], out=new[then])
        if cut.any():
            every = np.minimum(off.min(axis=0), work.min(axis=(0, 1)))
            new[:, cut] = NEVER
            new[full, cut] = every[cut]

    def _go_to_work(
        self, at: int, target: Array, off: Array, work: Array, excuses: Array, shift: Shift, price: Array
    ) -> None:
        """A shift: the first of a run, or one more."""
        limits, fresh = self.limits, self.fresh(at)
        begun = _counted(off[limits.least_off - 1], fresh > 0) + price
        first = limits.excused
        if limits.excused:
            plain = begun.copy()
            plain[excuses] = NEVER
            np.minimum(target[first], plain, out=target[first])
            begun[~excuses] = NEVER
            first = 0
        np.minimum(target[first], begun, out=target[first])
        if not shift.before:
            return
        before = work[:, shift.before[0]]
        for each in shift.before[1:]:
            before = np.minimum(before, work[:, each])
        went_on = _counted(before, fresh > 1) + price
        for row in range(limits.rows):
            then = limits.follows(row)
            if then is not None:
                np.minimum(target[then], went_on[row], out=target[then])

    def fresh(self, at: int) -> int:
        """Whether a shift makes a weekend worked: 0 never, 1 after a day off, 2 always."""
        day = self.ways.days[at]
        if self.limits.weekends is None or day.weekday() < SATURDAY:
            return 0
        if day.weekday() == SUNDAY and day - timedelta(days=1) >= self.ways.problem.days[0]:
            return 1
        return 2


def _counted(values: Array, weekend: bool) -> Array:
    """One weekend more, where it is one."""
    if not weekend:
        return values
    moved = np.full_like(values, NEVER)
    moved[..., 1:, :] = values[..., :-1, :]
    return moved


class Found:
    """The values of all days, and the paths that lead to them."""

    def __init__(
        self, table: Table, values: list[Any], chosen: list[Any], prices: list[Array], offs: Array
    ) -> None:
        self.table, self.values, self.chosen, self.prices, self.offs = table, values, chosen, prices, offs
        off, work = values[-1]
        ends = np.minimum(off.min(axis=0), work.min(axis=(0, 1)))  # person, weekends, units
        if table.tracked:
            units = np.arange(*table.band[-1])
            bad = (units[None, :] < table.low[:, None]) | (units[None, :] > table.high[:, None])
            ends = np.where(bad[:, None, :], NEVER, ends)
        self.ends = ends
        self.least = ends.min(axis=(1, 2))

    def ways(self, at: int, most: int) -> list[list[Cell | None]]:
        """The cheapest paths of a person, each with other weekends or another working time; none: there is none."""
        ends = self.ends[at].ravel()
        few = np.argpartition(ends, most)[:most] if ends.size > most else np.arange(ends.size)
        weeks, units = np.unravel_index(few[np.argsort(ends[few], kind="stable")], self.ends[at].shape)
        return [
            self._walk(at, int(week), int(unit), int(self.ends[at, week, unit]))
            for week, unit in zip(weeks, units, strict=True)
            if self.ends[at, week, unit] < NEVER // 2
        ]

    def _walk(self, at: int, week: int, unit: int, value: int) -> list[Cell | None]:
        """The path back from an end."""
        number = len(self.table.ways.days)
        point = Point(week, unit + self.table.band[number][0], value)
        off, work = self.values[number]
        ends = np.flatnonzero(off[:, at, week, unit] == value)
        state: State = (int(ends[0]),) if ends.size else ()
        if not state:
            rows, kinds = np.nonzero(work[:, :, at, week, unit] == value)
            state = (int(rows[0]), int(kinds[0]))
        cells: list[Cell | None] = []
        cell: Cell | None
        for day in range(number - 1, -1, -1):
            if len(state) == 1:
                cell = None
                state, point = self._before_off(day, at, state, point)
            else:
                state, point, cell = self._before_shift(day, at, state, point)
            cells.append(cell)
        cells.reverse()
        return cells

    def _before_off(self, day: int, at: int, state: State, point: Point) -> tuple[State, Point]:
        """What led to a day off."""
        limits, full = self.table.limits, self.table.limits.least_off - 1
        off, work = self.values[day]
        week, index = point.week, point.unit - self.table.band[day][0]
        rest = point.value - int(self.offs[day, at])
        cut = self.table.cut[day, at]
        for far in range(full + 1):
            if (cut or min(far + 1, full) == state[0]) and off[far, at, week, index] == rest:
                return (far,), Point(week, point.unit, rest)
        for row, kind in zip(*np.nonzero(work[:, :, at, week, index] == rest), strict=True):
            if cut or (state[0] == 0 and limits.enough(row)):
                return (int(row), int(kind)), Point(week, point.unit, rest)
        raise AssertionError("nothing led here")

    def _before_shift(self, day: int, at: int, state: State, point: Point) -> tuple[State, Point, Cell]:
        """What led to a shift, and which one it was."""
        table = self.table
        low, high = table.band[day]
        for (shift, numbers), cost in zip(table.shifts[day], self.chosen[day], strict=True):
            unit, rest = point.unit - (shift.units if table.tracked else 0), point.value - int(cost[at])
            if shift.after == state[1] and cost[at] < NEVER and low <= unit < high:
                led = self._led(day, at, state[0], shift, Point(point.week, unit, rest))
                if led is not None:
                    cell = table.cells[day][int(numbers[self.prices[day][at, numbers].argmin()])]
                    return *led, cell
        raise AssertionError("nothing led here")

    def _led(self, day: int, at: int, row: int, shift: Shift, point: Point) -> tuple[State, Point] | None:
        """What led to that shift, if anything: enough days off, or the run a day shorter."""
        table, limits = self.table, self.table.limits
        off, work = self.values[day]
        index, fresh = point.unit - table.band[day][0], table.fresh(day)
        excuses = table.cut[day - 1, at] if day else table.eves[at][1]
        week = point.week - (fresh > 0)
        if row == (0 if excuses else limits.excused) and week >= 0:
            full = limits.least_off - 1
            if off[full, at, week, index] == point.value:
                return (full,), Point(week, point.unit, point.value)
        week = point.week - (fresh > 1)
        if week >= 0:
            for before in limits.leads[row]:
                for kind in shift.before:
                    if work[before, kind, at, week, index] == point.value:
                        return (before, kind), Point(week, point.unit, point.value)
        return None


@dataclass(frozen=True)
class Point:
    """Where a path is: weekends and working time so far, and its price."""

    week: int
    unit: int
    value: int
