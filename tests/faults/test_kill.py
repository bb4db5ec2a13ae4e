"""A server killed in the middle of its writes has lost nothing that it acknowledged."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.models import Case
from portal.kernel import search
from portal.kernel.db import db
from tests import factories
from tests.conftest import Ground

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 12 if os.environ.get("TESTS_WHOLE") == "1" else 3


def writer(ground: Ground) -> subprocess.Popen[str]:
    """A process that waits for a line before it begins to write; starting takes longer than writing."""
    address = [str(ground.settings.instance), ground.settings.database_url]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", *address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_while_writing(process: subprocess.Popen[str], after: int) -> list[str]:
    """The numbers that a process acknowledged before it was killed with kill -9."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    told = [process.stdout.readline().strip() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().split("\n")
    process.wait(30)
    process.stdin.close()
    process.stdout.close()
    return [line for line in told if re.fullmatch(r"TS-\d{8}-\d{4}", line)]


@pytest.mark.slow
def test_no_acknowledged_case_is_lost(any_ground: Ground, any_app: Flask) -> None:
    acknowledged: list[str] = []
    writers = [writer(any_ground) for _ in range(ROUNDS)]
    for turn, process in enumerate(writers):
        any_ground.close()
        acknowledged += killed_while_writing(process, after=3 + 4 * turn)
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
