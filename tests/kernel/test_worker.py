"""The background process: woken after a commit, stopped by a signal, harmless in pairs."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import make_url

from portal import queues, worker
from portal.blueprints.complaints.codes import State
from portal.config import ROOT, BadSetting, Settings
from portal.kernel import clock, jobs
from portal.kernel.db import db
from portal.kernel.jobs import Standing
from tests.conftest import At, Ground
from tests.factories import a_case, told

PATIENCE = 30.0  # seconds; two are usual


def environment(settings: Settings) -> dict[str, str]:
    """What a process of its own needs for the same instance, with a clock that goes."""
    bare = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
    given = {"INSTANCE": str(settings.instance), "DATABASE_URL": settings.url, "DEMO": "1"}
    return bare | {f"PORTAL_{name}": text for name, text in given.items()}


def wait_for(what: Callable[[], bool]) -> None:
    """Look until it is so."""
    last = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < last, "the worker did not do it"
        time.sleep(0.05)


def test_a_worker_does_what_it_is_woken_for_and_stops_when_asked(any_app: Flask) -> None:
    settings: Settings = any_app.config["SETTINGS"]
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(settings), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        try:
            # Work that nobody knows is tried and noted at once, which is all that is asked here.
            assert b"started" in process.stderr.readline()
            with any_app.app_context(), db.write():
                jobs.ask("unknown", "one", by=None, now=clock.now())
                db.afterwards(worker.wake)

            def tried() -> bool:
                with any_app.app_context():
                    job = jobs.find("unknown", "one")
                    return job is not None and job.tries > 0 and "KeyError" in job.result

            wait_for(tried)
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
            assert time.monotonic() - asked < 5
        finally:
            process.kill()


def test_one_message_is_enough_while_nobody_reads(any_app: Flask) -> None:
    with any_app.app_context():
        for _ in range(3):
            worker.wake()
    queue = worker._queue(any_app).huey
    assert queue.pending_count() == 1
    queue.storage.close()


def test_workers_that_start_together_make_the_queue_together(postgres_ground: Ground) -> None:
    """Each makes its tables where there are none, and PostgreSQL lets two of them run into each other."""
    app = postgres_ground.fresh()
    url = (
        make_url(app.config["SETTINGS"].url)
        .set(drivername="postgresql")
        .render_as_string(hide_password=False)
    )
    failed: list[BaseException] = []

    def open_it() -> None:
        try:
            queues.opened(app.config["SETTINGS"]).storage.close()
        except psycopg.Error as error:
            failed.append(error)

    for _ in range(3):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS huey_kv, huey_schedule, huey_task, huey_counter")
        starts = [threading.Thread(target=open_it) for _ in range(6)]
        for each in starts:
            each.start()
        for each in starts:
            each.join()
    assert failed == []
    postgres_ground.close()


@pytest.mark.parametrize(
    ("url", "queue", "kind"),
    [
        ("", "", "sqlite"),
        ("postgresql+psycopg://x@127.0.0.1/y", "", "postgresql"),
        ("", "redis://127.0.0.1:6379/0", "redis"),
    ],
)
def test_what_wakes_the_workers(url: str, queue: str, kind: str) -> None:
    assert queues.kind(Settings(database_url=url, queue_url=queue)) == kind


def test_a_password_may_have_any_sign() -> None:
    dsn = queues.dsn_of("postgresql+psycopg://portal:a%20%24%27b@127.0.0.1:5433/portal?connect_timeout=5")
    found = conninfo_to_dict(dsn)
    assert (found["password"], found["port"], found["connect_timeout"]) == ("a $'b", "5433", "5")


@pytest.mark.parametrize(
    ("url", "installed", "told"),
    [
        ("http://x", True, "takes redis://"),
        ("redis://x", False, "pip install redis"),
        ("rediss://x", True, ""),
    ],
)
def test_a_queue_that_cannot_be_had_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, url: str, installed: bool, told: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if installed else None)
    if not told:
        Settings.from_env({"PORTAL_QUEUE_URL": url})
        return
    with pytest.raises(BadSetting, match=told):
        Settings.from_env({"PORTAL_QUEUE_URL": url})


def test_a_queue_out_of_order_fails_nothing_and_is_left_alone_for_a_while(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[Settings] = []

    def down(settings: Settings) -> None:
        asked.append(settings)
        raise ConnectionError("nobody listens")

    monkeypatch.setattr(queues, "opened", down)
    monkeypatch.setattr(worker._Sulk, "until", 0.0)
    for _ in range(3):
        with app.app_context(), db.write():
            db.afterwards(worker.wake)
    assert len(asked) == 1
    assert "no worker was woken" in caplog.text
    assert queues.waiting(app.config["SETTINGS"]) is None


def test_a_write_that_fails_wakes_nobody(app: Flask) -> None:
    woken: list[str] = []

    def write(name: str) -> None:
        with app.app_context(), db.write():
            db.afterwards(lambda: woken.append(name))
            if name == "refused":
                raise OSError("in between")

    with pytest.raises(OSError, match="in between"):
        write("refused")
    write("done")
    assert woken == ["done"]


def test_two_passes_at_once_tell_everybody_once(any_app: Flask, at: At) -> None:
    number = a_case(any_app, State.ROUTED)
    at("Mon 2026-03-02 16:00")

    def look() -> None:
        with any_app.app_context():
            worker.one_pass()

    passes = [threading.Thread(target=look) for _ in range(2)]
    for each in passes:
        each.start()
    for each in passes:
        each.join()
    once = told(any_app, "clock:overdue")
    assert once, f"nobody was told that {number} is overdue"
    look()
    assert told(any_app, "clock:overdue") == once


def test_a_pass_forgets_what_has_ended(app: Flask, at: At) -> None:
    with app.app_context():
        with db.write():
            job = jobs.ask("unknown", "one", by=None, now=clock.now())
            job.standing = Standing.DONE
        at("Wed 2026-03-04 09:00")
        worker.one_pass()
        assert jobs.find("unknown", "one") is None
