"""Two planners without a solver, by the same measure: what the office does by hand, and a careful one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import cycle

from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.problem import Cell, Demand, Id, Person, Problem

Made = dict[tuple[Id, date], Cell]


def round_robin(problem: Problem) -> Made:
    """Seat after seat goes to the next of the list who is there and knows the post."""
    roster: Made = {}
    turn = cycle(problem.people)
    for demand in _in_order(problem):
        for _ in range(demand.people):
            for _ in problem.people:
                person = next(turn)
                if _could(roster, person, demand):
                    roster[person.id, demand.day] = (demand.post, demand.kind)
                    break
    return roster


def fair(problem: Problem) -> Made:
    """Every seat goes to whoever may take it, is rested, and had the fewest shifts of the kind, then of all."""
    roster: Made = {}
    had: Counter[tuple[Id, Id]] = Counter()
    shifts: Counter[Id] = Counter()
    soft = {rules.Rule.LEAST_MINUTES, rules.Rule.LEAST_IN_A_ROW, rules.Rule.LEAST_DAYS_OFF}
    for demand in _in_order(problem):
        cell = (demand.post, demand.kind)
        people = [person for person in problem.people if _could(roster, person, demand)]
        people.sort(key=lambda each: (shifts[each.id], had[each.id, demand.kind]))
        seats = demand.people
        for person in people:
            if not seats:
                break
            found = rules.against(problem, roster, {(person.id, demand.day): cell})
            if all(not one.hard or one.rule in soft for one in found):
                roster[person.id, demand.day] = cell
                had[person.id, demand.kind] += 1
                shifts[person.id] += 1
                seats -= 1
    return roster


def _in_order(problem: Problem) -> list[Demand]:
    return sorted(problem.demands, key=lambda each: each.day)


def _could(roster: Made, person: Person, demand: Demand) -> bool:
    return (
        (person.id, demand.day) not in roster
        and person.there(demand.day)
        and person.qualified(demand.post, demand.day)
    )
