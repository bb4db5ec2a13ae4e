"""What every way to search shares: the time, the best roster and the best bound so far, and who is told of them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import cost
from portal.blueprints.duty.rosters.problem import Cell, Id, Problem, Roster
from portal.blueprints.duty.rosters.solving.frame import Frame, Place
from portal.blueprints.duty.rosters.solving.model import Model

WORKERS = 2
BUSY = 0.92  # of two cores, what the search uses of an idle machine
PATIENCE = 5  # times the seconds, by the clock on the wall, that it waits for a busy machine
STRONG = 2  # the whole linear relaxation: a window is proven four times as fast with it
Progress = Callable[[int, int | None, float], None]


class Search:
    """One search for the best roster of a problem; several threads may work at it."""

    def __init__(
        self,
        problem: Problem,
        seconds: float,
        seed: int = 1,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self.problem, self.limit, self.seed, self.progress, self.stop = problem, seconds, seed, progress, stop
        self.frame = Frame(problem)
        self.best: dict[Place, Cell] = {}
        self.objective = 0
        self.bound: int | None = None
        self.over = False
        self.lock = threading.Lock()
        self.cpu, self.wall = time.process_time(), time.monotonic()
        self.running: set[Any] = set()  # solvers that are told when the time is over

    # ------------------------------------------------------------ time

    def spent(self) -> float:
        """Seconds of two cores."""
        return (time.process_time() - self.cpu) / WORKERS

    def left(self) -> float:
        """Seconds that remain."""
        waited = time.monotonic() - self.wall
        if waited > PATIENCE * self.limit:
            return 0.0
        return self.limit - max(self.spent() / BUSY, waited / PATIENCE)

    def ended(self) -> bool:
        """Out of time, told to stop, or proven."""
        if self.stop is not None and self.stop():
            self.over = True
        return self.over or self.left() <= 0 or (self.bound is not None and self.objective <= self.bound)

    def watch(self) -> None:
        """Tell the solvers that run when the time is over; in a thread of its own."""
        while not self.over:
            time.sleep(0.05)
            if self.ended():
                with self.lock:
                    self.over = True
                    for solver in self.running:
                        solver.stop_search()

    # ------------------------------------------------------------ what is found

    def begin(self, roster: dict[Place, Cell]) -> None:
        """The first legal roster."""
        self.best, self.objective = roster, cost(self.problem, roster).total
        self._report()
        self.raised(0)  # nothing has a price below nothing

    def raised(self, bound: float) -> None:
        """No roster costs less than that."""
        if math.isinf(bound):
            return
        whole = min(math.ceil(bound - 1e-4), self.objective)
        if self.bound is None or whole > self.bound:
            self.bound = whole
            self._report()

    def better(
        self, roster: dict[Place, Cell], free: set[Place] | None = None, base: Roster | None = None
    ) -> bool:
        """Keep a roster if it is better; an answer for some places is laid over what was found meanwhile."""
        with self.lock:
            if free is not None and base is not self.best:
                mended = {place: cell for place, cell in self.best.items() if place not in free}
                mended |= {place: cell for place, cell in roster.items() if place in free}
                if not self.legal(mended, {who for who, _ in free}):
                    return False
                roster = mended
            total = cost(self.problem, roster).total
            improved = total < self.objective
            if total <= self.objective:
                self.best, self.objective = roster, total
        if improved:
            self._report()
        return improved

    def legal(self, roster: Roster, people: Iterable[Id]) -> bool:
        """Whether those people keep every rule."""
        person = self.problem.person
        return not any(
            one.hard for who in people for one in rules.of_person(self.problem, roster, person[who])
        )

    def _report(self) -> None:
        if self.progress is not None:
            self.progress(self.objective, self.bound, self.spent())

    # ------------------------------------------------------------ CP-SAT

    def solver(self, seed: int) -> Any:
        """CP-SAT with one worker and the whole linear relaxation."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = STRONG
        solver.parameters.random_seed = seed
        return solver

    def solved(self, solver: Any, model: Model, seconds: float, callback: Any = None) -> Any:
        """The status after so many seconds at most; also when the time is over or somebody asks to stop."""
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
