"""Every rule that a roster can break, over (problem, roster) alone; pure.

The same functions serve the solver's validation, hand edits, swaps, leave and the tests:

    broken(problem, roster)            every rule that is broken
    against(problem, roster, change)   what a hand edit, swap or leave would break that is not broken already;
                                       it looks only at what the change touches, so it costs well under 1 ms
    after(roster, change)              the roster with that change
    swap(roster, (person, day), (person, day))   the change that exchanges two shifts, None when there is nothing to swap
    takers(problem, roster, person, day)         who could take that shift over: there, qualified, free, rested
    partners(problem, roster, person, day)       whose shifts could be exchanged with it, with their days
    mends(problem, roster, one)        changes that mend one broken rule and break none, a few at most

A `Broken` is hard (`one.hard`: no roster may break it, a change that does is refused), or it is a gap (DR-01) or a
missing manager (DR-06): those are priced while solving, and publishing is refused until a second person confirms.
What else is priced, too many people, wishes, fairness, is no rule: see `cost`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice, pairwise

from portal.blueprints.duty.rosters.problem import (
    Cell,
    Change,
    Demand,
    Id,
    Managed,
    Person,
    Problem,
    Roster,
)

GAP, MANAGER, CHANGES = "DR-01", "DR-06", "DR-21"


class Rule(enum.StrEnum):
    """What can be broken."""

    UNCOVERED = "uncovered"
    NO_MANAGER = "no_manager"
    UNKNOWN = "unknown"  # a person, post or kind of shift that the roster does not know
    AWAY = "away"
    UNQUALIFIED = "unqualified"
    REST = "rest"
    MOST_IN_A_ROW = "most_in_a_row"
    LEAST_IN_A_ROW = "least_in_a_row"
    LEAST_DAYS_OFF = "least_days_off"
    MOST_WEEKENDS = "most_weekends"
    MOST_OF_KIND = "most_of_kind"
    MOST_MINUTES = "most_minutes"
    LEAST_MINUTES = "least_minutes"
    PINNED = "pinned"
    PAST = "past"


MINIMA = frozenset({Rule.LEAST_IN_A_ROW, Rule.LEAST_DAYS_OFF, Rule.LEAST_MINUTES})
CLAUSES = {Rule.UNCOVERED: GAP, Rule.NO_MANAGER: MANAGER}  # of the others: CHANGES


@dataclass(frozen=True)
class Broken:
    """One broken rule: where, by how much, and what was allowed."""

    rule: Rule
    person: Id | None = None
    day: date | None = None  # the first day it shows on; None: over the whole roster
    post: Id | None = None
    kind: Id | None = None
    amount: int = 1  # what there is: people, days, weekends, shifts, minutes
    limit: int = 0  # what there may or must be

    @property
    def clause(self) -> str:
        """The clause it breaks."""
        return CLAUSES.get(self.rule, CHANGES)

    @property
    def hard(self) -> bool:
        """Whether no roster may break it; the others are gaps that a second person may confirm."""
        return self.rule not in CLAUSES

    @property
    def excess(self) -> int:
        """How far it is from what is allowed."""
        return abs(self.amount - self.limit)

    @property
    def where(self) -> tuple[object, ...]:
        """What makes it the same broken rule before and after a change."""
        return self.rule, self.person, self.day, self.post, self.kind


def broken(problem: Problem, roster: Roster) -> list[Broken]:
    """Every rule that the roster breaks: gaps first, then person by person."""
    found = list(_strangers(problem, roster))
    for demand in problem.demands:
        found += uncovered(problem, roster, demand)
    for managed in problem.managed:
        found += no_manager(problem, roster, managed)
    for person in problem.people:
        found += of_person(problem, roster, person)
    return found


def after(roster: Roster, change: Change) -> dict[tuple[Id, date], Cell]:
    """The roster with that change."""
    changed = dict(roster)
    for place, cell in change.items():
        if cell is None:
            changed.pop(place, None)
        else:
            changed[place] = cell
    return changed


def against(problem: Problem, roster: Roster, change: Change, *, leaves: Id | None = None) -> list[Broken]:
    """DR-21: what would be broken by a change that is not broken, or less so, before it.

    `leaves` is somebody who goes on leave with it, whose own minima nobody asks for (DR-04).
    """
    changed = after(roster, change)
    return worse(
        _touched(problem, roster, changed, change), _touched(problem, changed, roster, change), leaves=leaves
    )


def worse(before: Iterable[Broken], then: Iterable[Broken], *, leaves: Id | None = None) -> list[Broken]:
    """What is broken then and was not before, or less so."""
    was = {one.where: one.excess for one in before}
    return [
        one
        for one in then
        if (one.where not in was or one.excess > was[one.where])
        and not (leaves is not None and one.person == leaves and one.rule in MINIMA)
    ]


def _touched(problem: Problem, roster: Roster, other: Roster, change: Change) -> Iterator[Broken]:
    """What is broken where a change touches it: the people, and the posts and days they come from or go to."""
    for person_id in {person_id for person_id, _ in change}:
        person = problem.person.get(person_id)
        if person is not None:
            yield from of_person(problem, roster, person)
    for (person_id, day), cell in change.items():
        if cell is not None and roster.get((person_id, day)) == cell:
            yield from _strange(problem, person_id, day, cell)
    cells = {(day, side.get((who, day))) for who, day in change for side in (roster, other)}
    for day, cell in cells:
        if cell is not None and (day, *cell) in problem.demand:
            yield from uncovered(problem, roster, problem.demand[day, *cell])
    for day in {day for _, day in change}:
        for managed in problem.managed_on.get(day, ()):
            yield from no_manager(problem, roster, managed)


# ---------------------------------------------------------------- what the posts need


def uncovered(problem: Problem, roster: Roster, demand: Demand) -> Iterator[Broken]:
    """DR-01: a post has fewer people than it needs."""
    cell = (demand.post, demand.kind)
    there = sum(roster.get((person.id, demand.day)) == cell for person in problem.people)
    if there < demand.people:
        yield Broken(Rule.UNCOVERED, None, demand.day, *cell, there, demand.people)


def no_manager(problem: Problem, roster: Roster, managed: Managed) -> Iterator[Broken]:
    """DR-06: nobody of the rank that is needed is on duty on a holiday or special day."""
    for person in problem.people:
        cell = roster.get((person.id, managed.day))
        if cell is not None and person.rank >= managed.rank and managed.fits(cell):
            return
    yield Broken(Rule.NO_MANAGER, None, managed.day, managed.post, managed.kind, 0, 1)


def _strangers(problem: Problem, roster: Roster) -> Iterator[Broken]:
    for (person_id, day), cell in roster.items():
        yield from _strange(problem, person_id, day, cell)


def _strange(problem: Problem, person_id: Id, day: date, cell: Cell) -> Iterator[Broken]:
    if (
        person_id not in problem.person
        or cell[1] not in problem.kind
        or not problem.days[0] <= day <= problem.days[-1]
    ):
        yield Broken(Rule.UNKNOWN, person_id, day, *cell)


# ---------------------------------------------------------------- what a person may do


def of_person(problem: Problem, roster: Roster, person: Person) -> Iterator[Broken]:
    """DR-21: every rule of one person's days."""
    known = problem.look_back
    days = known + problem.days
    row = [problem.worked.get((person.id, day)) for day in known]
    row += [roster.get((person.id, day)) for day in problem.days]
    settled = len(known) + len(problem.past)  # what was worked there is nobody's to mend any more
    yield from _places(problem, person, problem.days, row[len(known) :])
    yield from _rest(problem, person, days, row, settled)
    yield from _runs(problem, person, days, row, settled)
    yield from _sums(problem, person, row[len(known) :])
    yield from _weekends(problem, person, roster)


Row = list[Cell | None]
Days = tuple[date, ...]


def _places(problem: Problem, person: Person, days: Days, row: Row) -> Iterator[Broken]:
    """Away, unqualified, a pin that was moved, a past day that was changed."""
    for day, cell in zip(days, row, strict=True):
        place = (person.id, day)
        if day in problem.past:
            if cell != problem.worked.get(place):
                yield Broken(Rule.PAST, person.id, day)
            continue
        if place in problem.pinned and problem.pinned[place] != cell:
            yield Broken(Rule.PINNED, person.id, day)
        if cell is None:
            continue
        if not person.free(day, cell[1]):
            yield Broken(Rule.AWAY, person.id, day, *cell)
        if not person.qualified(cell[0], day):
            yield Broken(Rule.UNQUALIFIED, person.id, day, *cell)


def _rest(problem: Problem, person: Person, days: Days, row: Row, settled: int) -> Iterator[Broken]:
    """Too little rest between two shifts."""
    for at, (one, other) in enumerate(pairwise(row), start=1):
        if at >= settled and one and other and (one[1], other[1]) in problem.forbidden:
            yield Broken(Rule.REST, person.id, days[at], *other)


def _runs(problem: Problem, person: Person, days: Days, row: Row, settled: int) -> Iterator[Broken]:
    """Too many or too few days in a row; what touches either end of what is known may go on beyond it."""
    at = 0
    for works, run in groupby(row, key=bool):
        length = sum(1 for _ in run)
        first, end = at, at + length
        at = end
        if end < settled:
            continue
        day = days[max(first, settled)] if end > settled else days[end] if end < len(days) else days[-1]
        if works and length > person.most_in_a_row and end > settled:
            yield Broken(Rule.MOST_IN_A_ROW, person.id, day, amount=length, limit=person.most_in_a_row)
        rule, least = (
            (Rule.LEAST_IN_A_ROW, person.least_in_a_row)
            if works
            else (Rule.LEAST_DAYS_OFF, person.least_days_off)
        )
        if (
            length < least
            and first > 0
            and end < len(row)
            and not _excused(problem, person, days[first - 1 : end + 1])
        ):
            yield Broken(rule, person.id, day, amount=length, limit=least)


def _excused(problem: Problem, person: Person, days: Iterable[date]) -> bool:
    """Whether a run is cut by leave, joining or leaving, so that nobody could have made it longer."""
    return any(not person.employed(day) or (problem.leave_excuses and day in person.leave) for day in days)


def _sums(problem: Problem, person: Person, row: Row) -> Iterator[Broken]:
    """Too many shifts of a kind, too many or too few minutes."""
    worked = [cell[1] for cell in row if cell is not None]
    for kind, most in person.most_of_kind.items():
        if (count := worked.count(kind)) > most:
            yield Broken(Rule.MOST_OF_KIND, person.id, None, None, kind, count, most)
    minutes = sum(problem.kind[kind].minutes for kind in worked if kind in problem.kind)
    if person.most_minutes is not None and minutes > person.most_minutes:
        yield Broken(Rule.MOST_MINUTES, person.id, amount=minutes, limit=person.most_minutes)
    if minutes < person.least_minutes:
        yield Broken(Rule.LEAST_MINUTES, person.id, amount=minutes, limit=person.least_minutes)


def _weekends(problem: Problem, person: Person, roster: Roster) -> Iterator[Broken]:
    """Too many weekends; one counts when its Saturday or its Sunday is worked."""
    if person.most_weekends is None:
        return
    worked = sum(any((person.id, day) in roster for day in days) for days in problem.weekends)
    if worked > person.most_weekends:
        yield Broken(Rule.MOST_WEEKENDS, person.id, amount=worked, limit=person.most_weekends)


# ---------------------------------------------------------------- who could, and how to mend


def swap(
    roster: Roster, one: tuple[Id, date], other: tuple[Id, date]
) -> dict[tuple[Id, date], Cell | None] | None:
    """The change that gives each of two people the other's shift; on one day, or on two days that each has free."""
    mine, theirs = roster.get(one), roster.get(other)
    (me, my_day), (them, their_day) = one, other
    if mine is None or theirs is None or me == them:
        return None
    if my_day == their_day:
        return None if mine == theirs else {one: theirs, other: mine}
    if (me, their_day) in roster or (them, my_day) in roster:
        return None
    return {one: None, other: None, (me, their_day): theirs, (them, my_day): mine}


def takers(problem: Problem, roster: Roster, person: Id, day: date, *, leaves: Id | None = None) -> list[Id]:
    """DR-04, DR-21: who could take that shift over without breaking a rule; those with the fewest minutes first."""
    cell = roster.get((person, day))
    if cell is None:
        return []
    return list(free_for(problem, roster, day, cell, {(person, day): None}, leaves=leaves))


def partners(problem: Problem, roster: Roster, person: Id, day: date) -> list[tuple[Id, date]]:
    """DR-21: whose shifts could be exchanged with that one without breaking a rule, the same day's first."""
    found = []
    open_days = [each for each in problem.days if each not in problem.past]
    for their_day in sorted(open_days, key=lambda each: (abs((each - day).days), each)):
        for other in problem.people:
            change = swap(roster, (person, day), (other.id, their_day))
            if change is not None and _may(problem, change) and not against(problem, roster, change):
                found.append((other.id, their_day))
    return found


def mends(problem: Problem, roster: Roster, one: Broken, most: int = 3) -> list[Change]:
    """Changes that mend it and break nothing, a few at most; none where no single change does."""
    return list(islice(_mends(problem, roster, one), most))


def _mends(problem: Problem, roster: Roster, one: Broken) -> Iterator[Change]:
    if one.day is None or one.day in problem.past:
        return
    if one.rule is Rule.UNCOVERED and one.post is not None and one.kind is not None:
        cell = (one.post, one.kind)
        yield from ({(who, one.day): cell} for who in free_for(problem, roster, one.day, cell, {}))
    elif one.rule is Rule.NO_MANAGER:
        yield from _managers(problem, roster, one.day)
    elif one.person is not None and (held := roster.get((one.person, one.day))) is not None:
        leaving: Change = {(one.person, one.day): None}
        for who in free_for(problem, roster, one.day, held, leaving):
            yield {**leaving, (who, one.day): held}


def _managers(problem: Problem, roster: Roster, day: date) -> Iterator[Change]:
    """Who of the rank could take over one of the day's shifts, or an empty seat."""
    for managed in problem.managed_on[day]:
        able = [person for person in problem.people if person.rank >= managed.rank]
        held = [(who.id, cell) for who in problem.people if (cell := roster.get((who.id, day))) is not None]
        for manager in able:
            if (manager.id, day) in roster:
                continue
            for who, cell in held:
                change: Change = {(who, day): None, (manager.id, day): cell}
                if managed.fits(cell) and _clean(problem, roster, change):
                    yield change
                    break


def free_for(
    problem: Problem, roster: Roster, day: date, cell: Cell, leaving: Change, *, leaves: Id | None = None
) -> Iterator[Id]:
    """Who is free on a day and may take a shift, those with the fewest minutes first."""
    free = [
        person
        for person in problem.people
        if (person.id, day) not in roster and person.free(day, cell[1]) and person.qualified(cell[0], day)
    ]
    for person in sorted(free, key=lambda each: _minutes(problem, roster, each)):
        if _clean(problem, roster, {**leaving, (person.id, day): cell}, leaves):
            yield person.id


def _clean(problem: Problem, roster: Roster, change: Change, leaves: Id | None = None) -> bool:
    return _may(problem, change) and not against(problem, roster, change, leaves=leaves)


def _may(problem: Problem, change: Change) -> bool:
    """Neither a past day nor a pinned one is touched."""
    return not any(day in problem.past or (who, day) in problem.pinned for who, day in change)


def _minutes(problem: Problem, roster: Roster, person: Person) -> int:
    worked = (roster.get((person.id, day)) for day in problem.days)
    return sum(problem.kind[cell[1]].minutes for cell in worked if cell is not None)
