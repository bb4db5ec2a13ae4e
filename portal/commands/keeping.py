"""The portal's data as a whole: upgraded, backed up and restored, carried elsewhere, verified."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.commands.common import fails, said
from portal.kernel import runs
from portal.kernel.db import db


@click.command("upgrade")
@click.option(
    "--backup",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="First take a backup into this folder; afterwards verify.",
)
@with_appcontext
@fails
def upgrade(folder: Path | None) -> None:
    """Bring the schema up to this version and load the reference data that came with it."""
    from portal import migrate, setup

    before = migrate.revision()
    file = _backup(folder) if folder and before else None
    setup.init_db()
    click.echo("the schema is current")
    if file is None:
        return
    _noted(file)
    click.echo(f"to go back: install the version of then and `restore {file}` (schema {before})")
    _verify()


@click.command("backup")
@click.argument("place", type=click.Path(path_type=Path))
@click.option(
    "--keep", type=click.IntRange(1), help="Delete the folder's older backups, so that this many stay."
)
@with_appcontext
@fails
def backup(place: Path, keep: int | None) -> None:
    """Write database and attachments into one file, or a dated one in a folder, while people work."""
    from portal.kernel import backups

    if keep and not place.is_dir():
        raise click.UsageError("--keep needs a folder that is there")
    try:
        file = _backup(place)
    except (ValueError, OSError) as error:
        with db.write():
            runs.failed(runs.BACKUP, str(error))
        raise
    if keep:
        said(f"{old} is deleted" for old in backups.keep_newest(place, keep))
    _noted(file)


def _backup(place: Path) -> Path:
    from portal.kernel import archive_file, backups

    file = backups.place(place)
    click.echo(archive_file.backup(file))
    return file


def _noted(file: Path) -> None:
    """Apart from taking it, for an earlier schema may have no table for the note."""
    with db.write():
        runs.note(runs.BACKUP, file=file.name, size=file.stat().st_size)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@fails
def restore(file: Path) -> None:
    """Put a backup in place of the present data; the present data is kept beside it."""
    from portal import verification
    from portal.kernel import archive_file

    said(archive_file.restore(file, verification.CHECKS))


@click.command("export-all")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Password hashes and keys as well: for a move.")
@with_appcontext
@fails
def export_all(file: Path, with_secrets: bool) -> None:
    """Write every table and attachment into FILE, readable without the portal, while people work."""
    from portal.whole import going_out

    click.echo(going_out.export(file, with_secrets))


@click.command("import-all")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@fails
def import_all(file: Path) -> None:
    """Put what `export-all` wrote into this empty portal, on either database; all of it or nothing."""
    from portal.whole import coming_in

    said(coming_in.take_in(file))


@click.command("verify")
@with_appcontext
@fails
def verify() -> None:
    """Check the history chain, guards, foreign keys, attachments and the search index."""
    _verify()


def _verify() -> None:
    from portal import verification

    if said(verification.noted()):
        raise SystemExit(1)
    click.echo("everything fits together")
