"""What a roster costs, computed from its shifts alone; the solver minimises this. Pure.

cost(problem, roster).total      the objective
cost(problem, roster).under ...  its parts
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date

from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.problem import (
    Burden,
    Id,
    Problem,
    Roster,
    Wish,
)


@dataclass(frozen=True)
class Cost:
    """The price of a roster, part by part; none of them is a hard rule."""

    under: int = 0  # DR-01: seats without anybody
    over: int = 0
    managers: int = 0  # DR-06
    wishes: int = 0
    fairness: int = 0
    changes: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return sum(getattr(self, part.name) for part in fields(self))


def cost(problem: Problem, roster: Roster) -> Cost:
    """What the roster costs."""
    seats: Counter[tuple[date, Id, Id]] = Counter((day, *cell) for (_, day), cell in roster.items())
    missing = [(each, each.people - seats[each.day, each.post, each.kind]) for each in problem.demands]
    return Cost(
        under=sum(each.under * max(0, short) for each, short in missing),
        over=sum(each.over * max(0, -short) for each, short in missing),
        managers=sum(each.weight for each in problem.managed if any(rules.no_manager(problem, roster, each))),
        wishes=sum(wish.weight for wish in problem.wishes if not granted(wish, roster)),
        fairness=_fairness(problem, roster),
        changes=problem.change_weight * len(changed(problem, roster)),
    )


def granted(wish: Wish, roster: Roster) -> bool:
    """Whether a wish is fulfilled."""
    cell = roster.get((wish.person, wish.day))
    meant = cell is not None and wish.kind in (None, cell[1])
    return meant == wish.wanted


def changed(problem: Problem, roster: Roster) -> set[tuple[Id, date]]:
    """Whose days differ from the published roster, when there is one."""
    old = problem.published
    if old is None:
        return set()
    return {place for place in old.keys() | roster.keys() if old.get(place) != roster.get(place)}


def _fairness(problem: Problem, roster: Roster) -> int:
    if not problem.fairness:
        return 0
    had: Counter[tuple[Id, Burden]] = Counter(
        (who, burden) for (who, day), cell in roster.items() for burden in problem.burdens(day, cell[1])
    )
    return sum(
        problem.fairness[burden] * max(low - had[who, burden], had[who, burden] - high, 0)
        for (who, burden), (low, high) in problem.bands.items()
    )
