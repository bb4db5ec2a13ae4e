"""The best roster that can be found in the time there is.

    answer = solve(problem, seconds=30, progress=report, stop=asked)

A first legal roster is built person by person (`first`). Small problems are then proven by CP-SAT as a whole. For
the others one thread chooses among whole rosters of everybody (`relaxation`), which says how good a roster could be
and finds one that is nearly so, while the other solves windows of people and days again (`windows`); in the end
both do. Seconds are of CPU on two cores, so a busy machine does as well as an idle one, only later. The same seed
searches the same way. Run it in a process of its own, never in a web request.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from portal.blueprints.duty.rosters.problem import Cell, Problem, Roster
from portal.blueprints.duty.rosters.solving.conflicts import JUDGED, Conflict, conflicts
from portal.blueprints.duty.rosters.solving.first import first
from portal.blueprints.duty.rosters.solving.frame import Place
from portal.blueprints.duty.rosters.solving.mending import mend
from portal.blueprints.duty.rosters.solving.model import Model
from portal.blueprints.duty.rosters.solving.search import WORKERS, Progress, Search
from portal.blueprints.duty.rosters.solving.windows import Windows

__all__ = ["JUDGED", "Answer", "Conflict", "conflicts", "repair", "solve"]

SMALL, LITTLE = 450, 250  # places that one worker tries to prove in the end; that both do at once
PROVING = 0.25  # of the time, how long they try at first
DIVES = 4  # whole rosters that are chosen one after the other
BEGINNING = 0.3  # of the time, how long the prices to begin with may take
CHOOSING = 0.55  # of the time, how long columns are looked for before one is chosen for everybody


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
    search = Search(problem, seconds, seed, progress, stop)
    stuck = first(search, start)
    if stuck:
        return Answer(None, seconds=search.spent(), conflicts=conflicts(problem, stuck))
    watch = threading.Thread(target=search.watch, daemon=True)
    watch.start()
    _improve(search)
    search.over = True
    watch.join()
    return Answer(search.best, search.objective, search.bound, search.spent())


def repair(problem: Problem, seconds: float, *, seed: int = 1) -> Answer:
    """DR-04: the published roster mended after somebody fell away, with as few changes as `change_weight` is worth.

    That is a matter of a second where the whole roster takes a minute.
    """
    search = Search(problem, seconds, seed)
    stuck = mend(search)
    if stuck:
        return Answer(None, seconds=search.spent(), conflicts=conflicts(problem, stuck))
    return Answer(search.best, search.objective, None, search.spent())


def _improve(search: Search) -> None:
    """Bound in one thread, windows in the other, until the time is over."""
    places = search.frame.open_places(search.problem.people)
    if not places:
        search.raised(search.objective)
    elif len(places) <= LITTLE:
        _whole(search, places, search.left() * PROVING, WORKERS)
    if search.ended():
        return
    chooser = threading.Thread(target=_choose, args=(search, places), daemon=True)
    chooser.start()
    Windows(search, 1).run()
    chooser.join()  # the linear program that gives the first prices cannot be told to stop: it has its own limit


def _whole(search: Search, places: list[Place], seconds: float, workers: int) -> None:
    """Everything at once, by CP-SAT."""
    from ortools.sat.python import cp_model

    model = Model(search.frame, search.problem.people, places, search.frame.settled)
    model.together()
    model.minimise()
    model.hint(search.best)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = search.seed
    solver.parameters.subsolvers.append("max_lp")
    solver.best_bound_callback = search.raised
    status = search.solved(solver, model, seconds, _telling(search, model))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        search.better(model.read(solver.boolean_value))
        search.raised(solver.best_objective_bound)


def _telling(search: Search, model: Model) -> Any:
    """Tells the search of what the whole model finds on its way."""
    from ortools.sat.python import cp_model

    class Callback(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            search.better(model.read(self.boolean_value))

    return Callback()


def _choose(search: Search, places: list[Place]) -> None:
    """Whole rosters for everybody: the bound, and from its prices a roster; then windows as well."""
    from portal.blueprints.duty.rosters.solving.relaxation import Over

    with suppress(Over):
        _choose_whole(search, places)
    if len(places) <= SMALL and not search.ended():
        _whole(search, places, search.left(), 1)
    Windows(search, 2).run()


def _choose_whole(search: Search, places: list[Place]) -> None:
    from portal.blueprints.duty.rosters.solving.linear import prices
    from portal.blueprints.duty.rosters.solving.relaxation import Relaxation, tables
    from portal.blueprints.duty.rosters.solving.ways import Ways

    ways = Ways(search.frame)
    found = tables(ways)
    if found is None:
        return
    relaxation = Relaxation(ways, found, search.ended, search.left)
    model = Model(search.frame, search.problem.people, places, search.frame.settled)
    model.together()
    model.minimise()
    relaxation.begin(prices(model, search.left() * BEGINNING), search.best)
    search.raised(relaxation.bound)
    if not relaxation.slow:
        relaxation.generate(search.raised, search.left() * CHOOSING)
        chance = random.Random(search.seed)  # noqa: S311 - a search, no secret
        for turn in range(DIVES):
            roster = None if search.ended() else relaxation.dive(chance if turn else None)
            if roster is None:
                break
            if search.legal(roster, search.problem.person):
                search.better(roster | search.frame.settled)
