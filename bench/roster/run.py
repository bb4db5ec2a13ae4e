"""Solve one instance of the benchmark: `python bench/roster/run.py INSTANCE --seconds N --out FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2])
)  # started by its path, it finds the portal all the same

import click

from bench.roster import instances
from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import cost
from portal.blueprints.duty.rosters.solving import solver


@click.command()
@click.argument("instance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", default=30.0, show_default=True, help="of two cores")
@click.option("--seed", default=1, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="where the roster is written")
@click.option("--follow", is_flag=True, help="show every better roster and bound")
def main(instance: Path, seconds: float, seed: int, out: Path | None, follow: bool) -> None:
    """Print the objective, recomputed from the roster, the bound, the gap and the seconds."""
    problem = instances.read(instance)
    answer = solver.solve(problem, seconds, seed=seed, progress=_shown if follow else None)
    if answer.roster is None:
        names = "; ".join(f"{each.person}: {', '.join(each.rules)}" for each in answer.conflicts)
        raise click.ClickException(f"no roster exists: {names}")
    hard = [one for one in rules.broken(problem, answer.roster) if one.hard]
    if out is not None:
        out.write_text(instances.written(problem, answer.roster))
    objective = cost(problem, answer.roster).total
    bound = answer.bound or 0
    gap = (objective - bound) / objective if objective else 0.0
    click.echo(
        f"{instance.stem}: objective {objective}  bound {bound}  gap {gap:.2%}  "
        f"seconds {answer.seconds:.1f}  broken {len(hard)}"
    )
    if hard:
        raise SystemExit(1)


def _shown(best: int, bound: int | None, seconds: float) -> None:
    click.echo(f"{seconds:7.1f} s  {best}  {bound}", err=True)


if __name__ == "__main__":
    main()
