"""The closing table: the published instances and our offices, each on some seeds, beside two planners.

    python -m bench.roster                     everything, about half an hour on two idle cores
    python -m bench.roster --only 20 --seeds 1     one office; or a file of the benchmark, or a name such as Instance6

Seconds are of two cores, as the solver counts them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from bench.roster import instances, offices, planners
from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import cost
from portal.blueprints.duty.rosters.problem import Problem
from portal.blueprints.duty.rosters.solving import solver

PUBLISHED = Path(__file__).parents[2] / "tests" / "bench" / "instances"
OFFICES = {"8": 10.0, "20": 30.0, "60": 60.0, "200": 180.0}  # people, and the seconds of the goals
FILES = {"Instance1": 10.0, "Instance2": 10.0, "Instance4": 30.0, "Instance6": 60.0}
HEAD = "| what | s | best by seed | bound | gap | CPU s to a legal one | CPU s | round robin | fair greedy |"


def row(name: str, seconds: float, seeds: int, made: Callable[[int], Problem]) -> str:
    """One line of the table: median cost with its bound, and broken rules and cost of the two planners."""
    found: list[tuple[int, int, float, float]] = []
    for seed in range(1, seeds + 1):
        problem = made(seed)
        told: list[float] = []
        began = time.process_time()

        def note(*_: object, told: list[float] = told, began: float = began) -> None:
            told.append(time.process_time() - began)

        answer = solver.solve(problem, seconds, seed=seed, progress=note)
        took = time.process_time() - began
        if answer.roster is None or any(one.hard for one in rules.broken(problem, answer.roster)):
            raise click.ClickException(f"{name}: no legal roster with seed {seed}")
        found.append((cost(problem, answer.roster).total, answer.bound or 0, told[0], took))
    best, bound = sorted(found)[(len(found) - 1) // 2][:2]
    gap = f"{(best - bound) / bound:.1%}" if bound else ("0.0%" if best == bound else "-")
    problem = made(1)
    beside = [_judged(problem, planner(problem)) for planner in (planners.round_robin, planners.fair)]
    costs = ", ".join(str(each[0]) for each in found)
    first, cpu = (statistics.median(each[at] for each in found) for at in (2, 3))
    return f"| {name} | {seconds:g} | {costs} | {bound} | {gap} | {first:.1f} | {cpu:.0f} | {' | '.join(beside)} |"


def _judged(problem: Problem, roster: planners.Made) -> str:
    hard = sum(one.hard for one in rules.broken(problem, roster))
    return f"{hard} broken, {cost(problem, roster).total}"


@click.command()
@click.option("--seeds", default=3, show_default=True)
@click.option("--only", multiple=True, help="people of an office, a published instance, or a file")
@click.option("--seconds", type=float, help="instead of those of the goals")
@click.option("--table", is_flag=True, hidden=True, help="what it prints anyhow")
def main(seeds: int, only: tuple[str, ...], seconds: float | None, table: bool) -> None:
    """Print the table of the solver's goals."""
    click.echo(HEAD)
    click.echo("|" + " --- |" * (HEAD.count("|") - 1))
    for name in only or (*FILES, *OFFICES):
        if name.isdecimal():
            made, said = partial(offices.office, int(name)), f"office of {name}"
            click.echo(row(said, seconds or OFFICES.get(name, 60.0), seeds, made))
        else:
            path = PUBLISHED / f"{name}.txt" if name in FILES else Path(name)
            click.echo(row(path.stem, seconds or FILES.get(name, 60.0), seeds, partial(_same, path)))


def _same(path: Path, _seed: int) -> Problem:
    return instances.read(path)


if __name__ == "__main__":
    main()
