"""A clock that runs a day ahead for a while and is set back: nothing is told twice, and nothing stays open until then."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.servers import Server, free_port, running
from bench.targets import Visitor
from portal import create_app
from portal.blueprints.complaints.codes import State
from portal.config import Settings
from portal.kernel import clock, jobs, runs, workers
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.jobs import Job
from portal.kernel.sessions import Session
from tests import factories
from tests.account.test_second_factor import browser, code_at, enrolled, password_step, type_code
from tests.client import CarefulClient
from tests.conftest import At, client_of

TODAY, AHEAD, BACK = "Mon 2026-03-02 09:00", "Tue 2026-03-03 09:00", "Mon 2026-03-02 08:00"


def test_what_was_done_a_day_ahead_leaves_nothing_open(
    any_app: Flask, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = any_app
    at(TODAY)
    factories.a_case(app, State.ROUTED)
    before = client_of(app, "desk1")
    enrolled(app)

    now = at(AHEAD)
    told = factories.sweep(app)
    assert told, "a day later somebody is late"
    ahead, waits = client_of(app, "desk2"), browser(app)
    assert ahead.get("/").status_code == 200
    other = browser(app)
    password_step(other)
    assert type_code(other, code_at(now)).status_code == 303
    password_step(waits)
    with app.app_context(), db.write():
        jobs.ask("of the test", "one", by=None, now=clock.now())
        db.session.execute(sa.update(Job).values(lease_until=clock.now() + jobs.LEASE, tries=1))
        db.session.execute(sa.update(Session).where(Session.started_at < now).values(seen_at=now))

    now = at(BACK)
    assert factories.sweep(app) == []
    assert ahead.get("/").status_code == 302, "a login of tomorrow would last until then"
    assert before.get("/").status_code == 200
    with app.app_context():
        assert set(db.session.scalars(sa.select(Session.seen_at).where(Session.started_at < now + timedelta(hours=2)))) == {now}
    assert type_code(waits, code_at(now)).status_code != 303, "its five minutes would be a day"
    again = browser(app)
    password_step(again)
    assert type_code(again, code_at(now)).status_code == 303, "a code that counted tomorrow shuts nobody out"
    done: list[object] = []
    monkeypatch.setitem(jobs.WORK, "of the test", lambda given: str(done.append(given)))
    with app.app_context():
        assert jobs.work_off() == 1
    assert not workers.Worker(seen_at=now + timedelta(days=1)).alive(now)

    at(AHEAD)
    assert factories.sweep(app) == [], "told once is told"
    assert factories.history_faults(app) == []


# -- the machine's own clock ---------------------------------------------------------------------------------------

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
PATIENCE = 120.0


@pytest.mark.skipif(
    os.environ.get("TESTS_WHOLE") != "1" or LIBRARY is None, reason="`make faults` with the package faketime"
)
def test_the_machines_clock_jumps_while_web_and_worker_run(tmp_path: Path) -> None:
    """Forwards a day and back an hour under the running processes; each minute goes on, each late clock is told once."""
    instance, port, shift = tmp_path / "instance", free_port(), tmp_path / "shift"
    app = create_app(Settings(instance=instance, demo="1"))
    app.test_client_class = CarefulClient
    shift.write_text("+0")
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment = others | {
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_DEMO": "1",
        "PORT": str(port),
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = (sys.executable, "-m", "portal.supervisor")
    with running((command, environment, port), patience=600) as server:
        sent = _swept(app)
        for step in ("+1d", "-1h", "+0"):
            before = _asked(server)
            shift.write_text(step)
            assert _asked(server), "the portal answers whatever the clock says"
            assert before
            last = time.monotonic() + PATIENCE
            while (seen := _swept(app)) == sent:
                assert time.monotonic() < last, f"nobody looks at what is due any more after {step}"
                time.sleep(0.5)
            sent = seen
        told = _told(app)
    assert set(told.values()) <= {1}, [what for what, times in told.items() if times > 1]
    assert factories.history_faults(app) == []


def _asked(server: Server) -> bool:
    """Somebody logs in and records a case."""
    visitor = Visitor(server)
    visitor.log_in()
    return bool(visitor.token)


def _swept(app: Flask) -> object:
    with app.app_context():
        ended = db.session.scalar(sa.select(runs.Run.ended_at).where(runs.Run.name == runs.MINUTELY))
        db.session.remove()
    return ended


def _told(app: Flask) -> Counter[tuple[object, ...]]:
    """How often each person was told of each overdue clock."""
    with app.app_context():
        rows = db.session.execute(
            sa.select(Notice.person_id, Notice.number, Notice.kind, Notice.details).where(Notice.kind.like("clock:%"))
        ).all()
        db.session.remove()
    return Counter(tuple(row) for row in rows)
