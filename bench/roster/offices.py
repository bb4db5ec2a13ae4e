"""Our own offices, made up: 8, 20, 60 or 200 people, posts around the clock, National Day, leave and wishes.

python bench/roster/offices.py 60 --seconds 60     the solver beside two planners
python bench/roster/offices.py 60 --repair         three days of illness in a roster that is published
python bench/roster/offices.py 60 --swaps          what one swap check costs
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import click

from bench.roster import planners
from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import changed, cost
from portal.blueprints.duty.rosters.problem import (
    SATURDAY,
    Burden,
    Cell,
    Demand,
    Id,
    Kind,
    Managed,
    Person,
    Problem,
    Wish,
    days_from,
    minutes_over,
)
from portal.blueprints.duty.rosters.solving import solver

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
HOLIDAYS = frozenset(days_from(date(2026, 10, 1), date(2026, 10, 7)))
KINDS = (
    Kind("E", 480, 7 * 60, 15 * 60),
    Kind("D", 480, 9 * 60, 17 * 60 + 30),
    Kind("L", 480, 15 * 60, 23 * 60),
    Kind("N", 480, 23 * 60, 31 * 60),
)
MIDDLE = 2
A_POST = 7  # people who keep one post on duty around the clock
SHIFTS = 17  # a person in the month
HOURS = 60
LEAST, MOST = 28 * HOURS, 44 * HOURS  # a week


def office(people: int, seed: int = 1) -> Problem:
    """An office of that many people for one month."""
    chance = random.Random(seed * 1000 + people)
    days = days_from(FIRST, LAST)
    posts = [f"post {number}" for number in range(1, max(1, people // A_POST) + 1)]
    staff = tuple(_person(number, posts, days, chance) for number in range(people))
    workdays = sum(map(_workday, days))
    desk = round(
        (people * SHIFTS / len(posts) - 3 * len(days)) / workdays
    )  # what is left after the round the clock
    return Problem(
        days=days,
        people=staff,
        kinds=KINDS,
        demands=tuple(demand for day in days for post in posts for demand in _needs(day, post, desk)),
        managed=tuple(Managed(day, MIDDLE) for day in days if day in HOLIDAYS),
        wishes=tuple(_wishes(staff, days, chance)),
        holidays=HOLIDAYS,
        fairness={Burden.NIGHTS: 3, Burden.WEEKENDS: 2, Burden.HOLIDAYS: 3},
    )


def _workday(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in HOLIDAYS


def _needs(day: date, post: str, desk: int) -> list[Demand]:
    needs = [Demand(day, post, kind, 1, 100, 5) for kind in ("E", "L", "N")]
    if _workday(day):
        needs.append(Demand(day, post, "D", desk, 100, 5))
    return needs


def _person(number: int, posts: list[str], days: tuple[date, ...], chance: random.Random) -> Person:
    home = number % len(posts)
    known = {posts[home], posts[(home + 1) % len(posts)]}
    leave: set[date] = set()
    if chance.random() < 0.25:
        first = chance.randrange(len(days) - 5)
        leave.update(days[first : first + chance.choice((2, 3, 5))])
    person = Person(
        number,
        posts=dict.fromkeys(sorted(known), (None, None)),
        rank=MIDDLE if number % 5 == 0 else 0,
        most_in_a_row=chance.choice((5, 6)),
        least_in_a_row=chance.choice((1, 2)),
        least_days_off=chance.choice((1, 1, 2)),
        most_weekends=chance.choice((3, 4)),
        most_of_kind={"N": 0} if chance.random() < 0.1 else {},
        leave=frozenset(leave),
        balance={burden: chance.choice((-2, -1, 0, 0, 1, 2)) for burden in Burden},
    )
    least, most = minutes_over(days, LEAST, MOST, person)
    return replace(person, least_minutes=least, most_minutes=most)


def _wishes(staff: tuple[Person, ...], days: tuple[date, ...], chance: random.Random) -> list[Wish]:
    """Twelve a person; most would rather be off on most of the holidays, so that not all can be granted."""
    found: dict[tuple[Id, date], Wish] = {}
    weekends = [day for day in days if day.weekday() >= SATURDAY and day not in HOLIDAYS]
    rest = [day for day in days if day not in HOLIDAYS]
    for person in staff:
        off = [*chance.sample(sorted(HOLIDAYS), 6), *chance.sample(weekends, 3)]
        for day in off:
            found[person.id, day] = Wish(person.id, day, None, False, chance.choice((1, 2, 3)))
        for day in chance.sample(rest, 3):
            kind = chance.choice(("E", "L"))
            found[person.id, day] = Wish(person.id, day, kind, True, chance.choice((1, 2, 3)))
    return list(found.values())


def measured(problem: Problem, roster: dict[tuple[Id, date], Cell]) -> str:
    """Broken hard rules, empty seats and cost."""
    found = rules.broken(problem, roster)
    hard = sum(one.hard for one in found)
    empty = sum(one.excess for one in found if one.rule is rules.Rule.UNCOVERED)
    seats = sum(demand.people for demand in problem.demands)
    return f"broken {hard:4d}  empty {empty:4d} of {seats}  cost {cost(problem, roster).total:6d}"


def ill(problem: Problem, roster: dict[tuple[Id, date], Cell], seed: int = 1) -> Problem:
    """Somebody who works on most of three days falls ill on the tenth; everybody else stays with the roster."""
    chance = random.Random(seed)
    first = problem.days[10]
    days = days_from(first, first + timedelta(days=2))
    busy = [person for person in problem.people if sum((person.id, day) in roster for day in days) >= 2]
    patient = chance.choice(busy)
    sick = replace(patient, leave=patient.leave | frozenset(days))
    least, most = minutes_over(problem.days, LEAST, MOST, sick)
    sick = replace(sick, least_minutes=least, most_minutes=most)
    return replace(
        problem,
        people=tuple(sick if each.id == sick.id else each for each in problem.people),
        worked={place: cell for place, cell in roster.items() if place[1] < first},
        open_from=first,
        published=roster,
        change_weight=20,
    )


def repaired(problem: Problem, roster: dict[tuple[Id, date], Cell], seconds: float, seed: int) -> str:
    """How long mending takes, and what it changes."""
    mended = ill(problem, roster, seed)
    began = time.process_time()
    answer = solver.repair(mended, seconds=seconds, seed=seed)
    took = time.process_time() - began
    if answer.roster is None:
        return "no roster exists"
    moved = len(changed(mended, answer.roster))
    return f"repair     {measured(mended, answer.roster)}  cells {moved}  cpu {took:.2f} s"


def swaps(problem: Problem, roster: dict[tuple[Id, date], Cell], seed: int = 1) -> str:
    """Milliseconds for one swap check, and how many swaps of a day are legal."""
    chance = random.Random(seed)
    places = list(roster)
    tried, legal, began = 0, 0, time.process_time()
    while tried < 1000:
        (one, day), (other, other_day) = chance.sample(places, 2)
        change = rules.swap(roster, (one, day), (other, day if (other, day) in roster else other_day))
        if change:
            tried += 1
            legal += not rules.against(problem, roster, change)
    return f"swap check {(time.process_time() - began):.3f} ms each, {legal / tried:.1%} legal"


@click.command()
@click.argument("people", type=int)
@click.option("--seconds", default=30.0, show_default=True, help="of two cores")
@click.option("--seed", default=1, show_default=True)
@click.option("--follow", is_flag=True)
@click.option("--repair", is_flag=True)
@click.option("--swaps", "swapping", is_flag=True)
def main(people: int, seconds: float, seed: int, follow: bool, repair: bool, swapping: bool) -> None:
    """Print the solver beside round robin and a fair greedy planner, by the same measure."""
    problem = office(people, seed)
    for name, planner in (("round robin", planners.round_robin), ("fair", planners.fair)):
        click.echo(f"{name:11}{measured(problem, planner(problem))}")
    answer = solver.solve(problem, seconds, seed=seed, progress=_shown if follow else None)
    if answer.roster is None:
        raise click.ClickException(f"no roster exists: {answer.conflicts}")
    objective, bound = answer.objective or 0, answer.bound or 0
    gap = (objective - bound) / bound if bound else float("inf")
    click.echo(
        f"solver     {measured(problem, answer.roster)}  bound {bound}  gap {gap:.2%}  seconds {answer.seconds:.1f}"
    )
    if repair:
        click.echo(repaired(problem, answer.roster, 5, seed))
    if swapping:
        click.echo(swaps(problem, answer.roster, seed))


def _shown(best: int, bound: int | None, seconds: float) -> None:
    click.echo(f"{seconds:7.1f} s  {best}  {bound}", err=True)


if __name__ == "__main__":
    main()
