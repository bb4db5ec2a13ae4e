"""What web server and worker look at before they begin: an unsafe installation does not start, and is told why.

Settings that contradict each other stop every command (`config`). What is looked at here needs the disk or the
database, and matters only where people and mails come and go; the demo's data are everybody's.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portal import migrate
from portal.config import SECRET, BadSetting, Settings
from portal.kernel import first_run
from portal.kernel.db import db

OTHERS = stat.S_IRWXO
FULL = 2  # of SQLite's `synchronous`: what was acknowledged is on the disk
# Of PostgreSQL; below them a crash of the machine loses what was acknowledged.
NEEDED = {
    "fsync": "ALTER SYSTEM RESET fsync, and see that postgresql.conf does not turn it off",
    "synchronous_commit": "ALTER ROLE … RESET synchronous_commit, and see that postgresql.conf does not turn it off",
}
NO_TABLE = {"42P01", "42703"}  # of PostgreSQL: nor such a column
NO_SUCH = re.compile("no such (table|column)")  # of SQLite
NO_RIGHT = "42501"
# Where a container is handed its secrets: nobody but the portal is in there, whatever their mode.
HANDED = Path("/run/secrets")


def insist(app: Flask) -> None:
    """BadSetting when the portal must not serve people as it is. Keeps no connection, for processes are forked after."""
    with _looking(app) as settings:
        for fault in () if settings.is_demo else faults(settings, os.environ):
            raise BadSetting(fault)


def insist_on_database(app: Flask) -> None:
    """BadSetting when the database does not take us or has another version's schema. Keeps no connection.

    For the worker alone: it would fail at everything, each minute anew. Pages can at least say what is the matter.
    """
    with _looking(app):
        try:
            current = migrate.is_current()
        except DBAPIError as error:
            raise BadSetting(why_not(error)) from error
    if not current:
        raise BadSetting(
            "the database has another version's schema: run `upgrade`, or start the web service, which does it"
        )


def why_not(error: DBAPIError) -> str:
    """Why the database did not do what it was asked, and what to look at; without the statement, for data stand in it."""
    said = " ".join(str(error.orig).split())
    state = getattr(error.orig, "sqlstate", "")
    if state in NO_TABLE or NO_SUCH.match(said):
        return f"{said}: is the database set up? run init-db"
    if state == NO_RIGHT:
        return f"{said}: the database must be the portal's own, as `createdb --owner portal` makes it"
    if state is None:  # it was not even let in
        return f"the database does not take us: {said} -- look at PORTAL_DATABASE_URL, and whether it runs"
    return said


def say_where_to_begin(app: Flask) -> None:
    """A line on standard error while the first person is awaited. Keeps no connection."""
    with _looking(app) as settings:
        try:
            awaited = not settings.is_demo and first_run.is_awaited()
        except SQLAlchemyError:
            return  # no schema yet
        if awaited:
            print(first_run.told(settings.base_url, first_run.code(app)), file=sys.stderr, flush=True)


@contextmanager
def _looking(app: Flask) -> Iterator[Settings]:
    with app.app_context():
        try:
            yield app.config["SETTINGS"]
        finally:
            db.session.remove()
            db.engine.dispose()


def faults(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    """Every reason why it must not; each says how to mend it. Inside an application's context."""
    if not settings.base_url:
        yield (
            "PORTAL_BASE_URL is not set, and messages would lead nowhere: write the address that people type, such as"
            " https://portal.example.com (to try it on this machine: http://127.0.0.1:8000)"
        )
    yield from _open_to_others(settings.instance, environ)
    yield from _forgetful()


def _open_to_others(folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Others may not even enter the data folder; its group may, for servers that share it."""
    if os.name == "nt":
        return  # its modes say nothing about who may read
    if _mode(folder) & OTHERS:
        yield (
            f"everybody on this machine may look into {folder}, where the data are: chmod o= {folder}"
            " (or name another folder by PORTAL_INSTANCE)"
        )
    named = [Path(given) for name in SECRET if (given := environ.get(f"PORTAL_{name.upper()}_FILE"))]
    for file in (folder / "secret_key", *named):
        if _mode(file) & OTHERS and not file.absolute().is_relative_to(HANDED):
            yield f"everybody on this machine may read the secret in {file}: chmod o= {file}"


def _mode(path: Path) -> int:
    """Its mode; 0 while it is not there."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0


def _forgetful() -> Iterator[str]:
    """A database that acknowledges before the disk has it. One that does not answer yet is nobody's fault here."""
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                if connection.exec_driver_sql("PRAGMA synchronous").scalar_one() < FULL:
                    yield (
                        "SQLite runs with synchronous below FULL, so that a crash loses what was acknowledged:"
                        " put PRAGMAS in portal/kernel/db.py back as they were"
                    )
                return
            for name, mending in NEEDED.items():
                if connection.exec_driver_sql(f"SHOW {name}").scalar_one() == "off":
                    yield f"PostgreSQL runs with {name} off, so that a crash loses what was acknowledged: {mending}"
    except SQLAlchemyError:
        return
