"""The solver: legal always, as good as its bound says, and in words where no roster exists."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.blueprints.duty.rosters import labels, rules
from portal.blueprints.duty.rosters.cost import changed, cost
from portal.blueprints.duty.rosters.problem import Burden, Cell, Demand, Id, Managed, Person, Problem, Wish
from portal.blueprints.duty.rosters.rules import Rule
from portal.blueprints.duty.rosters.solving import solver
from tests.duty.rosters.making import DESK, DOOR, day, person, problem, works

FAIR = {Burden.NIGHTS: 3, Burden.WEEKENDS: 2, Burden.HOLIDAYS: 3}


def hard(asked: Problem, roster: Mapping[tuple[Id, date], Cell]) -> list[rules.Broken]:
    """The hard rules that a roster breaks."""
    return [one for one in rules.broken(asked, roster) if one.hard]


def solved(asked: Problem, **how: Any) -> solver.Answer:
    """An answer that is legal and costs what it says."""
    answer = solver.solve(asked, how.pop("seconds", 3), **how)
    assert answer.roster is not None
    assert hard(asked, answer.roster) == []
    assert answer.objective == cost(asked, answer.roster).total
    return answer


def test_an_office_of_five_is_solved_and_proven() -> None:
    people = [person(number, rank=2 if number == 0 else 0, least_days_off=2) for number in range(5)]
    wishes = (Wish(1, day(3), "E", True, 3), Wish(2, day(5), None, False, 2))
    asked = problem(*people, days=7, needs=1, managed=(Managed(day(2), 2),), wishes=wishes, fairness=FAIR)
    answer = solved(asked, seconds=20)
    assert answer.optimal
    assert cost(asked, answer.roster or {}).under == 0
    assert cost(asked, answer.roster or {}).managers == 0


def test_pins_and_the_past_stay_and_the_roster_before_goes_on() -> None:
    worked = works("L", 1) | {(2, day(-1)): (DESK, "N")}
    asked = problem(
        *(person(number) for number in range(1, 5)),
        days=6,
        needs=1,
        worked=worked,
        open_from=day(1),
        pinned={(3, day(2)): (DESK, "N"), (4, day(3)): None},
    )
    roster = solved(asked).roster or {}
    assert roster[1, day(0)] == (DESK, "L")
    assert (2, day(0)) not in roster
    assert roster[3, day(2)] == (DESK, "N")
    assert (4, day(3)) not in roster


def test_it_tells_how_it_goes_stops_when_asked_and_keeps_the_best() -> None:
    told: list[tuple[int, int | None]] = []
    asked = problem(*(person(number) for number in range(6)), days=14, needs=1, fairness=FAIR)
    answer = solved(
        asked, seconds=60, progress=lambda best, bound, _: told.append((best, bound)), stop=lambda: bool(told)
    )
    assert told
    assert answer.objective == min(best for best, _ in told)
    assert answer.seconds < 20


def test_it_begins_with_a_roster_that_is_given() -> None:
    asked = problem(person(1), person(2, least_days_off=2), days=5)
    start = works("EE") | works("L-L", 2)  # the second is not legal
    answer = solved(asked, start=start, stop=lambda: True)
    assert answer.roster is not None


CONFLICTS: list[tuple[Person, dict[str, Any], set[Rule]]] = [
    (
        person(least_minutes=1920, leave=frozenset(day(number) for number in range(5))),
        {},
        {Rule.LEAST_MINUTES, Rule.AWAY},
    ),
    (person(leave=frozenset({day(1)})), {"pinned": {(1, day(1)): (DESK, "E")}}, {Rule.AWAY, Rule.PINNED}),
    (
        person(),
        {"pinned": {(1, day(1)): (DESK, "L"), (1, day(2)): (DESK, "E")}},
        {Rule.REST, Rule.PINNED},
    ),
    (person(posts={DOOR: (None, None)}, least_minutes=480), {}, {Rule.UNQUALIFIED, Rule.LEAST_MINUTES}),
    (person(least_minutes=2400, most_minutes=2300), {}, {Rule.LEAST_MINUTES, Rule.MOST_MINUTES}),
    (
        person(least_minutes=8 * 480),
        {},
        {Rule.LEAST_MINUTES, Rule.MOST_IN_A_ROW},
    ),
]


@pytest.mark.clause("DR-21")
@pytest.mark.parametrize(("who", "more", "expected"), CONFLICTS, ids=[str(sorted(c[2])) for c in CONFLICTS])
def test_the_smallest_set_of_rules_in_conflict_is_named(
    who: Person, more: dict[str, Any], expected: set[Rule]
) -> None:
    asked = problem(who, person(2), days=8 if Rule.LEAST_MINUTES in expected else 14, **more)
    answer = solver.solve(asked, 3)
    assert answer.roster is None
    assert [(each.person, set(each.rules)) for each in answer.conflicts] == [(1, expected)]


@st.composite
def offices(draw: st.DrawFn) -> Problem:
    """A few people for ten days, with whatever limits."""
    days = 10
    number = st.integers(0, days - 1)
    people = [
        person(
            ident,
            posts=draw(
                st.sampled_from(
                    [
                        {DESK: (None, None)},
                        {DESK: (None, None), DOOR: (day(3), None)},
                        {DOOR: (None, day(6))},
                    ]
                )
            ),
            rank=draw(st.integers(0, 3)),
            least_minutes=draw(st.sampled_from([0, 480, 1440])),
            most_minutes=draw(st.sampled_from([None, 2400, 3360])),
            most_of_kind=draw(st.sampled_from([{}, {"N": 0}, {"N": 2}])),
            most_in_a_row=draw(st.integers(2, 6)),
            least_in_a_row=draw(st.integers(1, 2)),
            least_days_off=draw(st.integers(1, 3)),
            most_weekends=draw(st.sampled_from([None, 0, 1])),
            leave=frozenset(day(each) for each in draw(st.sets(number, max_size=3))),
            balance={Burden.NIGHTS: draw(st.integers(-2, 2))},
        )
        for ident in range(draw(st.integers(1, 4)))
    ]
    asked = problem(*people, days=days, leave_excuses=draw(st.booleans()), fairness=FAIR)
    demands = [
        Demand(day(at), post, kind, draw(st.integers(0, 2)), 50, 2)
        for at in range(days)
        for post in (DESK, DOOR)
        for kind in ("E", "L", "N")
    ]
    wishes = [
        Wish(
            draw(st.integers(0, len(people) - 1)),
            day(draw(number)),
            draw(st.sampled_from([None, "E", "N"])),
            wanted,
            2,
        )
        for wanted in (True, False)
    ]
    worked: dict[tuple[Id, date], Cell] = {
        (0, day(-back)): (DESK, "L") for back in draw(st.sets(st.integers(1, 4)))
    }
    return replace(
        asked, demands=tuple(demands), wishes=tuple(wishes), managed=(Managed(day(2), 2),), worked=worked
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(offices())
def test_no_answer_breaks_a_hard_rule_and_every_cost_is_the_recomputed_one(asked: Problem) -> None:
    answer = solver.solve(asked, 0.4)
    if answer.roster is None:
        assert answer.conflicts
        return
    assert hard(asked, answer.roster) == []
    found = cost(asked, answer.roster)
    assert answer.objective == found.total
    assert answer.bound is None or answer.bound <= found.total
    empty = sum(one.excess for one in rules.broken(asked, answer.roster) if one.rule is Rule.UNCOVERED)
    assert found.under == 50 * empty


@pytest.mark.clause("DR-21")
def test_a_roster_is_mended_after_an_illness_with_few_changes() -> None:
    people = [person(number, least_days_off=1) for number in range(10)]
    asked = problem(*people, days=14, needs=1, fairness=FAIR)
    roster = solved(asked, seconds=2).roster or {}
    sick = frozenset({day(4), day(5), day(6)})
    shifts = {place: cell for place, cell in roster.items() if place[0] == 3 and place[1] in sick}
    mended = replace(
        asked,
        people=tuple(replace(each, leave=sick) if each.id == 3 else each for each in people),
        worked={place: cell for place, cell in roster.items() if place[1] < day(4)},
        open_from=day(4),
        published=roster,
        change_weight=20,
    )
    answer = solver.repair(mended, 10)
    assert answer.roster is not None
    assert hard(mended, answer.roster) == []
    assert cost(mended, answer.roster).under == 0
    assert len(changed(mended, answer.roster)) <= 2 * len(shifts) + 2


def test_a_swap_is_checked_fast(record_property: Any) -> None:
    """Measured, and only far from its goal of a millisecond is it red: the machine may be busy."""
    people = [person(number) for number in range(60)]
    asked = problem(*people, days=31, needs=4)
    roster: dict[tuple[Id, date], Cell] = {}
    for number in range(60):
        roster |= works(("EEELL--" if number % 2 else "LLNN---") * 4, number)
    for number in range(1, 50):
        rules.against(asked, roster, rules.swap(roster, (0, day(0)), (number, day(0))) or {})
    began = time.process_time()
    for number in range(1, 60):
        change = rules.swap(roster, (0, day(0)), (number, day(0))) or {(0, day(0)): None}
        rules.against(asked, roster, change)
    each = (time.process_time() - began) / 59
    record_property("milliseconds", each * 1000)
    assert each < 0.02


@pytest.mark.clause("DR-21")
def test_a_conflict_reads_as_a_sentence(app: Any) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = labels.in_words("Wang", (Rule.MOST_MINUTES, Rule.LEAST_MINUTES))
    assert said == "No roster exists for Wang; these cannot all be kept: the most hours; the fewest hours."
    assert set(labels.DEMANDS) == set(solver.JUDGED)
