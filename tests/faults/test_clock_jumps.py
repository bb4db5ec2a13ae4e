"""A clock that runs a day ahead for a while and is set back: nothing is told twice, and nothing stays open until then."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.servers import Server, free_port
from bench.targets import Visitor
from portal.blueprints.complaints.codes import State
from portal.kernel import clock, jobs, runs, workers
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.sessions import Session
from portal.supervisor import answers
from tests import factories
from tests.account.test_second_factor import browser, code_at, enrolled, password_step, type_code
from tests.conftest import At, client_of
from tests.faults import crew
from tests.faults.test_bad_disk import let_go, made, register
from tests.faults.test_growing import wait_for
from tests.faults.test_kill import PROCESSES
from tests.kernel.moments import at as moment

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
        assert set(
            db.session.scalars(
                sa.select(Session.seen_at).where(Session.started_at < now + timedelta(hours=2))
            )
        ) == {now}
    assert type_code(waits, code_at(now)).status_code != 303, "its five minutes would be a day"
    again = browser(app)
    password_step(again)
    assert type_code(again, code_at(now)).status_code == 303, "a code that counted tomorrow shuts nobody out"
    done: list[object] = []
    monkeypatch.setitem(jobs.WORK, "of the test", lambda given: done.append(given) or "")  # type: ignore[func-returns-value]
    with app.app_context():
        assert jobs.work_off() == 1
    assert not workers.Worker(seen_at=now + timedelta(days=1)).alive(now)

    at(AHEAD)
    assert factories.sweep(app) == [], "told once is told"
    assert factories.history_faults(app) == []


# -- under running processes ----------------------------------------------------------------------------------------

PATIENCE = 60.0
DAY, HOUR = 86_400, 3_600


@pytest.mark.skipif(os.environ.get("TESTS_WHOLE") != "1", reason="`make faults`")
def test_the_clock_jumps_while_web_and_worker_run(tmp_path: Path) -> None:
    """Forwards a day and back an hour; people work on, the worker looks at what is due, each late clock is told once."""
    today = moment(TODAY)
    app, port, shift = made(tmp_path / "instance", now=today.isoformat()), free_port(), tmp_path / "shift"
    to_today = today.timestamp() - time.time()
    late = factories.a_case(app, State.ROUTED)
    let_go(app)
    environment = {
        "PORTAL_INSTANCE": str(tmp_path / "instance"),
        "PORTAL_DEMO": "1",
        "TESTS_CLOCK": str(shift),
    }
    _set(shift, to_today)
    processes = [
        PROCESSES.Process(target=crew.serve, args=(environment, 2, port)),
        PROCESSES.Process(target=crew.work, args=(environment, tmp_path)),
    ]
    for process in processes:
        process.start()
    try:
        wait_for(lambda: answers("127.0.0.1", port), "the web server does not answer")
        for by in (0, DAY, -HOUR, 0, DAY):
            _set(shift, to_today + by)
            wait_for(lambda: _looked(app), f"nobody looks at what is due {by} s from now")
            visitor = Visitor(Server(processes[0], port, 0.0))  # type: ignore[arg-type]  # it is not asked for its process
            visitor.log_in()
            assert register(visitor)[0] == 303, f"{by} s from now nothing is recorded"
    finally:
        for process in processes:
            process.terminate()
            process.join(10)
    ours = [
        notice
        for notice in factories.notices(app)
        if notice.number == late and notice.kind.startswith("clock:")
    ]
    told = Counter((notice.person_id, notice.kind, notice.details) for notice in ours)
    assert set(told.values()) == {1}
    assert factories.history_faults(app) == []


def _set(shift: Path, seconds: float) -> None:
    fresh = shift.with_suffix(".fresh")
    fresh.write_text(str(seconds))
    fresh.replace(shift)
    _set.at = time.time() + seconds  # type: ignore[attr-defined]  # when, by the new clock


def _looked(app: Flask) -> bool:
    """The worker has looked since the clock was set, by that clock."""
    with app.app_context():
        run = db.session.get(runs.Run, runs.MINUTELY)
        ended = run.ended_at if run else None
        db.session.remove()
    return ended is not None and 0 <= ended.timestamp() - _set.at < PATIENCE  # type: ignore[attr-defined]
