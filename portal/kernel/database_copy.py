"""The database as one file and back, by each database's own means; another copy beside the present one to look at."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ProgrammingError

from portal.config import Settings
from portal.kernel.db import db, is_sqlite

NAMES = {
    "sqlite": "database.sqlite",
    "postgresql": "database.dump",
}  # none may be taken for the live portal.db
PROGRAMS = "/usr/lib/postgresql/*/bin"  # where Debian keeps what is not on the path
QUEUE = "huey_"  # the worker's own tables: not in a backup's way


def name() -> str:
    """What a copy of this portal's kind of database is called."""
    return NAMES[db.engine.dialect.name]


def copy(target: Path) -> None:
    """Write the present database into `target`, as it is at one moment, while people write."""
    if not is_sqlite():
        _run(_url(), "pg_dump", "--format=custom", f"--exclude-table={QUEUE}*", f"--file={target}")
        return
    with closing(sqlite3.connect(_live())) as source, closing(sqlite3.connect(target)) as fresh:
        source.backup(fresh)  # one step, one moment; in WAL mode it holds up no writer
        fresh.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def load(source: Path) -> None:
    """Let the copy take the present database's place, as one transaction and while no other process writes."""
    db.session.remove()
    db.engine.dispose()
    with db.turn():
        if not is_sqlite():
            _load_dump(_url(), source)
            return
        with closing(sqlite3.connect(source)) as fresh, closing(sqlite3.connect(_live(), timeout=30)) as live:
            fresh.backup(live)
            live.execute("PRAGMA journal_mode=WAL")


def _load_dump(url: URL, source: Path) -> None:
    """Tables that the dump does not know, of a newer version, go as well: they would hinder it."""
    script = source.with_suffix(".sql")
    _run(None, "pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(source))
    engine = sa.create_engine(url)
    try:
        quote = engine.dialect.identifier_preparer.quote
        there = [
            quote(table) for table in sa.inspect(engine).get_table_names() if not table.startswith(QUEUE)
        ]
    finally:
        engine.dispose()
    first = f"DROP TABLE IF EXISTS {', '.join(there)} CASCADE" if there else "SELECT 1"
    once = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--single-transaction", "--set=ON_ERROR_STOP=1")
    try:
        _run(url, "psql", *once, f"--command={first}", f"--file={script}")
    finally:
        script.unlink(missing_ok=True)


@contextmanager
def beside(source: Path) -> Iterator[str | None]:
    """The address of a database with what `source` holds, to be looked at; None where none may be made.

    SQLite: the file itself, ValueError when it is damaged. PostgreSQL: a database that is dropped afterwards, for which
    the portal's user needs the right CREATEDB.
    """
    if is_sqlite():
        _sound(source)
        yield f"sqlite:///{source}"
        return
    url = _url()
    other = url.set(database=f"{url.database}_looked_at_{os.getpid()}")
    quoted = db.engine.dialect.identifier_preparer.quote(str(other.database))
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            try:
                connection.exec_driver_sql(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
            except ProgrammingError:
                yield None
                return
            try:
                _load_dump(other, source)
                yield other.render_as_string(hide_password=False)
            finally:
                connection.exec_driver_sql(f"DROP DATABASE {quoted} WITH (FORCE)")
    finally:
        engine.dispose()


def _sound(source: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as fresh:
            if (said := fresh.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise ValueError(f"the database in the backup is damaged: {said}")
            if broken := fresh.execute("PRAGMA foreign_key_check").fetchone():
                raise ValueError(f"a row of {broken[0]} in the backup points to nothing")
    except sqlite3.DatabaseError as error:
        raise ValueError(f"the database in the backup is damaged: {error}") from error


def refuse_while_in_use() -> None:
    """ValueError while another process has SQLite's database open; PostgreSQL's own locks do there.

    A change of the journal's mode is possible for the only user of a database and for nobody else.
    """
    if not is_sqlite() or not Path(_live()).exists():
        return
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(_live(), timeout=0.5)) as live:
        try:
            live.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise ValueError(
                f"the database is in use ({error}): stop the web server and the worker first"
            ) from error
        live.execute("PRAGMA journal_mode=WAL")


def _url() -> URL:
    settings: Settings = current_app.config["SETTINGS"]
    return make_url(settings.url)


def _live() -> str:
    place = _url().database
    if not place:
        raise ValueError("a database in memory cannot be saved")
    return place


def _run(url: URL | None, program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on that database, or on none; ValueError with its own words when it fails."""
    found = shutil.which(program) or next(
        (str(p / program) for p in _places() if (p / program).exists()), None
    )
    if found is None:
        raise ValueError(f"{program} is not on this machine: install PostgreSQL's client programs")
    address, secret = [], {}
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        address = [f"--dbname={plain.render_as_string(hide_password=False)}"]
        secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    ran = subprocess.run(  # noqa: S603 -- a program found by its full path, no shell
        [found, *address, *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise ValueError(f"{program} failed: {ran.stderr.strip()[-800:]}")


def _places() -> Iterator[Path]:
    yield from sorted(Path("/").glob(PROGRAMS.lstrip("/")), reverse=True)
