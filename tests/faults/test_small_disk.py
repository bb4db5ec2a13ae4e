"""A real disk that fills up under a running server: what was acknowledged is there, and work goes on once there is room.

Part of `make faults` where a disk of memory may be mounted, which takes root.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from portal import create_app, setup
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient, number_in
from tests.conftest import client_of
from tests.faults.test_races import together
from tests.throwaway_postgres import Server

pytestmark = pytest.mark.skipif(
    os.environ.get("TESTS_WHOLE") != "1" or os.geteuid() != 0, reason="`make faults` as root"
)
ROUNDS, WRITERS = 2, 8
A_FEW_CASES = 512 * 1024  # bytes that are left when the writers begin


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 96 MB, of memory, which PostgreSQL's user may enter."""
    with TemporaryDirectory(prefix="portal-faults-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=96m,mode=0755", "portal-faults", place], check=True
        )
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture(params=["sqlite", "postgres"])
def portal(request: pytest.FixtureRequest, small_disk: Path, tmp_path: Path) -> Iterator[Flask]:
    """A portal whose database lies on the small disk.

    Of PostgreSQL the tables do: without room for its log the server itself stops, and has to be started again.
    """
    if request.param == "sqlite":
        yield _made(Settings(instance=small_disk / "instance", demo="1"))
        return
    server: Server = request.getfixturevalue("postgres")
    tables = small_disk / "tables"
    tables.mkdir()
    shutil.chown(tables, "postgres", "postgres")
    with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
        connection.execute("CREATE DATABASE small TABLESPACE small TEMPLATE template0 ENCODING 'UTF8'")
        app = _made(Settings(instance=tmp_path, demo="1", database_url=server.url_of("small")))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        server.drop_database("small")
        connection.execute("DROP TABLESPACE small")


def _made(settings: Settings) -> Flask:
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = CarefulClient
    with app.app_context():
        setup.init_db()
    factories.populate(app)
    return app


def test_a_disk_that_fills_up_under_load(portal: Flask, small_disk: Path) -> None:
    browsers = [client_of(portal, "desk1") for _ in range(WRITERS)]
    for browser in browsers:
        browser.csrf()
        browser.careful = False
    acknowledged: set[str] = set()
    codes: Counter[int] = Counter()
    lock = threading.Lock()

    def write(place: int) -> None:
        for _ in range(4):
            # Words that no database can make smaller.
            told = "".join(map(chr, random.choices(range(0x4E00, 0x9FA5), k=8000)))
            answer = browsers[place].register(content=told)
            with lock:
                codes[answer.status_code] += 1
                if answer.status_code == 303:
                    acknowledged.add(number_in(answer))

    for turn in range(ROUNDS):
        filling = small_disk / "filling"
        with suppress(OSError), filling.open("wb", buffering=0) as full:
            while True:
                full.write(b"x" * 4096)
        os.truncate(filling, filling.stat().st_size - A_FEW_CASES)
        together(WRITERS, write)
        filling.unlink()
        assert set(codes) <= {303, 503, 507}, codes
        with portal.app_context():
            stored = set(db.session.scalars(sa.select(Case.number)))
            db.session.remove()
        assert acknowledged <= stored
        # Nothing was kept without a word either, but for a commit whose answer the server could not give any more.
        assert len(stored - acknowledged) <= WRITERS * (turn + 1)
        assert factories.history_faults(portal) == []
        # There is room again; PostgreSQL may have to come back by itself first.
        acknowledged |= stored | {factories.a_case(portal)}
    assert codes[503] + codes[507] > 0, codes
    print(dict(codes), len(acknowledged))
