"""A first legal roster, person after person: each takes what is worth most among the seats still empty."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from portal.blueprints.duty.rosters.problem import Cell, Id, Person, Roster
from portal.blueprints.duty.rosters.solving.frame import Place
from portal.blueprints.duty.rosters.solving.model import Model
from portal.blueprints.duty.rosters.solving.search import Search

if TYPE_CHECKING:
    from portal.blueprints.duty.rosters.solving.pricing import Table

LONG, MOST = 2e6, 4e7  # values of one person's path that are too many to be quick; to be tried at all
STEADY = 5  # shifts that a long path may be ahead of or behind an even pace
EFFORT = 0.3  # deterministic seconds for one person


def first(search: Search, start: Roster | None) -> list[Person]:
    """Begin the search with a legal roster; or those who have none.

    No rule couples two people, so everybody's own best beside the others' is legal. Whoever has a legal row in the
    given roster keeps it.
    """
    return _First(search, start or {}).run()


class _First:
    def __init__(self, search: Search, start: Roster) -> None:
        from portal.blueprints.duty.rosters.solving.ways import Ways

        self.search, self.problem = search, search.problem
        self.start: dict[Id, dict[Place, Cell]] = defaultdict(dict)
        for place, cell in start.items():
            self.start[place[0]][place] = cell
        self.ways = Ways(search.frame)
        self.roster = dict(search.frame.settled)
        self.there = Counter((day, cell) for (_, day), cell in self.roster.items())

    def run(self) -> list[Person]:
        """Everybody in turn, those with the fewest posts first."""
        stuck = []
        for person in sorted(self.problem.people, key=lambda each: (len(each.posts), each.rank)):
            row = self._kept(person)
            if row is None:
                row = self._path(person)
            if row is None:
                row = self._solved(person)
            if row is None:
                stuck.append(person)
                continue
            for (who, day), cell in row.items():
                if (who, day) not in self.roster:
                    self.there[day, cell] += 1
            self.roster |= row
        if not stuck:
            self.search.begin(self.roster)
        return stuck

    def _kept(self, person: Person) -> dict[Place, Cell] | None:
        """Their row of the roster to begin with, if it is legal."""
        row = self.start.get(person.id)
        return row if row and self.search.legal(row, [person.id]) else None

    def _path(self, person: Person) -> dict[Place, Cell] | None:
        """The best row by a shortest path, where that is quick and legal."""
        from portal.blueprints.duty.rosters.solving.pricing import Table

        limits = self.ways.limits(person)
        whole = Table(self.ways, limits, [person])
        row = None
        if whole.size > LONG:
            even = Table(self.ways, replace(limits, weekends=None), [person], steady=STEADY)
            self._alternate(even, person, limits.weekends)
            row = self._cheapest(even, person)
        return self._cheapest(whole, person) if row is None and whole.size < MOST else row

    def _alternate(self, table: Table, person: Person, most: int | None) -> None:
        """Leave as many weekends open as may be worked, spread over the whole time, others' for other people."""
        from portal.blueprints.duty.rosters.solving.pricing import NEVER

        weekends = [days for days in self.problem.weekends if not self.problem.past.intersection(days)]
        if most is None or not weekends:
            return
        shift = self.problem.people.index(person)
        for at, days in enumerate(weekends):
            number = at + shift
            if number * most // len(weekends) == (number + 1) * most // len(weekends):
                for day in days:
                    table.base[self.ways.days.index(day)][:] = NEVER

    def _cheapest(self, table: Table, person: Person) -> dict[Place, Cell] | None:
        from portal.blueprints.duty.rosters.solving.pricing import NEVER

        days = self.ways.days
        for day, cells, base in zip(days, table.cells, table.base, strict=True):
            for at, cell in enumerate(cells):
                if base[0, at] < NEVER:
                    base[0, at] += self._worth(person, day, cell)
        row = self._row(table, person)
        if row is not None and self._thin_out(table, person, row):
            row = self._row(table, person)
        return row if row is not None and self.search.legal(row, [person.id]) else None

    def _row(self, table: Table, person: Person) -> dict[Place, Cell] | None:
        paths = table.run(table.base, table.off).ways(0, 1)
        if not paths:
            return None
        row = {place: cell for place, cell in self.roster.items() if place[0] == person.id}
        taken = zip(self.ways.days, paths[0], strict=True)
        return row | {(person.id, day): cell for day, cell in taken if cell is not None}

    def _thin_out(self, table: Table, person: Person, row: dict[Place, Cell]) -> bool:
        """Leave of a kind with too many shifts only the first that are allowed; whether there was one."""
        from portal.blueprints.duty.rosters.solving.pricing import NEVER

        found = False
        for (who, kind), most in self.ways.limited.items():
            held = [day for day in self.ways.days if row.get((person.id, day), ("", ""))[1] == kind]
            if who != person.id or len(held) <= most:
                continue
            found, kept = True, set(held[:most])
            for day, cells, base in zip(self.ways.days, table.cells, table.base, strict=True):
                for at, cell in enumerate(cells):
                    if cell[1] == kind and day not in kept:
                        base[0, at] = NEVER
        return found

    def _worth(self, person: Person, day: date, cell: Cell) -> int:
        """What one more on a seat costs or saves."""
        demand = self.problem.demand[day, cell[0], cell[1]]
        worth = -demand.under if self.there[day, cell] < demand.people else demand.over
        for one in self.problem.managed_on.get(day, ()):
            if person.rank >= one.rank and one.fits(cell):
                worth -= one.weight
        return worth

    def _solved(self, person: Person) -> dict[Place, Cell] | None:
        """The row by CP-SAT, which alone says that there is none."""
        from ortools.sat.python import cp_model

        model = Model(self.search.frame, [person], self.search.frame.open_places([person]), self.roster)
        model.together()
        model.minimise()
        solver = self.search.solver(self.search.seed)
        solver.parameters.max_deterministic_time = EFFORT
        status = solver.solve(model.cp)
        if status == cp_model.UNKNOWN:
            solver.parameters.max_deterministic_time = 1e6
            solver.parameters.stop_after_first_solution = True
            status = solver.solve(model.cp)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        found = model.read(solver.boolean_value)
        return {place: cell for place, cell in found.items() if place[0] == person.id}
