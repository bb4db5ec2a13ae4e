"""How good a roster could be at best, and a good one: everybody is given one of many whole rosters, at first in parts.

The linear relaxation of that choice is solved again and again; between two times `pricing` finds for everybody the
rosters that are worth most at its prices, smoothed towards those with the best bound so far. Any prices give a true
bound: what everybody's cheapest roster costs at them, and what the rows are worth. Diving then gives whole rosters to
those of whom the relaxation is surest, and solves it anew for the others.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import numpy as np

from portal.blueprints.duty.rosters.problem import Cell, Roster
from portal.blueprints.duty.rosters.solving.columns import Column, Rows
from portal.blueprints.duty.rosters.solving.frame import Place
from portal.blueprints.duty.rosters.solving.pricing import NEVER, Array, Table
from portal.blueprints.duty.rosters.solving.ways import Ways

SCALE = 128  # prices are whole multiples of one over it
TOGETHER = 25  # people in one table at most
MOST = 150_000_000  # values over all tables: beyond it a round of prices takes too long
TABLE = 20_000_000  # values of one table, about
DEAREST = 50_000  # a price beyond it could overflow
FEW = 700  # rows of a program with fairness
EACH = 2  # columns for a person in a round
CLEAR, CLOSE = 1e-6, 0.01  # of prices that differ, and of a value that is all but its bound
SMOOTH = 0.5  # how far prices lean to those with the best bound
WIDE = 3.0  # how far prices may go from the best at first
ROUNDS = 3  # of new columns between two steps of a dive
SURE = 0.9  # a share that is as good as a whole
STEPS = 25  # of a dive, about


class Over(Exception):
    """The time is over, in the middle of something."""


def tables(ways: Ways) -> list[Table] | None:
    """Everybody's tables; None where a round of prices would take too long, or a price is too large for them."""
    problem = ways.problem
    dear = [each.under for each in problem.demands] + [each.weight for each in problem.managed]
    if not ways.days or max(dear, default=0) > DEAREST:
        return None
    sizes = [(some, Table(ways, limits, some).size) for limits, some in ways.tables(problem.people, TOGETHER)]
    if sum(size for _, size in sizes) > MOST:
        return None
    largest = max(size // len(some) for some, size in sizes)
    return [
        Table(ways, *each) for each in ways.tables(problem.people, max(1, min(TOGETHER, TABLE // largest)))
    ]


class Relaxation:
    """The choice of a whole roster for everybody, in parts."""

    def __init__(
        self, ways: Ways, tables: list[Table], ended: Callable[[], bool], left: Callable[[], float]
    ) -> None:
        self.problem, self.ended, self.left = ways.problem, ended, left
        self.ways, self.tables = ways, tables
        self.rows = Rows(ways)
        rows = self.rows.rows
        self.low = np.array([row.low for row in rows], dtype=float)
        self.high = np.array([row.high for row in rows], dtype=float)
        self.dearest = np.array([row.under for row in rows], dtype=float)
        self.cheapest = -np.array([min(row.over, DEAREST / 10) for row in rows], dtype=float)
        self.uses = [self._used(table) for table in self.tables]
        self.bound, self.center = -math.inf, np.zeros(len(rows))
        self.columns: list[Column] = []
        self.known: set[tuple[int, tuple[Cell | None, ...]]] = set()
        self.fixed: dict[int, int] = {}
        self._program()

    @property
    def slow(self) -> bool:
        """Whether fairness, which couples what is in a roster, makes the program too hard to choose by."""
        return bool(self.problem.fairness) and len(self.rows.rows) > FEW

    def _used(self, table: Table) -> list[Array]:
        """The rows of each (person, cell) by day, filled up with one that is no row."""
        none, found = len(self.rows.rows), []
        for at, cells in enumerate(table.cells):
            uses = [
                [self.rows.uses.get((person.id, at, cell), ()) for cell in cells] for person in table.people
            ]
            wide = max((len(each) for row in uses for each in row), default=0)
            filled = np.full((len(table.people), len(cells), wide), none)
            for one, row in enumerate(uses):
                for two, each in enumerate(row):
                    filled[one, two, : len(each)] = each
            found.append(filled)
        return found

    # ------------------------------------------------------------ the linear program

    def _program(self) -> None:
        from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]

        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.goal = self.lp.Objective()
        self.goal.SetMinimization()
        self.one = [self.lp.RowConstraint(1, 1, "") for _ in self.problem.people]
        self.row = [self.lp.RowConstraint(each.low, each.high, "") for each in self.rows.rows]
        self.share: list[Any] = []  # how much of each column is taken
        self.of: list[list[int]] = [[] for _ in self.problem.people]  # the columns of each person
        self.short: list[Any] = []  # how many too few, by row
        self.over: list[Any] = []
        for row in self.row:
            for sign, found in ((1, self.short), (-1, self.over)):
                found.append(self._variable(0))
                row.SetCoefficient(found[-1], sign)

    def _variable(self, price: float) -> Any:
        variable = self.lp.NumVar(0, self.lp.infinity(), "")
        self.goal.SetCoefficient(variable, price)
        return variable

    def add(self, columns: Iterable[Column]) -> int:
        """How many of them are new."""
        before = len(self.columns)
        for column in columns:
            if (column.person, column.cells) in self.known:
                continue
            self.known.add((column.person, column.cells))
            self.of[column.person].append(len(self.columns))
            self.columns.append(column)
            variable = self._variable(column.cost)
            self.one[column.person].SetCoefficient(variable, 1)
            for row, count in column.rows:
                self.row[row].SetCoefficient(variable, count)
            self.share.append(variable)
        return len(self.columns) - before

    def _solved(self) -> bool:
        """Solve the program; whether that worked."""
        from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]

        self.lp.SetTimeLimit(max(10, int(1000 * self.left())))
        if self.lp.Solve() != pywraplp.Solver.OPTIMAL:
            return False
        self.value = self.goal.Value() + self.rows.constant
        self.prices = np.array([row.dual_value() for row in self.row])
        self.worth = np.array([one.dual_value() for one in self.one])
        return True

    # ------------------------------------------------------------ prices and what they bring

    def _cheapest(self, prices: Array, each: int) -> tuple[float, Array, list[Column]]:
        """The bound at some prices, those prices in whole parts, and the cheapest columns at them."""
        whole = np.rint(np.clip(prices, self.cheapest, self.dearest) * SCALE).astype(np.int64)
        padded = np.append(whole, 0)
        total, columns = 0, []
        for table, uses in zip(self.tables, self.uses, strict=True):
            if self.ended():
                raise Over
            numbers = [self.rows.number[person.id] for person in table.people]
            if all(number in self.fixed for number in numbers):
                continue
            costs = [
                np.where(base >= NEVER, NEVER, base * SCALE - padded[used].sum(axis=2))
                for base, used in zip(table.base, uses, strict=True)
            ]
            found = table.run(costs, table.off * SCALE)
            total += int(found.least.sum())
            for at, person in enumerate(table.people):
                if numbers[at] not in self.fixed:
                    columns += [
                        self.rows.column(person.id, cells, table.cost(at, cells))
                        for cells in found.ways(at, each)
                    ]
        prices = whole / SCALE
        ends = np.where(prices > 0, self.low, self.high)
        return total / SCALE + float(prices @ ends) + self.rows.constant, prices, columns

    def begin(self, prices: Mapping[Hashable, float], roster: Roster) -> None:
        """Take prices from elsewhere, and a roster, so that there is always an answer."""
        for table in self.tables:
            for at, person in enumerate(table.people):
                cells = [roster.get((person.id, day)) for day in self.ways.days]
                self.add([self.rows.column(person.id, cells, table.cost(at, cells))])
        given = np.array([prices.get(row.name, 0.0) for row in self.rows.rows])
        bound, given, columns = self._cheapest(given, EACH)
        self._keep(bound, given)
        self.add(columns)

    def _keep(self, bound: float, prices: Array) -> bool:
        if bound <= self.bound:
            return False
        self.bound, self.center = bound, prices
        return True

    def _better(self, columns: list[Column]) -> list[Column]:
        """The columns that the program would take."""
        return [
            each
            for each in columns
            if each.cost - sum(self.prices[row] * count for row, count in each.rows)
            < self.worth[each.person] - CLEAR
        ]

    def _narrow(self, wide: float) -> None:
        """Let prices differ from those with the best bound by so much at most: what is short or over costs less."""
        highest = np.minimum(self.dearest, self.center + wide)
        lowest = np.maximum(self.cheapest, self.center - wide)
        for short, over, high, low in zip(self.short, self.over, highest, lowest, strict=True):
            self.goal.SetCoefficient(short, float(high))
            self.goal.SetCoefficient(over, float(-low))

    def generate(self, raised: Callable[[float], None], seconds: float) -> None:
        """Columns until none is missing, or for so long."""
        wide, until = WIDE, self.left() - seconds
        while True:
            self._narrow(wide)
            center = self.center
            if not self._generate(raised, until):
                return
            inside = np.abs(self.prices - center) < wide - CLEAR
            ends = (self.prices <= self.cheapest + CLEAR) | (self.prices >= self.dearest - CLEAR)
            if np.all(inside | ends):
                return
            wide *= 3

    def _generate(self, raised: Callable[[float], None], until: float) -> bool:
        """Columns until none is missing within those prices; whether that came to its end."""
        while self.left() > until and self._solved():
            raised(self.bound)
            if self.value - self.bound < CLOSE:
                return True
            new, smooth = 0, SMOOTH
            while not new:
                prices = smooth * self.center + (1 - smooth) * self.prices
                bound, prices, columns = self._cheapest(prices, EACH)
                self._keep(bound, prices)
                new = self.add(self._better(columns))
                if not new and not smooth:
                    raised(self.bound)
                    return True
                smooth = 0.6 * smooth if smooth > 0.3 else 0.0
        return False

    # ------------------------------------------------------------ a whole roster

    def dive(self, chance: random.Random | None = None) -> dict[Place, Cell] | None:
        """Whole rosters for everybody, those that the program is surest of first, or nearly so by chance.

        None when the time is over.
        """
        people = range(len(self.problem.people))
        self.fixed = {}
        self._narrow(math.inf)
        try:
            while len(self.fixed) < len(people):
                for _ in range(ROUNDS):
                    if not self._solved():
                        return None
                    _, _, columns = self._cheapest(self.prices, EACH)
                    if not self.add(self._better(columns)):
                        break
                if not self._solved():
                    return None
                self._fix([person for person in people if person not in self.fixed], chance)
        finally:
            chosen, self.fixed = self.fixed, {}
            for share in self.share:
                share.SetUb(self.lp.infinity())
        roster: dict[Place, Cell] = {}
        for number in chosen.values():
            roster |= self.rows.places(self.columns[number])
        return roster

    def _fix(self, people: list[int], chance: random.Random | None) -> None:
        """Give their columns to those whose share is the largest."""
        surest = {}
        for person in people:
            legal = [number for number in self.of[person] if self.rows.legal(self.columns[number])]
            number = max(legal, key=lambda each: self.share[each].solution_value())
            surest[person] = (self.share[number].solution_value(), number)
        luck = {person: chance.uniform(0.5, 1) if chance else 1.0 for person in people}
        order = sorted(people, key=lambda person: surest[person][0] * luck[person], reverse=True)
        least = max(1, len(self.problem.people) // STEPS)
        for at, person in enumerate(order):
            share, number = surest[person]
            if at < least or share >= SURE:
                self.fixed[person] = number
                for other in self.of[person]:
                    if other != number:
                        self.share[other].SetUb(0)
