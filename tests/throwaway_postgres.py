"""A private PostgreSQL for the tests: made in a temporary folder, gone afterwards.

with running() as server:
    url = server.create_database("one")

`python -m tests.throwaway_postgres --ensure` installs it where it may, and says loudly when there is none.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests import private_server
from tests.private_server import Absent

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
OLDEST = 15
START_PATIENCE = 60.0  # seconds; one is usual
# Nothing here outlives the run, so nothing need reach the disk.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
    "listen_addresses": "127.0.0.1",
}


@dataclass(frozen=True)
class Server:
    """A running private server; everything in it belongs to the tests."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the maintenance database; `url_of` gives another one's."""
        return self.url_of("postgres")

    def url_of(self, name: str) -> str:
        """SQLAlchemy's address of database `name`."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """A new database and its address; a copy of `template`, to which nobody may be connected."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            # Copying files is the quickest way for a small template on a server without fsync.
            copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
            statement = sql.Composed([statement, copied])
        self._execute(statement)
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Remove database `name` and end whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running() -> Iterator[Server]:
    """A fresh server for the length of the block; Absent when it cannot be had."""
    programs = find_programs()
    if programs is None:
        raise Absent(absence())
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    try:
        owner = _owner()
        if owner is not None:
            shutil.chown(folder, owner, owner)
        _initdb(programs, folder, owner)
        with _started(programs, folder, owner) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def for_tests() -> Iterator[Server]:
    """The body of a session fixture; without PostgreSQL it skips, or fails where that is required."""
    yield from KIND.for_tests(running)


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL (15 or later) whose programs start, or None."""
    found = {folder for place in PLACES for folder in Path("/").glob(place.lstrip("/"))}
    if on_path := shutil.which("initdb"):
        found.add(Path(on_path).resolve().parent)
    newest = sorted(found, key=_version, reverse=True)
    return newest[0] if newest and _version(newest[0]) >= OLDEST else None


def absence() -> str:
    """The sentence for a machine without PostgreSQL."""
    return (
        f"No PostgreSQL {OLDEST} or newer was found: the data layer is tested on SQLite only. "
        "Install it (Debian: apt-get install postgresql) to test both."
    )


def _version(folder: Path) -> int:
    """The major version, or 0 when one of the programs is missing or does not start (a wrapper, say)."""
    versions = []
    for program in ("initdb", "postgres"):
        try:
            said = subprocess.run([folder / program, "--version"], capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            return 0
        number = re.search(r"PostgreSQL\) (\d+)", said.stdout)
        versions.append(int(number[1]) if number and said.returncode == 0 else 0)
    return min(versions)


def _owner() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _initdb(programs: Path, folder: Path, owner: str | None) -> None:
    made = subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "data", "--username=postgres", "--auth=trust"),
            # In locale C the trigrams of Chinese text are empty.
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        cwd=folder,
        user=owner,
        group=owner and pwd.getpwnam(owner).pw_gid,
        extra_groups=None if owner is None else [],
        capture_output=True,
        text=True,
        timeout=START_PATIENCE,
    )
    if made.returncode != 0:
        raise Absent(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")


@contextmanager
def _started(programs: Path, folder: Path, owner: str | None) -> Iterator[Server]:
    (port,) = private_server.free_ports(1)
    options = OPTIONS | {"port": str(port), "unix_socket_directories": str(folder)}
    command: list[str | Path] = [
        *(programs / "postgres", "-D", folder / "data"),
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    server = Server(port, folder)
    with private_server.started(
        command,
        folder,
        lambda: _answers(server),
        patience=START_PATIENCE,
        ending=signal.SIGQUIT,  # its immediate shutdown
        user=owner,
        group=owner and pwd.getpwnam(owner).pw_gid,
        extra_groups=None if owner is None else [],
    ):
        yield server


def _answers(server: Server) -> bool:
    address = server.url.replace("+psycopg", "")
    with suppress(psycopg.OperationalError), psycopg.connect(address, connect_timeout=5):
        return True
    return False


KIND = private_server.Kind(
    "tests.throwaway_postgres", "postgresql", lambda: find_programs() is not None, absence
)

if __name__ == "__main__":
    sys.exit(KIND.ensure(sys.argv[1:]))
