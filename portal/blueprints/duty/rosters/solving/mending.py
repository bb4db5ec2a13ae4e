"""A published roster mended after somebody fell away, with as few changes as can be (DR-04)."""

from __future__ import annotations

from portal.blueprints.duty.rosters.problem import Person
from portal.blueprints.duty.rosters.solving.model import Model
from portal.blueprints.duty.rosters.solving.search import Search


def mend(search: Search) -> list[Person]:
    """Solve the days around what fell away; those who have no roster any more, if any.

    Only the days that somebody leaves empty are decided again, with one on either side, and all the days of whom
    the gap itself brings against a rule.
    """
    from ortools.sat.python import cp_model

    problem, frame = search.problem, search.frame
    old = problem.published or {}
    person = problem.person
    kept = {place: cell for place, cell in old.items() if place[0] in person and place[1] not in problem.past}
    gone = {place for place, cell in kept.items() if not person[place[0]].free(place[1], cell[1])}
    base = {place: cell for place, cell in kept.items() if place not in gone} | frame.settled
    around = {problem.days.index(day) + step for _, day in gone for step in (-1, 0, 1)}
    days = {problem.days[at] for at in around if 0 <= at < len(problem.days)}
    hurt = [each for each in problem.people if not search.legal(base, [each.id])]
    whole = {each.id for each in hurt}
    free = [place for place in frame.open_places(problem.people) if place[0] in whole or place[1] in days]
    model = Model(frame, problem.people, free, base, judged=False)
    model.together()
    model.minimise()
    model.hint(base)
    solver = search.solver(search.seed)
    if search.solved(solver, model, search.limit) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hurt or list(problem.people)
    search.begin(model.read(solver.boolean_value))
    return []
