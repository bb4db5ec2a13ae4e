"""Reads an instance of the published shift-scheduling benchmark as the portal's own Problem."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from portal.blueprints.duty.rosters.problem import Demand, Id, Kind, Person, Problem, Roster, Wish

MONDAY = date(2024, 1, 1)  # every instance begins on a Monday
POST = "post"


def sections(text: str) -> dict[str, list[list[str]]]:
    """The fields of every line, by section."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    name = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("SECTION_"):
            name = line.removeprefix("SECTION_")
        elif line and not line.startswith("#"):
            found[name].append([part.strip() for part in line.split(",")])
    return found


def read(path: Path) -> Problem:
    """The instance as a problem: one post, nobody's leave excuses anything, no fairness."""
    parts = sections(path.read_text())
    days = tuple(MONDAY + timedelta(days=number) for number in range(int(parts["HORIZON"][0][0])))
    off: dict[str, set[date]] = defaultdict(set)
    for who, *numbers in parts["DAYS_OFF"]:
        off[who].update(days[int(number)] for number in numbers)
    wishes = [
        Wish(who, days[int(day)], kind, section == "SHIFT_ON_REQUESTS", int(weight))
        for section in ("SHIFT_ON_REQUESTS", "SHIFT_OFF_REQUESTS")
        for who, day, kind, weight in parts[section]
    ]
    return Problem(
        days=days,
        people=tuple(_person(row, frozenset(off[row[0]])) for row in parts["STAFF"]),
        kinds=tuple(
            Kind(row[0], int(row[1]), not_before=frozenset("|".join(row[2:]).split("|")) - {""})
            for row in parts["SHIFTS"]
        ),
        demands=tuple(
            Demand(days[int(day)], POST, kind, int(people), int(under), int(over))
            for day, kind, people, under, over in parts["COVER"]
        ),
        wishes=tuple(wishes),
        leave_excuses=False,
    )


def _person(row: list[str], leave: frozenset[date]) -> Person:
    who, kinds, most, least, most_row, least_row, least_off, weekends = row
    limits: dict[Id, int] = {}
    for each in kinds.split("|"):
        kind, _, limit = each.partition("=")
        limits[kind] = int(limit)
    return Person(
        who,
        posts={POST: (None, None)},
        least_minutes=int(least),
        most_minutes=int(most),
        most_of_kind=limits,
        most_in_a_row=int(most_row),
        least_in_a_row=int(least_row),
        least_days_off=int(least_off),
        most_weekends=int(weekends),
        leave=leave,
    )


def written(problem: Problem, roster: Roster) -> str:
    """One line a person: the id, then a cell a day, the kind of shift or `-`."""
    lines = []
    for person in problem.people:
        cells = (roster.get((person.id, day)) for day in problem.days)
        lines.append("\t".join([str(person.id), *(str(cell[1]) if cell else "-" for cell in cells)]))
    return "\n".join(lines) + "\n"
