"""python -m bench [N]: measure pages, registering, polls with N cases beside a bare Flask page; the check of texts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from bench import data, postgres, report, servers, targets
from bench.inside import Inside
from bench.targets import Target, Visitor

SMALL = 10_000  # cases beside which growth is measured, and the one database beside the other
GROWN = 100_000  # cases from which there is growth to speak of


@click.command()
@click.argument("count", type=click.IntRange(100, 10_000_000), default=20_000)
@click.option("--rounds", type=click.IntRange(1, 50), default=3, help="Medians are of so many rounds.")
@click.option("--seconds", type=float, default=1.5, help="How long each thing is measured in a round.")
@click.option("--fresh", is_flag=True, help="Make the data anew.")
def main(count: int, rounds: int, seconds: float, fresh: bool) -> None:
    """Measure the portal with COUNT cases."""
    report.disturbance()
    made, few = data.instance(count, fresh=fresh), min(count, SMALL)
    with ExitStack() as stack:
        bare = stack.enter_context(servers.running(servers.bare()))
        folder = stack.enter_context(data.copied(made))
        portal = _portal(stack, folder)
        own = Inside(folder)
        report.inside(own)
        report.checking()
        if count >= GROWN:
            report.growth(own, Inside(stack.enter_context(data.copied(data.instance(few)))), few)

        bottom, reads, write = targets.bare(bare), targets.reading(portal, count), targets.writing(portal)
        beside = _on_both(stack, few)
        _run(bottom, [*(listed for listed, _ in beside.values()), *reads], rounds, seconds)
        # Last, because what is registered lies on top of the list.
        _run(bottom, [*(taken for _, taken in beside.values()), write], rounds, seconds)
        report.rates(bottom, {f"{count} cases": [*reads, write], **beside})
        report.ratios(bottom, [*reads, write])
        report.shares(*beside.values())
        report.registering(own)
        report.board(own)
        report.process((bare.started_in, portal.server.started_in), portal.server.memory())


def _portal(stack: ExitStack, folder: Path, database_url: str = "") -> Visitor:
    """A browser that is logged in at a portal that runs on an instance."""
    visitor = Visitor(stack.enter_context(servers.running(servers.portal(folder, database_url))))
    visitor.log_in()
    return visitor


def _on_both(stack: ExitStack, count: int) -> dict[str, tuple[Target, Target]]:
    """List and registering with the same data on SQLite and on PostgreSQL; nothing without PostgreSQL."""
    found = stack.enter_context(postgres.instance(count))
    if found is None:
        return {}
    sqlite = _portal(stack, stack.enter_context(data.copied(data.instance(count))))
    both = {"SQLite": sqlite, "PostgreSQL": _portal(stack, *found)}
    return {
        f"beside, {count} cases on {name}": (targets.listing(visitor), targets.writing(visitor))
        for name, visitor in both.items()
    }


def _run(bottom: Target, measured: Sequence[Target], rounds: int, seconds: float) -> None:
    """So many rounds, H at the head of each."""
    for _ in range(rounds):
        for target in (bottom, *measured):
            target.measure(seconds)


if __name__ == "__main__":
    main()
