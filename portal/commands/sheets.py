"""`import` and `export`: the Excel kinds of the areas, as their pages take them in and give them out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext
from werkzeug.datastructures import FileStorage

from portal import errors, import_files, importing
from portal.commands.common import fails, said
from portal.kernel import accounts, clock, reference, sessions
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Position, Role, allowed


def _kind(_context: click.Context, _parameter: click.Parameter, given: str) -> importing.Kind:
    """What a command imports or exports; the areas have said what there is."""
    if given not in importing.KINDS:
        raise click.BadParameter(f"one of: {', '.join(sorted(importing.KINDS))}")
    return importing.KINDS[given]


def _on_behalf(username: str | None, right: May) -> Viewer:
    """The person a command acts for: who was named, else the general office's director, else anybody there."""
    staff = reference.staff()
    if username:
        person = accounts.find(username).id
    else:
        office = [*staff.holding(Position.OFFICE_DIRECTOR), *staff.with_role(Role.OFFICE)]
        person = next((i for i in office if allowed(staff.cards[i].role, right)), 0)
    if not staff.active(person) or not allowed(staff.cards[person].role, right):
        raise ValueError(f"{username or 'nobody in the general office'} may not do this: give --as USERNAME")
    return sessions.person_as_viewer(person)


def _trusted(trusts: Callable[[Viewer], bool], by: Viewer) -> Viewer:
    if not trusts(by):
        raise ValueError(f"{by.username} may not do this: give --as USERNAME")
    return by


@click.command("import")
@click.argument("kind", callback=_kind)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Record nothing, only say what would be recorded.")
@click.option("--as", "username", help="On whose behalf; the general office's director when left out.")
@with_appcontext
@fails
def import_(kind: importing.Kind, file: Path, dry_run: bool, username: str | None) -> None:
    """Record the lines of FILE, all or none, as the page does; a line a record."""
    by, now = _trusted(kind.trusts, _on_behalf(username, kind.may_import)), clock.now()
    with file.open("rb") as stream:
        checked = import_files.check(FileStorage(stream, file.name))
        found = importing.dry_run(kind, checked.stream, checked.sha256, by)
    for cell in found.wrong:
        click.echo(str(cell), err=True)
    if found.wrong:
        raise click.ClickException(f"{found.lines_wrong} rows are wrong; nothing was recorded")
    if dry_run:
        for change in found.changed:
            for caption, was, becomes in change.moved:
                click.echo(f"{change.number}\t{caption}\t{was or '-'} -> {becomes or '-'}")
        changed = f"{len(found.changed)} would be changed, " if kind.ledger else ""
        click.echo(f"{len(found.fresh)} would be recorded, {changed}{len(found.before)} were recorded before")
        return
    writes = found.fresh or found.changed
    try:
        numbers = importing.record(kind, found, by=by, now=now) if writes else []
    except importing.NotAllowed as refused:
        why = " ".join(errors.say(reason) for reason in refused.reasons)
        raise click.ClickException(f"row {refused.line}: {why} Nothing was recorded.") from refused
    except importing.Overtaken:
        raise click.ClickException("somebody changed one of these meanwhile; nothing was recorded") from None
    said(numbers)
    before = len(found.before) + len(found.fresh) + len(found.changed) - len(numbers)
    click.echo(f"{len(numbers)} recorded on behalf of {by.username}, {before} were recorded before")


@click.command("export")
@click.argument("kind", callback=_kind)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "username", help="What that person sees; the general office's director when left out.")
@with_appcontext
@fails
def export(kind: importing.Kind, file: Path, username: str | None) -> None:
    """Write what the list shows into FILE."""
    by = _trusted(kind.trusts_export, _on_behalf(username, kind.may_export))
    file.write_bytes(kind.export(by))
    click.echo(f"{file} is written, as {by.username} sees it")
