"""A person's cheapest roster: exactly the best of all that the rules allow, and bounds that no roster undercuts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest

from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import cost
from portal.blueprints.duty.rosters.problem import Burden, Cell, Id, Managed, Person, Problem, Roster, Wish
from portal.blueprints.duty.rosters.solving import first as beginning
from portal.blueprints.duty.rosters.solving import solver
from portal.blueprints.duty.rosters.solving.first import first
from portal.blueprints.duty.rosters.solving.frame import Frame
from portal.blueprints.duty.rosters.solving.pricing import NEVER, Table
from portal.blueprints.duty.rosters.solving.relaxation import Relaxation, tables
from portal.blueprints.duty.rosters.solving.search import Search
from portal.blueprints.duty.rosters.solving.ways import Ways
from tests.duty.rosters.making import DESK, EARLY, LATE, day, person, problem, works

WEEK = 7
FRIDAY = 4  # the first day of these rosters, so that a weekend lies within the week
LIMITS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"least_in_a_row": 2, "most_in_a_row": 3}, {}),
    ({"least_in_a_row": 3, "most_in_a_row": 2}, {}),
    ({"least_days_off": 2, "least_minutes": 4 * 480, "most_minutes": 5 * 480}, {}),
    ({"most_weekends": 0}, {}),
    ({"most_weekends": 1, "least_days_off": 3}, {"worked": works("LE--EE-", 1)}),
    ({"least_in_a_row": 3, "leave": frozenset({day(6)})}, {}),
    ({"least_in_a_row": 3, "least_days_off": 3, "leave": frozenset({day(6)})}, {"leave_excuses": False}),
    ({"most_of_kind": {"L": 0}, "joins_on": day(5)}, {}),
    ({"most_in_a_row": 2}, {"worked": works("--EE", 1), "open_from": day(4)}),
    ({}, {"pinned": {(1, day(6)): (DESK, "L"), (1, day(8)): None}}),
]


@pytest.mark.clause("DR-21")
@pytest.mark.parametrize(("limits", "more"), LIMITS)
def test_the_cheapest_path_is_the_best_of_all_rosters(limits: dict[str, Any], more: dict[str, Any]) -> None:
    asked = replace(
        problem(
            person(1, **limits),
            kinds=(EARLY, LATE),
            days=FRIDAY + WEEK,
            wishes=(Wish(1, day(7), "E", True, 9),),
        ),
        **{"open_from": None} | more,
    )
    days = asked.days[FRIDAY:]
    asked = replace(asked, days=days, demands=tuple(each for each in asked.demands if each.day in days))
    ways = Ways(Frame(asked))
    table = Table(ways, ways.limits(asked.people[0]), asked.people)
    chance = np.random.default_rng(1)
    prices = [
        np.where(base >= NEVER, NEVER, base + chance.integers(-9, 9, base.shape)) for base in table.base
    ]
    best, legal = NEVER, 0
    for letters in product("-EL", repeat=WEEK):
        roster: Roster = {(1, days[at]): (DESK, kind) for at, kind in enumerate(letters) if kind != "-"}
        if any(rules.of_person(asked, roster, asked.people[0])):
            continue
        legal += 1
        cells: list[Cell | None] = [roster.get((1, each)) for each in days]
        price = sum(
            int(table.off[at, 0] if cell is None else prices[at][0, table.cells[at].index(cell)])
            for at, cell in enumerate(cells)
        )
        best = min(best, price)
    found = table.run(prices, table.off)
    assert legal
    assert int(found.least[0]) == best
    (path,) = found.ways(0, 1)
    walked: Roster = {(1, each): cell for each, cell in zip(days, path, strict=True) if cell is not None}
    assert not any(rules.of_person(asked, walked, asked.people[0]))


def office() -> Problem:
    """Six people for two weeks, with all that is priced."""
    people = [
        person(
            number, rank=number % 3, least_minutes=960, most_of_kind={"N": 3}, leave=frozenset({day(number)})
        )
        for number in range(6)
    ]
    chance = random.Random(1)
    wishes = tuple(Wish(chance.randrange(6), day(chance.randrange(14)), None, False, 2) for _ in range(12))
    fair = {Burden.NIGHTS: 3, Burden.WEEKENDS: 2, Burden.HOLIDAYS: 3}
    worked: dict[tuple[Id, date], Cell] = works("EE", 1) | works("-N", 2)
    return problem(
        *people,
        needs=1,
        wishes=wishes,
        fairness=fair,
        managed=(Managed(day(3), 2),),
        worked=worked,
        open_from=day(2),
    )


def test_no_prices_give_a_bound_above_a_roster_and_a_dive_is_legal() -> None:
    asked = office()
    search = Search(asked, 60)
    assert first(search, None) == []
    ways = Ways(search.frame)
    relaxation = Relaxation(ways, tables(ways) or [], lambda: False, lambda: 60.0)
    best = solver.solve(asked, 1.5).objective or 0
    chance = np.random.default_rng(1)
    for wide in (1, 10, 100):
        prices = chance.normal(0, wide, len(relaxation.center))
        assert relaxation._cheapest(prices, 1)[0] <= best
    relaxation.begin({}, search.best)
    relaxation.generate(lambda bound: None, 30)
    assert relaxation.bound <= best
    roster = relaxation.dive()
    assert roster is not None
    roster |= search.frame.settled
    assert not any(one.hard for one in rules.broken(asked, roster))
    assert cost(asked, roster).total >= best


@pytest.mark.clause("DR-21")
def test_a_long_first_roster_is_legal_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning, "LONG", 0)
    some: list[Person] = [
        person(number, most_weekends=2, least_minutes=10 * 480, most_minutes=14 * 480, most_of_kind={"L": 4})
        for number in range(3)
    ]
    search = Search(problem(*some, days=28, needs=1), 60)
    assert first(search, None) == []
    assert not any(one.hard for one in rules.broken(search.problem, search.best))
