"""A better roster by solving some days of some people again, with everything else left as it is.

Three ways to choose them, taken the more often the more they brought: some people whole, some days of some people,
and the surroundings of a seat that is short or over. A window grows while the solver proves its best, else shrinks.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date

from portal.blueprints.duty.rosters.cost import granted
from portal.blueprints.duty.rosters.problem import Id, Roster
from portal.blueprints.duty.rosters.solving.frame import Place
from portal.blueprints.duty.rosters.solving.model import Model
from portal.blueprints.duty.rosters.solving.search import Search

FIRST, LEAST = 110, 40  # places of a window
NARROW = 4  # days of a window at least
EFFORT = 0.4  # deterministic seconds for one window
WISHING = 0.5  # how often a wish counts as trouble although seats are short or over


@dataclass
class Window:
    """A way to choose what is solved again, and how much of it the solver manages."""

    name: str
    size: float = FIRST
    won: float = 1.0


class Windows:
    """One thread of windows."""

    def __init__(self, search: Search, number: int) -> None:
        self.search, self.problem, self.number = search, search.problem, number
        self.places = search.frame.open_places(self.problem.people)
        self.days = [day for day in self.problem.days if day not in self.problem.past]
        self.choice = random.Random(search.seed * 7 + number)  # noqa: S311 - a search, no secret

    def run(self) -> None:
        """Window after window until the search ends."""
        windows = [Window(name) for name in ("people", "days", "trouble")]
        turn = 0
        while not self.search.ended():
            turn += 1
            window = self.choice.choices(windows, [each.won for each in windows])[0]
            won, proven = self._solve(window, self.search.seed * 1000 + self.number * 500_000 + turn)
            window.won = max(0.1, 0.9 * window.won + (0.4 if won else 0.0))
            if proven:
                window.size = min(window.size * 1.15, float(len(self.places)))
            else:
                window.size = max(LEAST, window.size * 0.85)

    def _solve(self, window: Window, seed: int) -> tuple[bool, bool]:
        """Whether a window brought something, and whether there is no more in it."""
        from ortools.sat.python import cp_model

        search, base = self.search, self.search.best
        free = self._free(window, base)
        ids = {who for who, _ in free}
        people = [each for each in self.problem.people if each.id in ids]
        model = Model(search.frame, people, free, base, judged=False)
        model.together()
        model.minimise()
        model.hint(base)
        solver = search.solver(seed)
        solver.parameters.max_deterministic_time = EFFORT
        status = search.solved(solver, model, search.left())
        won = False
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            won = search.better(model.read(solver.boolean_value), set(free), base)
            if status == cp_model.OPTIMAL and len(free) == len(self.places):
                search.raised(solver.best_objective_bound)
        return won, bool(status == cp_model.OPTIMAL)

    # ------------------------------------------------------------ what is free

    def _free(self, window: Window, base: Roster) -> list[Place]:
        """The places that one window decides again."""
        if window.name == "people":
            some = self._related(round(window.size / len(self.days)))
            return [place for place in self.places if place[0] in some]
        if window.name == "trouble":
            return self._trouble(window, base)
        wide = max(NARROW, round(window.size / len(self.problem.people)))
        if wide >= len(self.days):
            return self.places
        first = self.choice.randrange(-wide // 2, len(self.days) - wide // 2)
        return self._cut(self.days[max(0, first) : first + wide], window, wide)

    def _cut(
        self, days: list[date], window: Window, wide: int, post: Id | None = None, who: Id | None = None
    ) -> list[Place]:
        few, some = set(days), self._related(round(window.size / wide), post, who)
        return [place for place in self.places if place[1] in few and place[0] in some]

    def _related(self, count: int, post: Id | None = None, who: Id | None = None) -> set[Id]:
        """Some people who could take each other's shifts: they share posts with one, picked by chance unless given."""
        people = self.problem.people
        one = self.problem.person.get(who) if who is not None else None
        one = one or self.choice.choice([each for each in people if post in each.posts] or people)
        near = {each.id: len(each.posts.keys() & one.posts.keys()) + self.choice.random() for each in people}
        near[one.id] = float("inf")
        return set(sorted(near, key=near.__getitem__, reverse=True)[: max(2, count)])

    def _trouble(self, window: Window, base: Roster) -> list[Place]:
        """Around a day that costs, a week or two: of its post where a seat is short or over, else of who wished."""
        there = Counter((day, *cell) for (_, day), cell in base.items())
        open_days = set(self.days)
        demands = [each for each in self.problem.demands if each.day in open_days]
        troubles: list[tuple[date, Id | None, Id | None]] = [
            (each.day, each.post, None)
            for each in demands
            if there[each.day, each.post, each.kind] != each.people
        ]
        if not troubles or self.choice.random() < WISHING:
            troubles += [
                (each.day, None, each.person)
                for each in self.problem.wishes
                if each.day in open_days and each.person in self.problem.person and not granted(each, base)
            ]
        day, post, who = self.choice.choice(troubles or [(self.choice.choice(self.days), None, None)])
        wide = min(len(self.days), self.choice.choice((7, 10, 14)))
        at = self.days.index(day)
        first = max(0, min(len(self.days) - wide, at - self.choice.randrange(wide)))
        return self._cut(self.days[first : first + wide], window, wide, post, who)
