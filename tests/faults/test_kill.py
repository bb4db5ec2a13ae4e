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


def killed_while_writing(ground: Ground, after: int) -> list[str]:
    """The numbers that a process acknowledged before it was killed with kill -9."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.faults.writer",
            str(ground.settings.instance),
            ground.settings.database_url,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        told = [process.stdout.readline().strip() for _ in range(after)]
    finally:
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split("\n")
        process.stdout.close()
        process.wait(30)
    return [line for line in (*told, *rest) if re.fullmatch(r"TS-\d{8}-\d{4}", line)]


@pytest.mark.slow
def test_no_acknowledged_case_is_lost(any_ground: Ground, any_app: Flask) -> None:
    acknowledged: list[str] = []
    for turn in range(ROUNDS):
        any_ground.close()
        acknowledged += killed_while_writing(any_ground, after=3 + 4 * turn)
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
