"""A server killed in the middle of its writes has lost nothing that it acknowledged."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.models import Case
from portal.kernel import search
from portal.kernel.db import db
from tests import factories
from tests.conftest import Ground
from tests.faults import writer

ROUNDS = 12 if os.environ.get("TESTS_WHOLE") == "1" else 3
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
    writers = [Writer.started(any_ground) for _ in range(ROUNDS)]
    for turn, each in enumerate(writers):
        any_ground.close()
        acknowledged += each.killed_while_writing(after=3 + 4 * turn)
        with any_app.app_context():
            stored = set(db.session.scalars(sa.select(Case.number)))
            assert set(acknowledged) <= stored
            assert len(stored) <= len(acknowledged) + turn + 1, (
                "at most one case a kill was kept without a word"
            )
            for case in db.session.scalars(sa.select(Case)):
                assert next(e.event for e in factories.events(any_app, case.number)) == "case:register"
            if db.engine.dialect.name == "sqlite":
                assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            hits = sa.select(Case.id).where(Case.id.in_(search.matching("case", "漏墨")))
            assert len(db.session.scalars(hits).all()) == len(stored)
        assert factories.history_faults(any_app) == []
        # The next one works at once: no lock was left behind.
        acknowledged.append(factories.a_case(any_app))
