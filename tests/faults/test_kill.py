"""A server killed in the middle of its writes has lost nothing that it acknowledged."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bench import clients
from bench.targets import Visitor
from portal.blueprints.complaints.models import Case
from portal.kernel import search
from portal.kernel.db import db
from tests import factories
from tests.conftest import Ground
from tests.faults import writer
from tests.faults.test_bad_disk import killed_at_the_end, logged_in, made, register, stored

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
ROUNDS, SERVERS = 45 if WHOLE else 3, 10  # on each database; with the servers, a hundred
READY = 3.0  # seconds from the start to the first answer, on a machine that has nothing else to do
# A server without threads and connections, which knows the portal already: what it forks is as good as a new process.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.writer"])


@dataclass
class Writer:
    """A process that waits for a word before it begins to write; starting takes longer than writing."""

    process: ForkServerProcess
    go: Connection
    told: Connection

    @classmethod
    def started(cls, ground: Ground) -> Writer:
        """One that works on the database of `ground`."""
        (its_go, go), (told, its_told) = PROCESSES.Pipe(duplex=False), PROCESSES.Pipe(duplex=False)
        address = (ground.settings.instance, ground.settings.database_url)
        process = PROCESSES.Process(target=writer.write, args=(*address, its_go, its_told), daemon=True)
        process.start()
        its_go.close()
        its_told.close()
        return cls(process, go, told)

    def killed_while_writing(self, after: int) -> list[str]:
        """The numbers that it acknowledged before it was killed with kill -9."""
        self.go.send("go")
        numbers = [self.told.recv() for _ in range(after)]
        self.process.kill()
        with suppress(EOFError):
            while True:
                numbers.append(self.told.recv())
        self.process.join(30)
        assert self.process.exitcode == -signal.SIGKILL
        self.go.close()
        self.told.close()
        return numbers


@pytest.mark.slow
def test_no_acknowledged_case_is_lost(any_ground: Ground, any_app: Flask) -> None:
    acknowledged: list[str] = []
    looked_at: set[str] = set()
    writers = deque(Writer.started(any_ground) for _ in range(3))
    for turn in range(ROUNDS):
        each = writers.popleft()
        if turn + 3 < ROUNDS:
            writers.append(Writer.started(any_ground))
        any_ground.close()
        acknowledged += each.killed_while_writing(after=3 + 4 * (turn % 8))
        with any_app.app_context():
            stored = set(db.session.scalars(sa.select(Case.number)))
            assert set(acknowledged) <= stored
            assert len(stored) <= len(acknowledged) + turn + 1, (
                "at most one case a kill was kept without a word"
            )
            for number in stored - looked_at:
                assert next(e.event for e in factories.events(any_app, number)) == "case:register"
            looked_at |= stored
            if db.engine.dialect.name == "sqlite":
                assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            hits = sa.select(Case.id).where(Case.id.in_(search.matching("case", "漏墨")))
            assert len(db.session.scalars(hits).all()) == len(stored)
        assert factories.history_faults(any_app) == []
        # The next one works at once: no lock was left behind.
        acknowledged.append(factories.a_case(any_app))


@pytest.mark.skipif(not WHOLE, reason="`make faults`")
def test_a_server_that_was_killed_is_ready_again(tmp_path: Path) -> None:
    """kill -9 to every process of the web server while two record cases; then it is started as if nothing had been."""
    app = made(tmp_path / "instance")
    acknowledged: list[str] = []
    starts: list[float] = []
    unanswered = 0

    def work(visitor: Visitor) -> None:
        with suppress(OSError, ConnectionError):
            while True:
                acknowledged.append(register(visitor)[1])

    for _ in range(SERVERS):
        with killed_at_the_end(tmp_path / "instance") as server:
            starts.append(server.started_in / max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
            ready = clients.once(server.port, clients.request("GET", "/readyz", {}))
            assert clients.status(ready) == 200
            before = len(acknowledged)
            at_work = [threading.Thread(target=work, args=(visitor,)) for visitor in logged_in(server, 2)]
            for thread in at_work:
                thread.start()
            while len(acknowledged) < before + 5:
                time.sleep(0.01)
        for thread in at_work:
            thread.join(60)
        unanswered += len(at_work)
    found = stored(app)
    assert len(acknowledged) == len(set(acknowledged))
    assert set(acknowledged) <= found
    assert len(found) <= len(acknowledged) + unanswered
    assert factories.history_faults(app) == []
    assert max(starts) < READY, starts
