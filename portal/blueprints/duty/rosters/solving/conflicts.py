"""Those for whom no roster exists, each with the smallest set of rules that forbid it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.blueprints.duty.rosters.problem import Id, Person, Problem
from portal.blueprints.duty.rosters.rules import Rule
from portal.blueprints.duty.rosters.solving.frame import Frame
from portal.blueprints.duty.rosters.solving.model import Model


@dataclass(frozen=True)
class Conflict:
    """Somebody for whom no roster exists, and the smallest set of rules that forbid it: without any, one would."""

    person: Id
    rules: tuple[Rule, ...]


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
