"""Every rule of a roster: where it bites, where it does not, and what a change may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.problem import (
    Cell,
    Change,
    Id,
    Managed,
    Person,
    Problem,
    Roster,
    minutes_over,
)
from portal.blueprints.duty.rosters.rules import Rule
from tests.duty.rosters.making import DESK, DOOR, LATE, MONDAY, NIGHT, day, person, problem, works


def hard(given: Problem, roster: Roster) -> list[tuple[Rule, date | None]]:
    """The hard rules that are broken, and from when."""
    return [(one.rule, one.day) for one in rules.broken(given, roster) if one.hard]


CASES: list[tuple[str, dict[str, Any], str, list[tuple[Rule, int | None]]]] = [
    ("five days", {}, "EEEEE--", []),
    ("seven in a row", {}, "EEEEEEE", [(Rule.MOST_IN_A_ROW, 0)]),
    ("late, then early", {}, "LE", [(Rule.REST, 1)]),
    ("night, then late: eight hours", {}, "NL", [(Rule.REST, 1)]),
    ("night after night", {}, "NN", []),
    ("early, then night", {}, "EN", []),
    ("a single day of work", {"least_in_a_row": 2}, "E-E-EE", [(Rule.LEAST_IN_A_ROW, 2)]),
    ("at the begin it may be the end of a run", {"least_in_a_row": 2}, "E--EE", []),
    ("a single day off", {"least_days_off": 2}, "EE-EE", [(Rule.LEAST_DAYS_OFF, 2)]),
    ("leave excuses it", {"least_days_off": 2, "leave": frozenset({day(2)})}, "EE-EE", []),
    ("at the end it may go on", {"least_in_a_row": 2}, "EE-----------E", []),
    ("work cut by joining", {"least_in_a_row": 3, "joins_on": day(2)}, "--EE----------", []),
    ("work cut by leave", {"least_in_a_row": 3, "leave": frozenset({day(4)})}, "--EE----------", []),
    ("on leave", {"leave": frozenset({day(1)})}, "EEE", [(Rule.AWAY, 1)]),
    ("before joining", {"joins_on": day(1)}, "EEE", [(Rule.AWAY, 0)]),
    ("after leaving", {"leaves_on": day(1)}, "EEE", [(Rule.AWAY, 2)]),
    ("not yet qualified", {"posts": {DESK: (day(1), None)}}, "EE", [(Rule.UNQUALIFIED, 0)]),
    ("no longer qualified", {"posts": {DESK: (None, day(0))}}, "EE", [(Rule.UNQUALIFIED, 1)]),
    ("another post", {"posts": {DOOR: (None, None)}}, "E", [(Rule.UNQUALIFIED, 0)]),
    ("never at night", {"most_of_kind": {"N": 0}}, "EN", [(Rule.MOST_OF_KIND, None)]),
    ("too long", {"most_minutes": 960}, "EEE", [(Rule.MOST_MINUTES, None)]),
    ("too short", {"least_minutes": 960}, "E", [(Rule.LEAST_MINUTES, None)]),
    ("just enough", {"least_minutes": 960, "most_minutes": 960}, "EE", []),
    ("both weekends", {"most_weekends": 1}, "-----E------E-", [(Rule.MOST_WEEKENDS, None)]),
    ("one weekend, both days", {"most_weekends": 1}, "-----EE", []),
]


@pytest.mark.clause("DR-21")
@pytest.mark.parametrize(
    ("limits", "letters", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_what_one_person_may_work(
    limits: dict[str, Any], letters: str, expected: list[tuple[Rule, int | None]]
) -> None:
    found = hard(problem(person(**limits)), works(letters))
    assert found == [(rule, None if at is None else day(at)) for rule, at in expected]


@pytest.mark.clause("DR-21")
def test_the_roster_goes_on_from_the_one_before_it() -> None:
    worked = {(1, day(-number)): (DESK, "E") for number in range(1, 6)} | {(1, day(-1)): (DESK, "L")}
    given = problem(person(least_days_off=2), worked=worked)
    assert hard(given, works("EE")) == [(Rule.REST, day(0)), (Rule.MOST_IN_A_ROW, day(0))]
    assert hard(given, works("L-E")) == [(Rule.LEAST_DAYS_OFF, day(1))]
    single = problem(person(least_in_a_row=2), worked={(1, day(-1)): (DESK, "E")})
    assert hard(single, works("--")) == [(Rule.LEAST_IN_A_ROW, day(0))]
    assert hard(single, works("E-")) == []


@pytest.mark.clause("DR-21")
def test_the_past_is_never_made_anew_and_pins_stay() -> None:
    given = problem(
        person(), worked=works("LE"), open_from=day(2), pinned={(1, day(3)): (DESK, "E"), (1, day(4)): None}
    )
    assert hard(given, works("LE-E")) == []  # what was wrong in the past stays as it was worked
    assert hard(given, works("EE-E")) == [(Rule.PAST, day(0))]
    assert hard(given, works("LE-LE")) == [(Rule.PINNED, day(3)), (Rule.PINNED, day(4)), (Rule.REST, day(4))]


@pytest.mark.clause("DR-21")
def test_what_is_past_is_nobodys_to_mend() -> None:
    worked = works("EEEEEEE")
    away = problem(person(leave=frozenset({day(0)}), most_weekends=9), worked=worked, open_from=day(7))
    assert hard(away, worked) == []
    assert hard(away, works("EEEEEEEE")) == [(Rule.MOST_IN_A_ROW, day(7))]


def test_leave_excuses_no_minimum_where_it_is_agreed_so() -> None:
    given = problem(person(least_days_off=2, leave=frozenset({day(2)})), leave_excuses=False)
    assert hard(given, works("EE-EE")) == [(Rule.LEAST_DAYS_OFF, day(2))]


def test_who_or_what_the_roster_does_not_know() -> None:
    given = problem(person())
    assert hard(given, works("E", 2)) == [(Rule.UNKNOWN, day(0))]
    assert hard(given, {(1, day(0)): (DESK, "X")}) == [(Rule.UNKNOWN, day(0))]
    assert hard(given, {(1, day(40)): (DESK, "E")}) == [(Rule.UNKNOWN, day(40))]


@pytest.mark.clause("DR-01")
def test_a_seat_without_anybody_is_a_gap_and_no_hard_rule() -> None:
    given = problem(person(), person(2), days=1, needs=1)
    found = rules.broken(given, works("E"))
    assert [(one.rule, one.kind, one.excess, one.hard, one.clause) for one in found] == [
        (Rule.UNCOVERED, "L", 1, False, "DR-01"),
        (Rule.UNCOVERED, "N", 1, False, "DR-01"),
    ]
    assert rules.mends(given, works("E"), found[0]) == [{(2, day(0)): (DESK, "L")}]


@pytest.mark.clause("DR-06")
def test_a_manager_is_on_duty_where_one_is_needed() -> None:
    given = problem(person(), person(2, rank=2), days=2, managed=(Managed(day(1), 2),))
    assert [(one.rule, one.day, one.clause) for one in rules.broken(given, works("EE"))] == [
        (Rule.NO_MANAGER, day(1), "DR-06")
    ]
    assert not rules.broken(given, works("EE") | works("-L", 2))
    (one,) = rules.broken(given, works("EE"))
    assert rules.mends(given, works("EE"), one) == [{(1, day(1)): None, (2, day(1)): (DESK, "E")}]
    narrow = replace(given, managed=(Managed(day(1), 2, kind="E"),))
    assert rules.broken(narrow, works("EE") | works("-L", 2))


@pytest.mark.clause("DR-21")
def test_a_change_is_judged_by_what_it_makes_worse() -> None:
    given = problem(person(most_minutes=960), person(2), needs=0)
    roster = works("EEE") | works("-L-", 2)  # already 480 minutes too long
    assert not rules.against(given, roster, {(1, day(2)): (DESK, "L")})
    assert [one.rule for one in rules.against(given, roster, {(1, day(5)): (DESK, "E")})] == [
        Rule.MOST_MINUTES
    ]
    assert [one.rule for one in rules.against(given, roster, {(2, day(2)): (DESK, "E")})] == [Rule.REST]
    assert [one.rule for one in rules.against(given, roster, {(3, day(2)): (DESK, "E")})] == [Rule.UNKNOWN]


@pytest.mark.clause("DR-01")
def test_a_change_may_not_leave_a_gap() -> None:
    given = problem(person(), person(2), days=1, needs=1)
    roster = works("E") | works("L", 2)
    assert [one.kind for one in rules.against(given, roster, {(1, day(0)): None})] == ["E"]
    assert not rules.against(given, roster, {(1, day(0)): (DESK, "L"), (2, day(0)): (DESK, "E")})


@pytest.mark.clause("DR-06")
def test_a_change_may_not_send_the_manager_home() -> None:
    given = problem(person(rank=2), person(2), days=1, managed=(Managed(day(0), 2),))
    change: Change = {(1, day(0)): None, (2, day(0)): (DESK, "E")}
    assert [one.rule for one in rules.against(given, works("E"), change)] == [Rule.NO_MANAGER]


@pytest.mark.clause("DR-21")
def test_swaps_offer_only_partners_who_may() -> None:
    given = problem(person(), person(2), person(3), person(4, most_of_kind={"E": 0}), days=3)
    roster = works("EL-") | works("LL-", 2) | works("L-E", 3) | works("L--", 4)
    assert rules.swap(roster, (1, day(0)), (2, day(0))) == {
        (1, day(0)): (DESK, "L"),
        (2, day(0)): (DESK, "E"),
    }
    # 4 never works early; 3 could not go home at 23:00 and come at 7:00, nor is 3 free on the first day.
    assert rules.partners(given, roster, 1, day(0)) == [(2, day(0)), (3, day(0))]
    assert rules.takers(given, roster, 2, day(1)) == [4]
    pinned = replace(given, pinned={(2, day(0)): (DESK, "L")})
    assert rules.partners(pinned, roster, 1, day(0)) == [(3, day(0))]
    past = replace(
        given, open_from=day(1), worked={place: cell for place, cell in roster.items() if place[1] < day(1)}
    )
    assert rules.partners(past, roster, 1, day(0)) == []


@pytest.mark.clause("DR-21")
def test_nothing_is_swapped_with_itself() -> None:
    roster = works("EL") | works("E", 2)
    assert rules.swap(roster, (1, day(0)), (1, day(1))) is None
    assert rules.swap(roster, (1, day(0)), (2, day(0))) is None
    assert rules.swap(roster, (1, day(0)), (2, day(1))) is None


@pytest.mark.clause("DR-21")
def test_proposals_keep_off_the_past_and_the_pinned_even_where_that_is_wrong_already() -> None:
    given = problem(person(), person(2), days=2)
    roster = works("E")
    elsewhere: dict[tuple[Id, date], Cell] = {(2, day(0)): (DESK, "E")}
    assert rules.takers(given, roster, 1, day(0)) == [2]
    past = replace(given, worked=elsewhere, open_from=day(1))
    pins: Change = {(1, day(0)): None, **elsewhere}
    pinned = replace(given, pinned=pins)
    assert rules.takers(past, roster, 1, day(0)) == rules.takers(pinned, roster, 1, day(0)) == []


def test_who_has_worked_least_is_proposed_first() -> None:
    given = problem(person(), person(2), person(3), days=3)
    roster = works("E") | works("-LL", 2)
    assert rules.takers(given, roster, 1, day(0)) == [3, 2]


@pytest.mark.clause("DR-06")
def test_no_manager_is_proposed_for_a_shift_that_does_not_count() -> None:
    given = problem(person(), person(2, rank=2), days=1, managed=(Managed(day(0), 2, kind="E"),))
    (missing,) = rules.broken(given, works("L"))
    assert rules.mends(given, works("L"), missing) == []
    assert rules.mends(given, works("E"), missing) == [{(1, day(0)): None, (2, day(0)): (DESK, "E")}]


def test_the_rest_is_reckoned_from_the_clock_or_given() -> None:
    short = problem(person(), rest_minutes=8 * 60)
    assert short.forbidden == {("N", "E")}
    given = problem(person(), kinds=(replace(LATE, begins=None, ends=None, not_before=frozenset("N")), NIGHT))
    assert given.forbidden == {("L", "N")}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (person(), (4800, 5280)),
        (person(joins_on=day(7)), (2400, 2640)),
        (person(leave=frozenset({day(1), day(2)})), (3840, 5280)),
        (person(leave=frozenset(day(number) for number in range(7))), (2400, 5280)),
        (person(leaves_on=day(-1)), (0, 0)),
    ],
)
def test_minutes_shrink_with_leave(who: Person, expected: tuple[int, int]) -> None:
    days = [day(number) for number in range(14)]
    assert days[0] == MONDAY
    assert minutes_over(days, 2400, 2640, who) == expected
