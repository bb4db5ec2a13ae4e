"""What every model of a roster looks up: wishes, burdens, successions, what is settled and what is open. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from portal.blueprints.duty.rosters.problem import Burden, Cell, Id, Person, Problem, Wish
from portal.blueprints.duty.rosters.rules import Rule

Place: TypeAlias = tuple[Id, date]
ALL_RULES = frozenset(Rule)


@dataclass(frozen=True)
class Frame:
    """What of a problem every model of it looks up."""

    problem: Problem

    @cached_property
    def wishes(self) -> dict[Place, list[Wish]]:
        """The wishes by person and day."""
        found: dict[Place, list[Wish]] = defaultdict(list)
        for wish in self.problem.wishes:
            found[wish.person, wish.day].append(wish)
        return found

    @cached_property
    def burdens(self) -> dict[tuple[date, Id], tuple[Burden, ...]]:
        """The burdens of a kind of shift on a day."""
        problem = self.problem
        kinds = [kind.id for kind in problem.kinds] if problem.fairness else []
        return {(day, kind): problem.burdens(day, kind) for day in problem.days for kind in kinds}

    @cached_property
    def followers(self) -> list[tuple[frozenset[Id], frozenset[Id]]]:
        """Cliques: kinds of one day, all of which forbid all of those kinds on the next."""
        after: dict[Id, set[Id]] = defaultdict(set)
        for one, other in self.problem.forbidden:
            after[one].add(other)
        sets = {frozenset(kinds) for kinds in after.values()}
        return [(frozenset(one for one, kinds in after.items() if kinds >= each), each) for each in sets]

    @cached_property
    def settled(self) -> dict[Place, Cell]:
        """What past and pinned days hold."""
        problem = self.problem
        found = {place: cell for place, cell in problem.worked.items() if place[1] in problem.past}
        found |= {
            place: cell
            for place, cell in problem.pinned.items()
            if cell is not None and place[1] not in problem.past
        }
        return found

    def open_places(self, people: Iterable[Person], pins: bool = True) -> list[Place]:
        """The days of people that the solver may decide."""
        problem = self.problem
        return [
            (person.id, day)
            for person in people
            for day in problem.days
            if day not in problem.past and not (pins and (person.id, day) in problem.pinned)
        ]

    def may(self, person: Person, day: date, enforced: Collection[Rule] = ALL_RULES) -> list[Cell]:
        """What somebody may work on a day."""
        return [
            cell
            for cell in self.problem.cells[day]
            if (Rule.AWAY not in enforced or person.free(day, cell[1]))
            and (Rule.UNQUALIFIED not in enforced or person.qualified(cell[0], day))
            and (Rule.MOST_OF_KIND not in enforced or person.most_of_kind.get(cell[1]) != 0)
        ]

    def excused(self, person: Person, day: date) -> bool:
        """Whether a day excuses the runs beside it from the two minima."""
        return not person.employed(day) or (self.problem.leave_excuses and day in person.leave)

    def price(self, place: Place, cell: Cell | None) -> int:
        """What a cell of somebody costs by itself: wishes that it does not grant, a change."""
        found = 0
        for wish in self.wishes.get(place, ()):
            meant = cell is not None and wish.kind in (None, cell[1])
            found += wish.weight * (meant != wish.wanted)
        old = self.problem.published
        if old is not None and old.get(place) != cell:
            found += self.problem.change_weight
        return found
