"""The commands of the portal; here those that set up and run it, the others by what they are about in `commands`."""

from __future__ import annotations

import os

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext

from portal.commands import keeping, people, rulebook, sheets
from portal.commands.common import fails, said
from portal.config import PRIVATE, BadSetting
from portal.kernel import clock, first_run


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app wsgi`."""
    for command in (
        init_db,
        keeping.upgrade,
        demo,
        first_run_,
        people.user,
        people.people,
        sweep,
        worker,
        keeping.backup,
        keeping.restore,
        keeping.export_all,
        keeping.import_all,
        keeping.verify,
        bench_data,
        rulebook.handbook,
        rulebook.limit,
        rulebook.phrases,
        sheets.import_,
        sheets.export,
    ):
        app.cli.add_command(command)


def main() -> None:
    """`portal …` once installed: the same commands."""
    from portal import create_app

    os.umask(PRIVATE)
    FlaskGroup(create_app=create_app)()


@click.command("init-db")
@with_appcontext
@fails
def init_db() -> None:
    """Create or upgrade the database and load the reference data; may run twice."""
    from portal import setup

    setup.init_db()
    click.echo("the database is ready")


@click.command("demo")
@with_appcontext
@fails
def demo() -> None:
    """Add people and records to try the portal with; does nothing where some are."""
    from portal.demo import make

    click.echo(make.load())


@click.command("first-run")
@with_appcontext
@fails
def first_run_() -> None:
    """Print where the first person of the general office begins, and the code that is asked for there."""
    if not first_run.is_awaited():
        raise ValueError(
            "somebody of the general office can log in already; `user reset-password` helps them"
        )
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    click.echo(first_run.told(app.config["SETTINGS"].base_url, first_run.code(app)))


@click.command("sweep")
@with_appcontext
@fails
def sweep() -> None:
    """One pass over all clocks: warnings, escalations, reminders; a line an act."""
    from portal.kernel import timers

    said(timers.sweep(clock.now()))


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Sweep, deliver and do long jobs until stopped."""
    from portal import starting, verification  # noqa: F401 -- one of the jobs; it knows every area
    from portal import worker as process

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    try:
        starting.insist(app)
        starting.insist_on_database(app)
    except BadSetting as error:
        raise click.ClickException(f"the worker cannot start: {error}") from error
    process.run(app)


@click.command("bench-data")
@click.argument("count", type=click.IntRange(1, 10_000_000))
@with_appcontext
@fails
def bench_data(count: int) -> None:
    """Add complaints and their surroundings for measuring."""
    from portal.demo import bulk

    click.echo(bulk.load(count))
