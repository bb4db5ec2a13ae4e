"""The roster as constraints for CP-SAT, whole or for a window of people and days; OR-Tools is imported in here only.

A shift is a boolean, `on` a boolean a day; whatever is fixed (the past, pins, leave, everything outside the window)
is plain True or False and folds away. No rule couples two people: cover, managers and fairness are priced. Hence
a roster exists if everybody alone has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, TypeAlias

from portal.blueprints.duty.rosters.problem import Cell, Demand, Id, Person, Roster
from portal.blueprints.duty.rosters.rules import Rule
from portal.blueprints.duty.rosters.solving.frame import ALL_RULES, Frame, Place

Literal: TypeAlias = Any  # a boolean of the model, or True or False


class Model:
    """Constraints for the days of some people that are `free`; every other place holds what `roster` says.

    What is fixed and against a rule makes the model infeasible, or, where `judged` is false, is left as it is.
    """

    def __init__(
        self,
        frame: Frame,
        people: Sequence[Person],
        free: Collection[Place],
        roster: Roster,
        judged: bool = True,
        enforced: Collection[Rule] = ALL_RULES,
    ) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model.CpModel()
        self.frame, self.problem, self.enforced, self.judged = frame, frame.problem, enforced, judged
        self.people, self.free, self.roster = people, set(free), roster
        self.x: dict[Place, dict[Cell, Literal]] = {}
        self.on: dict[Place, Literal] = {}
        self.terms: list[Any] = []
        self.weights: list[int] = []
        self.constant = 0
        self.marks: dict[Hashable, list[int]] = defaultdict(
            list
        )  # constraints of a day's cell, a manager, a band
        self.taking: dict[tuple[date, Id, Id], list[Any]] = defaultdict(list)  # free booleans of each demand
        for person in self.people:
            self._person(person)

    # ------------------------------------------------------------ the plain parts

    def price(self, weight: int, literal: Literal) -> None:
        """A literal that costs."""
        if literal is True:
            self.constant += weight
        elif literal is not False and weight:
            self.terms.append(literal)
            self.weights.append(weight)

    def negated(self, literal: Literal) -> Literal:
        """Not."""
        return (not literal) if isinstance(literal, bool) else ~literal

    def _mark(self, name: Hashable, constraint: Any) -> None:
        self.marks[name].append(constraint.index)

    def clause(self, literals: Iterable[Literal]) -> None:
        """At least one holds."""
        found = list(literals)
        if any(each is True for each in found):
            return
        booleans = [each for each in found if each is not False]
        if booleans:
            self.cp.add_bool_or(booleans)
        else:
            self._impossible()

    def _impossible(self) -> None:
        if self.judged:
            self.cp.add_bool_or([])

    def at_most_one(self, literals: Iterable[Literal]) -> None:
        """At most one holds."""
        found = [each for each in literals if each is not False]
        held = sum(each is True for each in found)
        booleans = [each for each in found if each is not True]
        if held > 1:
            self.clause(())
        elif held:
            for each in booleans:
                self.cp.add(each == 0)
        elif len(booleans) > 1:
            self.cp.add_at_most_one(booleans)

    def between(self, low: int | None, high: int | None, parts: Iterable[tuple[Literal, int]]) -> None:
        """A linear row; what is fixed already may exceed the upper end, then nothing more is added to it."""
        from ortools.sat.python import cp_model

        fixed, literals, weights = 0, [], []
        for literal, weight in parts:
            if literal is True:
                fixed += weight
            elif literal is not False:
                literals.append(literal)
                weights.append(weight)
        if not literals:
            if low is not None and fixed < low:
                self._impossible()
            return
        row = cp_model.LinearExpr.weighted_sum(literals, weights)
        most = sum(weights)
        bottom = 0 if low is None else max(0, low - fixed)
        top = most if high is None else min(most, max(0, high - fixed))
        if bottom > 0 or top < most:
            self.cp.add_linear_constraint(row, bottom, top)

    # ------------------------------------------------------------ one person

    def _person(self, person: Person) -> None:
        known, days = self.problem.look_back, self.problem.days
        for day in known:
            cell = self.problem.worked.get((person.id, day))
            self.x[person.id, day] = {cell: True} if cell else {}
            self.on[person.id, day] = cell is not None
        for day in days:
            self._day(person, day)
        every = known + days
        if Rule.REST in self.enforced:
            self._rest(person, every)
        self._runs(person, every)
        self._sums(person)
        if Rule.MOST_WEEKENDS in self.enforced:
            self._weekends(person)
        self._fair(person)

    def _day(self, person: Person, day: date) -> None:
        place = (person.id, day)
        if place not in self.free:
            cell = self.roster.get(place)
            self.x[place] = {cell: True} if cell else {}
            self.on[place] = cell is not None
            if cell and not self._past(day) and not self._suits(person, day, cell):
                self._impossible()
            self._wishes(place)
            return
        cells = self.frame.may(person, day, self.enforced)
        taken = {cell: self.cp.new_bool_var("") for cell in cells}
        self.x[place] = taken
        if len(cells) == 1:
            self.on[place] = taken[cells[0]]
        elif cells:
            on = self.cp.new_bool_var("")
            self.cp.add_exactly_one([*taken.values(), ~on])
            self.on[place] = on
        else:
            self.on[place] = False
        for cell, literal in taken.items():
            self.taking[(day, *cell)].append(literal)
        self._wishes(place)

    def _suits(self, person: Person, day: date, cell: Cell) -> bool:
        return not (
            (Rule.AWAY in self.enforced and not person.free(day, cell[1]))
            or (Rule.UNQUALIFIED in self.enforced and not person.qualified(cell[0], day))
        )

    def _wishes(self, place: Place) -> None:
        for wish in self.frame.wishes.get(place, ()):
            if wish.kind is None:
                meant = [self.on[place]]
            else:
                meant = [literal for cell, literal in self.x[place].items() if cell[1] == wish.kind]
            if wish.wanted:
                self.constant += wish.weight
            for literal in meant:
                self.price(-wish.weight if wish.wanted else wish.weight, literal)
        old = self.problem.published
        if old is not None and self.problem.change_weight:
            cell = old.get(place)
            weight = self.problem.change_weight
            if cell is None:
                self.price(weight, self.on[place])
            else:
                self.constant += weight
                self.price(-weight, self.x[place].get(cell, False))

    def _rest(self, person: Person, days: Sequence[date]) -> None:
        """DR-21: no kind before one that begins too soon after it, as cliques."""
        for day, after in pairwise(days):
            today, tomorrow = self.x[person.id, day], self.x[person.id, after]
            for kinds, followers in self.frame.followers:
                ones = [literal for cell, literal in today.items() if cell[1] in kinds]
                others = [literal for cell, literal in tomorrow.items() if cell[1] in followers]
                if ones and others and not self._past(after):
                    self.at_most_one(ones + others)

    def _past(self, day: date) -> bool:
        return day in self.problem.past or day < self.problem.days[0]

    def _runs(self, person: Person, days: Sequence[date]) -> None:
        """DR-21: days in a row, as clauses over windows; what touches an end of what is known is left alone."""
        on = [self.on[person.id, day] for day in days]
        off = [self.negated(each) for each in on]
        cut = [self.frame.excused(person, day) for day in days]
        if Rule.MOST_IN_A_ROW in self.enforced:
            wide = person.most_in_a_row + 1
            for first in range(len(days) - wide + 1):
                if not self._past(days[first + wide - 1]):
                    self.clause(off[first : first + wide])
        for rule, least, inside, outside in (
            (Rule.LEAST_IN_A_ROW, person.least_in_a_row, off, on),
            (Rule.LEAST_DAYS_OFF, person.least_days_off, on, off),
        ):
            if rule not in self.enforced:
                continue
            for length in range(1, least):
                for first in range(1, len(days) - length):
                    end = first + length
                    if not self._past(days[end]) and not any(cut[first - 1 : end + 1]):
                        self.clause([outside[first - 1], *inside[first:end], outside[end]])

    def _sums(self, person: Person) -> None:
        """DR-21: minutes over the roster as one row (of shifts, where all are equally long), and shifts of each kind."""
        minutes = {kind.id: kind.minutes for kind in self.problem.kinds}
        low = person.least_minutes if Rule.LEAST_MINUTES in self.enforced else 0
        high = person.most_minutes if Rule.MOST_MINUTES in self.enforced else None
        lengths = set(minutes.values())
        if len(lengths) == 1 and (length := lengths.pop()) > 0:
            self.between(
                -(-low // length),
                None if high is None else high // length,
                [(self.on[person.id, day], 1) for day in self.problem.days],
            )
        else:
            self.between(
                low,
                high,
                [
                    (literal, minutes[cell[1]])
                    for day in self.problem.days
                    for cell, literal in self.x[person.id, day].items()
                ],
            )
        if Rule.MOST_OF_KIND not in self.enforced:
            return
        for kind, most in person.most_of_kind.items():
            if 0 < most < len(self.problem.days):
                self.between(None, most, self._of_kind(person, kind))

    def _of_kind(self, person: Person, kind: Id) -> list[tuple[Literal, int]]:
        return [
            (literal, 1)
            for day in self.problem.days
            for cell, literal in self.x[person.id, day].items()
            if cell[1] == kind
        ]

    def _weekends(self, person: Person) -> None:
        """DR-21: a boolean for each weekend that is worked."""
        if person.most_weekends is None or person.most_weekends >= len(self.problem.weekends):
            return
        worked: list[tuple[Literal, int]] = []
        for days in self.problem.weekends:
            on = [self.on[person.id, day] for day in days]
            booleans = [each for each in on if not isinstance(each, bool)]
            if any(each is True for each in on):
                worked.append((True, 1))
            elif len(booleans) == 1:
                worked.append((booleans[0], 1))
            elif booleans:
                weekend = self.cp.new_bool_var("")
                for each in booleans:
                    self.cp.add_implication(each, weekend)
                worked.append((weekend, 1))
        self.between(None, person.most_weekends, worked)

    def _fair(self, person: Person) -> None:
        """A priced band around the fair share."""
        for burden, weight in self.problem.fairness.items():
            band = self.problem.bands.get((person.id, burden))
            if band is None or not weight:
                continue
            fixed, literals = 0, []
            for day in self.problem.days:
                for cell, literal in self.x[person.id, day].items():
                    if burden in self.frame.burdens[day, cell[1]]:
                        if literal is True:
                            fixed += 1
                        else:
                            literals.append(literal)
            if not literals:
                self.constant += weight * max(band[0] - fixed, fixed - band[1], 0)
                continue
            few = self.cp.new_int_var(0, max(0, band[0] - fixed), "")
            many = self.cp.new_int_var(0, max(0, fixed + len(literals) - band[1]), "")
            self._mark((person.id, burden), self.cp.add(sum(literals) + few >= band[0] - fixed))
            self._mark((person.id, burden), self.cp.add(sum(literals) - many <= band[1] - fixed))
            self.price(weight, few)
            self.price(weight, many)

    # ------------------------------------------------------------ everybody together

    def together(self) -> None:
        """DR-01, DR-06: cover and managers, priced."""
        counts: dict[tuple[date, Id, Id], int] = defaultdict(int)
        for place, cell in self.roster.items():
            if place not in self.free:
                counts[(place[1], *cell)] += 1
        for demand in self.problem.demands:
            self._cover(demand, counts.get((demand.day, demand.post, demand.kind), 0))
        for managed in self.problem.managed:
            literals: list[Literal] = []
            held = False
            for person in self.problem.people:
                if person.rank < managed.rank:
                    continue
                place = (person.id, managed.day)
                if place in self.x:
                    literals += [lit for cell, lit in self.x[place].items() if managed.fits(cell)]
                else:
                    there = self.roster.get(place)
                    held = held or (there is not None and managed.fits(there))
            if held or any(each is True for each in literals):
                continue
            if not literals:
                self.constant += managed.weight
                continue
            nobody = self.cp.new_bool_var("")
            self._mark(managed, self.cp.add_bool_or([*literals, nobody]))
            self.price(managed.weight, nobody)

    def _cover(self, demand: Demand, fixed: int) -> None:
        literals = self.taking.get((demand.day, demand.post, demand.kind), [])
        need = demand.people - fixed
        if not literals:
            self.constant += max(0, need) * demand.under + max(0, -need) * demand.over
            return
        if need <= 0:
            self.constant += -need * demand.over
            for literal in literals:
                self.price(demand.over, literal)
            return
        under = self.cp.new_int_var(0, need, "")
        over = self.cp.new_int_var(0, max(0, len(literals) - need), "")
        self._mark((demand.day, demand.post, demand.kind), self.cp.add(sum(literals) + under - over == need))
        self.price(demand.under, under)
        self.price(demand.over, over)

    def minimise(self) -> None:
        """The objective."""
        from ortools.sat.python import cp_model

        self.cp.minimize(cp_model.LinearExpr.weighted_sum(self.terms, self.weights) + self.constant)

    def hint(self, roster: Roster) -> None:
        """A roster to begin with."""
        for place in self.free:
            held = roster.get(place)
            on = self.on.get(place)
            for cell, literal in self.x.get(place, {}).items():
                self.cp.add_hint(literal, cell == held)
            if on is not None and not isinstance(on, bool) and len(self.x[place]) > 1:
                self.cp.add_hint(on, held is not None)

    def read(self, value: Any) -> dict[Place, Cell]:
        """The roster of an answer; `value` gives a literal's."""
        found = {place: cell for place, cell in self.roster.items() if place not in self.free}
        for place in self.free:
            for cell, literal in self.x[place].items():
                if value(literal):
                    found[place] = cell
        return found
