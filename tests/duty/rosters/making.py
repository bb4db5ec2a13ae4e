"""A small office for the tests of rosters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from portal.blueprints.duty.rosters.problem import Cell, Demand, Id, Kind, Person, Problem

MONDAY = date(2026, 11, 2)
DESK, DOOR = "desk", "door"
EARLY = Kind("E", 480, 7 * 60, 15 * 60)
LATE = Kind("L", 480, 15 * 60, 23 * 60)
NIGHT = Kind("N", 480, 23 * 60, 31 * 60)


def day(number: int) -> date:
    """The day with that number; 0 is the first Monday."""
    return MONDAY + timedelta(days=number)


def person(ident: Id = 1, **limits: Any) -> Person:
    """Somebody who knows the desk."""
    return Person(ident, **({"posts": {DESK: (None, None)}} | limits))


def problem(*people: Person, days: int = 14, needs: int = 0, **given: Any) -> Problem:
    """A desk that needs that many people for each kind of shift on every day."""
    every = tuple(day(number) for number in range(days))
    kinds = given.pop("kinds", (EARLY, LATE, NIGHT))
    demands = tuple(Demand(each, DESK, kind.id, needs) for each in every for kind in kinds)
    return Problem(**({"days": every, "people": people, "kinds": kinds, "demands": demands} | given))


def works(letters: str, ident: Id = 1, post: Id = DESK) -> dict[tuple[Id, date], Cell]:
    """A person's days from the first on, such as `EE-LL`."""
    return {(ident, day(at)): (post, kind) for at, kind in enumerate(letters) if kind != "-"}
