"""A disk that answers with errors (EIO) under a running server: nothing is acknowledged that is not there afterwards.

The errors are strace's, given to SQLite's and PostgreSQL's own calls. Part of `make faults` where strace is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from bench import clients, servers, targets
from bench.servers import ROOT
from bench.targets import Visitor
from portal import create_app, setup
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient
from tests.throwaway_postgres import Server as Postgres

pytestmark = pytest.mark.skipif(
    os.environ.get("TESTS_WHOLE") != "1" or shutil.which("strace") is None, reason="`make faults` with strace"
)
WRITERS, EACH = 4, 15
# What SQLite writes its log and its file by, and what makes a file sure.
CALLS = "pwrite64,fdatasync,fsync"
NUMBER = re.compile(rb"location: \S*(TS-\d{8}-\d{4,})", re.IGNORECASE)
Said = Counter[int]


@contextmanager
def failing(pids: list[int], calls: str, when: str) -> Iterator[None]:
    """Some of these calls of these processes answer EIO, as strace counts: `7+5` is the 7th and each 5th after it."""
    attached = [argument for pid in pids for argument in ("-p", str(pid))]
    tracer = subprocess.Popen(
        [
            "strace",
            "-f",
            "-o",
            "/dev/null",
            "-e",
            f"trace={calls}",
            "-e",
            f"inject={calls}:error=EIO:when={when}",
            *attached,
        ],
        stderr=subprocess.PIPE,
    )
    assert tracer.stderr is not None
    for _ in pids:
        assert b"attached" in tracer.stderr.readline()
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)  # it lets go of them
        tracer.wait(30)
        tracer.stderr.close()


def made(instance: Path, url: str = "", now: str = "") -> Flask:
    """A portal with the people of the tests."""
    app = create_app(Settings(instance=instance, database_url=url, demo="1", now=now))
    app.test_client_class = CarefulClient
    with app.app_context():
        setup.init_db()
    factories.populate(app)
    let_go(app)
    return app


def let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def stored(app: Flask) -> set[str]:
    with app.app_context():
        found = set(db.session.scalars(sa.select(Case.number)))
    let_go(app)
    return found


def register(visitor: Visitor) -> tuple[int, str]:
    """The status, and the number that was acknowledged; a connection that is cut off is an answer of none."""
    body = urlencode(targets.typed(visitor.token)).encode()
    answer = clients.once(visitor.server.port, visitor.asks("POST", "/complaints/new", body=body))
    found = NUMBER.search(answer) if clients.status(answer) == 303 else None
    if clients.status(answer) == 503:
        assert b"Nothing was saved" in answer or "什么也没有保存".encode() in answer or b"<h1" in answer
    return clients.status(answer), found[1].decode() if found else ""


def crowd(visitors: list[Visitor]) -> tuple[Said, set[str]]:
    """All at once, so many cases each: what was answered, and what was acknowledged."""
    said: Said = Counter()
    acknowledged: set[str] = set()
    lock = threading.Lock()

    def write(visitor: Visitor) -> None:
        for _ in range(EACH):
            code, number = register(visitor)
            with lock:
                said[code] += 1
                acknowledged.update({number} - {""})

    threads = [threading.Thread(target=write, args=(visitor,)) for visitor in visitors]
    for each in threads:
        each.start()
    for each in threads:
        each.join(300)
        assert not each.is_alive()
    return said, acknowledged


def logged_in(server: servers.Server, count: int = WRITERS) -> list[Visitor]:
    found = [Visitor(server) for _ in range(count)]
    for visitor in found:
        visitor.log_in()
    return found


@contextmanager
def killed_at_the_end(instance: Path, url: str = "") -> Iterator[servers.Server]:
    """The web server, which dies of kill -9 with all its processes."""
    with servers.running(servers.portal(instance, url), patience=300) as server:
        yield server
        for pid in reversed(server.pids()):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("when", ["5+7", "20+40", "61+97"])
def test_sqlite_on_a_disk_with_errors(tmp_path: Path, when: str) -> None:
    app = made(tmp_path / "instance")
    with killed_at_the_end(tmp_path / "instance") as server:
        visitors = logged_in(server)
        with failing(server.pids(), CALLS, when):
            said, acknowledged = crowd(visitors)
        # The disk is well again: work goes on by itself.
        code, number = register(visitors[0])
        assert code == 303
        acknowledged.add(number)
    assert set(said) <= {303, 503, 507}, said
    assert said[503] > 0, said
    found = stored(app)
    assert acknowledged <= found, acknowledged - found
    assert found <= acknowledged, f"kept, though the answer was that nothing was: {found - acknowledged}"
    assert factories.history_faults(app) == []
    with app.app_context():
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    let_go(app)
    print(when, dict(said), len(acknowledged))


def test_postgresql_on_a_disk_with_errors(tmp_path: Path, postgres: Postgres) -> None:
    """Its server stops itself when its log cannot be written, and comes back; so do the portal's connections."""
    postgres.drop_database("bad")
    url = postgres.create_database("bad")
    app = made(tmp_path / "instance", url)
    said: Said = Counter()
    acknowledged: set[str] = set()
    with killed_at_the_end(tmp_path / "instance", url) as server:
        visitors = logged_in(server)
        for when in ("9", "21"):
            crowd(visitors[:1])  # every process has its connection
            with failing(_backends(postgres), "pwrite64", when):
                told, new = crowd(visitors)
            said, acknowledged = said + told, acknowledged | new
            last = time.monotonic() + 60
            while (again := register(visitors[0]))[0] != 303:
                assert again[0] == 503, again
                assert time.monotonic() < last, "work does not go on"
                time.sleep(0.1)
            acknowledged.add(again[1])
    assert set(said) <= {303, 503, 507}, said
    assert said[503] > 0, said
    found = stored(app)
    assert acknowledged <= found, acknowledged - found
    assert factories.history_faults(app) == []
    let_go(app)
    postgres.drop_database("bad")
    print(dict(said), len(acknowledged))


def _backends(postgres: Postgres) -> list[int]:
    """The server's processes that write for the portal."""
    address = postgres.url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'bad'").fetchall()
    return [pid for (pid,) in rows]


@pytest.mark.parametrize(("calls", "when"), [("pwrite64", "3"), ("write", "200"), ("fsync,fdatasync", "1")])
def test_a_backup_that_met_an_error_is_none(tmp_path: Path, calls: str, when: str) -> None:
    """It says so, ends with 1 and leaves no file; or the error was of no account, and it can be restored."""
    instance = tmp_path / "instance"
    app = made(instance)
    factories.a_case(app)
    let_go(app)
    kept = tmp_path / "kept"
    kept.mkdir()
    flask = (sys.executable, "-m", "flask", "--app", "wsgi")
    environment = os.environ | {
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_DEMO": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ended = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={calls}",
         "-e", f"inject={calls}:error=EIO:when={when}", *flask, "backup", str(kept / "copy")],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if ended.returncode == 0:
        other = environment | {"PORTAL_INSTANCE": str(tmp_path / "other")}
        command = [*flask, "restore", str(kept / "copy")]
        restored = subprocess.run(command, cwd=ROOT, env=other, capture_output=True, text=True, timeout=300)
        assert restored.returncode == 0, restored.stderr
        return
    print(calls, ended.stderr.splitlines()[-1])
    assert list(kept.iterdir()) == [], ended.stderr
    assert ended.stderr.strip()
