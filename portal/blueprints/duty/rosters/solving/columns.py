"""Whole rosters of one person as columns, and what couples them as rows: cover, managers, fairness; all of it priced.

A row wants a number of shifts between two ends; each one less costs `under`, each one more `over`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.blueprints.duty.rosters.cost import Cost, cost
from portal.blueprints.duty.rosters.problem import Cell, Id, Roster
from portal.blueprints.duty.rosters.solving.frame import Place
from portal.blueprints.duty.rosters.solving.ways import Ways


@dataclass(frozen=True)
class Row:
    """How many shifts there should be, and what too few and too many cost each."""

    low: int
    high: int
    under: float
    over: float
    name: Hashable = None  # as the marks of a whole model


@dataclass(frozen=True)
class Column:
    """A whole roster of the person with that number."""

    person: int
    cells: tuple[Cell | None, ...]  # of the open days
    cost: int  # of its own: wishes and changes
    rows: tuple[tuple[int, int], ...]  # (row, how often it counts)


class Rows:
    """The rows of a problem, and what each shift of each person counts in."""

    def __init__(self, ways: Ways) -> None:
        self.ways, self.problem = ways, ways.problem
        self.rows: list[Row] = []
        self.uses: dict[tuple[Id, int, Cell], tuple[int, ...]] = {}  # by person and number of the day
        self.kinds: set[int] = set()  # rows that must not be broken
        self.number = {person.id: at for at, person in enumerate(self.problem.people)}
        self.days = {day: at for at, day in enumerate(ways.days)}
        settled = {place: cell for place, cell in ways.frame.settled.items() if place[1] in self.problem.past}
        self._cover(settled)
        self._managers()
        self._fairness(settled)
        for (who, kind), most in ways.limited.items():
            row = self._row(Row(0, most, 0, math.inf))
            self.kinds.add(row)
            self._count(who, row, {(day, kind) for day in ways.days})
        self.constant = self._constant(settled)

    def _row(self, row: Row) -> int:
        self.rows.append(row)
        return len(self.rows) - 1

    def _cover(self, settled: Roster) -> None:
        fixed = Counter((day, cell) for (_, day), cell in settled.items())
        self.seats = {}
        for each in self.problem.demands:
            if each.day in self.days:
                cell = (each.post, each.kind)
                need = each.people - fixed[each.day, cell]
                self.seats[self.days[each.day], cell] = self._row(
                    Row(need, need, each.under, each.over, (each.day, *cell))
                )
        for person in self.problem.people:
            for at, day in enumerate(self.ways.days):
                for cell in self.ways.frame.may(person, day):
                    self.uses[person.id, at, cell] = (self.seats[at, cell],)

    def _managers(self) -> None:
        for one in self.problem.managed:
            at = self.days.get(one.day)
            if at is None:
                continue
            row = self._row(Row(1, 1, one.weight, 0, one))
            for person in self.problem.people:
                if person.rank >= one.rank:
                    for cell in self.ways.frame.may(person, one.day):
                        if one.fits(cell):
                            self.uses[person.id, at, cell] += (row,)

    def _fairness(self, settled: Roster) -> None:
        burdens = self.ways.frame.burdens
        had = Counter(
            (who, each) for (who, day), cell in settled.items() for each in burdens.get((day, cell[1]), ())
        )
        for (who, burden), (low, high) in self.problem.bands.items():
            weight = self.problem.fairness[burden]
            row = self._row(
                Row(low - had[who, burden], high - had[who, burden], weight, weight, (who, burden))
            )
            self._count(who, row, {place for place, all_ in burdens.items() if burden in all_})

    def _count(self, who: Id, row: int, counting: set[tuple[date, Id]]) -> None:
        """The shifts of somebody of a kind on a day count in a row."""
        person = self.problem.person[who]
        for at, day in enumerate(self.ways.days):
            for cell in self.ways.frame.may(person, day):
                if (day, cell[1]) in counting:
                    self.uses[who, at, cell] += (row,)

    def _constant(self, settled: Roster) -> int:
        """What is settled costs anyhow: the whole cost of an otherwise empty roster less what its rows and days say."""
        empty: Cost = cost(self.problem, settled)
        places = [(person.id, day) for person in self.problem.people for day in self.ways.days]
        own = sum(self.ways.frame.price(place, None) for place in places)
        rows = sum(
            row.under * max(0, row.low) + (row.over * -row.high if row.high < 0 else 0) for row in self.rows
        )
        return empty.total - own - int(rows)

    def column(self, person: Id, cells: Sequence[Cell | None], price: int) -> Column:
        """The column of a path."""
        count: Counter[int] = Counter()
        for at, cell in enumerate(cells):
            if cell is not None:
                count.update(self.uses[person, at, cell])
        return Column(self.number[person], tuple(cells), price, tuple(count.items()))

    def legal(self, column: Column) -> bool:
        """Whether it keeps the numbers of shifts of each kind."""
        return all(count <= self.rows[row].high for row, count in column.rows if row in self.kinds)

    def places(self, column: Column) -> dict[Place, Cell]:
        """What a column works where."""
        who = self.problem.people[column.person].id
        return {
            (who, day): cell
            for day, cell in zip(self.ways.days, column.cells, strict=True)
            if cell is not None
        }
