"""PostgreSQL beside SQLite: a server of its own for the length of a run, as careful as a real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import click

from bench import data
from portal.config import Settings
from tests import throwaway_postgres
from tests.private_server import Absent

# The tests' server may lose everything; here its answers must wait for the disk as SQLite's do.
CAREFUL = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
}


@contextmanager
def instance(count: int) -> Iterator[tuple[Path, str] | None]:
    """Folder and database address of an instance with that many cases; None, and a line why, without PostgreSQL."""
    with mock.patch.dict(throwaway_postgres.OPTIONS, CAREFUL), ExitStack() as stack:
        try:
            server = stack.enter_context(throwaway_postgres.running())
        except Absent as error:
            click.echo(f"P14 is not measured: {error}")
            yield None
            return
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="portal-bench-pg-")))
        url = server.create_database("bench")
        data.fill(Settings(instance=folder, database_url=url, demo="1"), count)
        yield folder, url
