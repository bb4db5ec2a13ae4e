"""The best roster that can be found in the time there is: OR-Tools CP-SAT whole, and window by window.

    answer = solve(problem, seconds=30, progress=report, stop=asked)

A first legal roster is built a few people at a time. Then one thread proves how good a roster could be (the bound:
first by the linear relaxation, then by CP-SAT until that rises no more) while the other solves windows of people
and days again, each time keeping the better roster; small problems are first given to CP-SAT with both. Seconds are
of CPU on two cores, so a busy machine does as well as an idle one, only later. The same seed searches the same way.
Run it in a process of its own, never in a web request.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import cost
from portal.blueprints.duty.rosters.model import Frame, Model, Place
from portal.blueprints.duty.rosters.problem import Cell, Id, Person, Problem, Roster
from portal.blueprints.duty.rosters.relaxation import linear_bound
from portal.blueprints.duty.rosters.rules import Rule

WORKERS = 2
BUSY = 0.92  # of two cores, what the search uses of an idle machine
PATIENCE = 5  # times the seconds, by the clock on the wall, that it waits for a busy machine
AT_ONCE = 250  # free places that the first roster decides in one go
Progress = Callable[[int, int | None, float], None]


@dataclass(frozen=True)
class Conflict:
    """Somebody for whom no roster exists, and the smallest set of rules that forbid it: without any, one would."""

    person: Id
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Answer:
    """The best roster found; None when somebody's rules contradict each other, which `conflicts` names."""

    roster: dict[Place, Cell] | None
    objective: int | None = None
    bound: int | None = None
    seconds: float = 0.0
    conflicts: tuple[Conflict, ...] = ()

    @property
    def optimal(self) -> bool:
        """Proven: nothing better exists."""
        return self.roster is not None and self.objective == self.bound


def solve(
    problem: Problem,
    seconds: float,
    *,
    seed: int = 1,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    start: Roster | None = None,
) -> Answer:
    """The best roster within that time; `stop` ends it earlier and keeps the best, `start` is one to begin with."""
    search = _Search(problem, seconds, seed, progress, stop)
    found, stuck = search.first(start)
    if found is None:
        return Answer(None, seconds=search.spent(), conflicts=conflicts(problem, stuck))
    search.improve()
    return Answer(search.best, search.objective, search.bound, search.spent())


def repair(problem: Problem, seconds: float, *, seed: int = 1) -> Answer:
    """DR-04: the published roster mended after somebody fell away, with as few changes as `change_weight` is worth.

    Only the days that somebody leaves empty are decided again, with one on either side, and all the days of whom
    the gap itself brings against a rule; that is a matter of a second where the whole roster takes a minute.
    """
    search = _Search(problem, seconds, seed, None, None)
    stuck = search.mend()
    if stuck:
        return Answer(None, seconds=search.spent(), conflicts=conflicts(problem, stuck))
    return Answer(search.best, search.objective, None, search.spent())


def conflicts(problem: Problem, people: Iterable[Person] | None = None) -> tuple[Conflict, ...]:
    """Those who have no roster even alone, each with a smallest set of rules in conflict (a deletion filter)."""
    frame = Frame(problem)
    found = []
    for person in people if people is not None else problem.people:
        if _possible(frame, person, JUDGED):
            continue
        needed = list(JUDGED)
        for rule in JUDGED:
            fewer = [each for each in needed if each is not rule]
            if not _possible(frame, person, fewer):
                needed = fewer
        found.append(Conflict(person.id, tuple(needed)))
    return tuple(found)


# Those that can go first, so that what remains names what the office can change.
JUDGED = (
    Rule.MOST_OF_KIND,
    Rule.MOST_WEEKENDS,
    Rule.LEAST_DAYS_OFF,
    Rule.LEAST_IN_A_ROW,
    Rule.MOST_IN_A_ROW,
    Rule.REST,
    Rule.UNQUALIFIED,
    Rule.MOST_MINUTES,
    Rule.LEAST_MINUTES,
    Rule.AWAY,
    Rule.PINNED,
)


def _possible(frame: Frame, person: Person, enforced: Sequence[Rule]) -> bool:
    from ortools.sat.python import cp_model

    pins = Rule.PINNED in enforced
    free = frame.open_places([person], pins)
    model = Model(frame, [person], free, frame.settled, enforced=enforced)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return bool(solver.solve(model.cp) in (cp_model.OPTIMAL, cp_model.FEASIBLE))


@dataclass
class _Window:
    """A way to choose what is solved again, and how much of it the solver manages."""

    name: str
    size: float
    won: float = 1.0


@dataclass
class _Search:
    problem: Problem
    limit: float
    seed: int
    progress: Progress | None
    stop: Callable[[], bool] | None
    best: dict[Place, Cell] = field(default_factory=dict)
    objective: int = 0
    bound: int | None = None
    over: bool = False
    prover: Any = None  # the solver that works on the bound alone
    relaxing: bool = False
    risen: float = 0.0  # when the bound rose last

    def __post_init__(self) -> None:
        self.frame = Frame(self.problem)
        self.lock = threading.Lock()
        self.cpu, self.wall = time.process_time(), time.monotonic()
        self.running: set[Any] = set()  # solvers that are told when the time is over

    # ------------------------------------------------------------ time

    def spent(self) -> float:
        """Seconds of two cores, or of the wall where that is more than a busy machine explains."""
        return (time.process_time() - self.cpu) / WORKERS

    def left(self) -> float:
        """Seconds that remain."""
        waited = time.monotonic() - self.wall
        if waited > PATIENCE * self.limit:
            return 0.0
        return self.limit - max(self.spent() / BUSY, waited / PATIENCE)

    def ended(self) -> bool:
        """Out of time, told to stop, or proven."""
        if not self.over and (
            self.left() <= 0
            or (self.stop is not None and self.stop())
            or (self.bound is not None and self.bound >= self.objective)
        ):
            self.over = True
        return self.over

    def _watch(self) -> None:
        while not self.ended():
            time.sleep(0.05)
            self._give_up_proving()
        with self.lock:
            for solver in self.running:
                solver.stop_search()

    def _give_up_proving(self) -> None:
        """A bound that has not risen for long is good enough: the second thread finds better rosters instead."""
        with self.lock:
            if self.prover is not None and self.spent() - self.risen > max(2.0, STALLED * self.limit):
                self.prover.stop_search()
                self.prover = None

    def _report(self) -> None:
        if self.progress is not None:
            self.progress(self.objective, self.bound, self.spent())

    # ------------------------------------------------------------ the first legal roster

    def first(self, start: Roster | None) -> tuple[Roster | None, list[Person]]:
        """A legal roster, some people at a time; or those among whom somebody has none."""
        from ortools.sat.python import cp_model

        roster = dict(self.frame.settled)
        places = max(1, len(self.problem.days) - len(self.problem.past))
        size = max(1, AT_ONCE // places)
        people = sorted(self.problem.people, key=lambda each: len(each.posts))
        kept = self._kept(start) if start is not None else {}
        for at in range(0, len(people), size):
            some = people[at : at + size]
            legal = [each for each in some if each.id in kept]
            for each in legal:
                roster.update(kept[each.id])
            some = [each for each in some if each.id not in kept]
            if not some:
                continue
            model = Model(self.frame, some, self.frame.open_places(some), roster)
            model.together()
            model.minimise()
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.linearization_level = STRONG
            solver.parameters.cp_model_probing_level = 0
            solver.parameters.symmetry_level = 0
            solver.parameters.random_seed = self.seed
            solver.parameters.max_deterministic_time = min(0.3, FIRST * size / len(people))
            status = solver.solve(model.cp)
            if status == cp_model.UNKNOWN:
                solver.parameters.max_deterministic_time = 1e6
                solver.parameters.stop_after_first_solution = True
                status = solver.solve(model.cp)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return None, some
            roster = model.read(solver.boolean_value)
        self.best, self.objective = roster, cost(self.problem, roster).total
        self._report()
        return roster, []

    def _kept(self, start: Roster) -> dict[Id, dict[Place, Cell]]:
        """What of a given roster is legal, person by person."""
        mine: dict[Id, dict[Place, Cell]] = defaultdict(dict)
        for place, cell in start.items():
            mine[place[0]][place] = cell
        return {
            person.id: mine[person.id]
            for person in self.problem.people
            if not any(rules.of_person(self.problem, mine[person.id], person))
        }

    def mend(self) -> list[Person]:
        """Solve the days around what fell away; those who have no roster any more, if any."""
        from ortools.sat.python import cp_model

        problem = self.problem
        old = problem.published or {}
        person = problem.person
        kept = {
            place: cell for place, cell in old.items() if place[0] in person and place[1] not in problem.past
        }
        gone = {place for place, cell in kept.items() if not person[place[0]].free(place[1], cell[1])}
        base = {place: cell for place, cell in kept.items() if place not in gone} | self.frame.settled
        around = {problem.days.index(day) + step for _, day in gone for step in (-1, 0, 1)}
        days = {problem.days[at] for at in around if 0 <= at < len(problem.days)}
        hurt = [
            each
            for each in problem.people
            if any(one.hard for one in rules.of_person(problem, _of(base, each.id), each))
        ]
        whole = {each.id for each in hurt}
        free = [
            place for place in self.frame.open_places(problem.people) if place[0] in whole or place[1] in days
        ]
        model = Model(self.frame, problem.people, free, base, judged=False)
        model.together()
        model.minimise()
        model.hint(base)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = STRONG
        solver.parameters.random_seed = self.seed
        if self._solved(solver, model, self.limit) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return hurt or list(problem.people)
        self.best = model.read(solver.boolean_value)
        self.objective = cost(problem, self.best).total
        return []

    # ------------------------------------------------------------ better ones

    def improve(self) -> None:
        """Bound in one thread, windows in the other, until the time is over."""
        watch = threading.Thread(target=self._watch, daemon=True)
        watch.start()
        people = self.problem.people
        places = self.frame.open_places(people)
        if not places:
            self._raise_bound(self.objective)
        elif len(places) <= SMALL:
            self._whole(places, min(self.left(), max(10.0, self.limit / 2)), WORKERS)
        if not self.ended():
            threads = [
                threading.Thread(target=self._prove, args=(places,), daemon=True),
                threading.Thread(target=self._windows, args=(places, 1), daemon=True),
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                # The relaxation cannot be told to stop; it is left to its own limit.
                while thread.is_alive() and not (self.over and self.relaxing):
                    thread.join(0.1)
        self.over = True
        watch.join()

    def _prove(self, places: list[Place]) -> None:
        model = Model(self.frame, self.problem.people, places, self.frame.settled)
        model.together()
        model.minimise()
        self.relaxing = True
        least = linear_bound(model.cp, self.left() * RELAXING)
        self.relaxing = False
        if least is not None:
            self._raise_bound(_up(least))
        self._whole(places, self.left() * PROVING, 1)
        if not self.ended():
            self._windows(places, 2)

    def _whole(self, places: list[Place], seconds: float, workers: int) -> None:
        from ortools.sat.python import cp_model

        model = Model(self.frame, self.problem.people, places, self.frame.settled)
        model.together()
        model.minimise()
        model.hint(self.best)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = self.seed
        solver.parameters.subsolvers.append("max_lp")
        solver.best_bound_callback = lambda bound: self._raise_bound(_up(bound))
        if workers == 1:
            self.prover, self.risen = solver, self.spent()
        found = _Found(self, model)
        status = self._solved(solver, model, seconds, found.callback())
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self._better(model.read(solver.boolean_value))
            self._raise_bound(_up(solver.best_objective_bound))

    def _solved(self, solver: Any, model: Model, seconds: float, callback: Any = None) -> Any:
        from ortools.sat.python import cp_model

        solver.parameters.max_time_in_seconds = max(0.02, seconds * PATIENCE)
        with self.lock:
            if self.over:
                return cp_model.UNKNOWN
            self.running.add(solver)
        try:
            return solver.solve(model.cp, callback)
        finally:
            with self.lock:
                self.running.discard(solver)

    def _raise_bound(self, bound: int) -> None:
        if self.bound is None or bound > self.bound:
            if self.bound is None or bound >= self.bound + max(1, self.bound // 1000):
                self.risen = self.spent()
            self.bound = min(bound, self.objective)
            self._report()

    def _better(
        self, roster: dict[Place, Cell], free: set[Place] | None = None, base: Roster | None = None
    ) -> bool:
        """Keep a roster if it is better; one window's answer is laid over what the other thread found meanwhile."""
        with self.lock:
            if free is not None and base is not self.best:
                mended = {place: cell for place, cell in self.best.items() if place not in free}
                mended |= {place: cell for place, cell in roster.items() if place in free}
                ids = {who for who, _ in free}
                if any(
                    one.hard
                    for who in ids
                    for one in rules.of_person(self.problem, mended, self.problem.person[who])
                ):
                    return False
                roster = mended
            total = cost(self.problem, roster).total
            improved = total < self.objective
            if total <= self.objective:
                self.best, self.objective = roster, total
        if improved:
            self._report()
        return improved

    # ------------------------------------------------------------ windows

    def _windows(self, places: list[Place], number: int) -> None:
        from ortools.sat.python import cp_model

        choice = random.Random(self.seed * 7 + number)  # noqa: S311 - a search, no secret
        windows = [_Window(name, 110) for name in ("people", "days", "trouble")]
        turn = 0
        while not self.ended():
            turn += 1
            base = self.best
            window = choice.choices(windows, [each.won for each in windows])[0]
            free = self._free(window, base, places, choice)
            if not free:
                continue
            ids = {who for who, _ in free}
            people = [each for each in self.problem.people if each.id in ids]
            model = Model(self.frame, people, free, base, judged=False)
            model.together()
            model.minimise()
            model.hint(base)
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.linearization_level = STRONG
            solver.parameters.random_seed = self.seed * 1000 + turn
            solver.parameters.max_deterministic_time = EFFORT
            status = self._solved(solver, model, self.left())
            won = False
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                won = self._better(model.read(solver.boolean_value), set(free), base)
                if status == cp_model.OPTIMAL and len(free) == len(places):
                    self._raise_bound(_up(solver.best_objective_bound))
            window.won = max(0.1, 0.9 * window.won + (0.4 if won else 0.0))
            if status == cp_model.OPTIMAL:
                window.size = min(window.size * 1.15, float(len(places)))
            else:
                window.size = max(40.0, window.size * 0.85)

    def _free(self, window: _Window, base: Roster, places: list[Place], choice: random.Random) -> list[Place]:
        """The places that one window decides again."""
        problem = self.problem
        days = [day for day in problem.days if day not in problem.past]
        if window.name == "people":
            count = max(2, round(window.size / len(days)))
            some = self._related(count, choice)
            return [place for place in places if place[0] in some]
        if window.name == "days":
            wide = max(NARROW, round(window.size / len(problem.people)))
            if wide >= len(days):
                return places
            first = choice.randrange(-wide // 2, len(days) - wide // 2)
            few = set(days[max(0, first) : first + wide])
            some = self._related(round(window.size / wide), choice)
            return [place for place in places if place[1] in few and place[0] in some]
        return self._trouble(window, base, places, days, choice)

    def _related(self, count: int, choice: random.Random, post: Id | None = None) -> set[Id]:
        """Some people who could take each other's shifts: they share posts with one of them, who is picked by chance."""
        people = self.problem.people
        one = choice.choice([each for each in people if post in each.posts] or people)
        near = {each.id: len(each.posts.keys() & one.posts.keys()) + choice.random() for each in people}
        near[one.id] = float("inf")
        return set(sorted(near, key=near.__getitem__, reverse=True)[: max(2, count)])

    def _trouble(
        self, window: _Window, base: Roster, places: list[Place], days: list[date], choice: random.Random
    ) -> list[Place]:
        """Around a day that costs: half the people for a week or two."""
        problem = self.problem
        open_days = set(days)
        counts: dict[tuple[date, Id, Id], int] = defaultdict(int)
        for (_, day), cell in base.items():
            counts[(day, *cell)] += 1
        short = [
            each
            for each in problem.demands
            if each.day in open_days and counts[each.day, each.post, each.kind] != each.people
        ]
        worst = choice.choice(short or problem.demands) if problem.demands else None
        day = worst.day if worst is not None and worst.day in open_days else choice.choice(days)
        wide = min(len(days), choice.choice((7, 10, 14)))
        at = days.index(day)
        first = max(0, min(len(days) - wide, at - choice.randrange(wide)))
        few = set(days[first : first + wide])
        some = self._related(round(window.size / wide), choice, worst.post if worst is not None else None)
        return [place for place in places if place[0] in some and place[1] in few]


SMALL = 450  # places that both workers try to prove at once
RELAXING = 0.35  # of the time, how long the linear relaxation may take
PROVING = 0.5  # of the time, how long one thread proves at most before it joins the other
STALLED = 0.08  # of the time, after which a bound that has not risen is left as it is
NARROW = 4  # days of a window at least
STRONG = 2  # the whole linear relaxation: a window is proven four times as fast with it
FIRST = 0.7  # deterministic seconds for the first roster
EFFORT = 0.4  # deterministic seconds for one window


def _of(roster: Roster, person: Id) -> dict[Place, Cell]:
    return {place: cell for place, cell in roster.items() if place[0] == person}


def _up(bound: float) -> int:
    """The bound as a whole number."""
    return math.ceil(bound - 1e-4)


class _Found:
    """Tells the search of what the whole model finds on its way."""

    def __init__(self, search: _Search, model: Model) -> None:
        self.search, self.model = search, model

    def callback(self) -> Any:
        """For CP-SAT."""
        from ortools.sat.python import cp_model

        search, model = self.search, self.model

        class Callback(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                search._better(model.read(self.boolean_value))

        return Callback()
