"""The background process: sweeps, deliveries, long jobs; one or several, beside the web server.

Huey wakes it and keeps its rhythm; what must be done stands in the database. So a worker that was killed, or a message
that was lost, costs no more than the wait for the next pass, and everything here may run twice without harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy.engine import make_url

from portal.config import Settings
from portal.kernel import clock, jobs, outbox, sessions, timers
from portal.kernel.db import db
from portal.notices import compose

log = logging.getLogger(__name__)


def queue(settings: Settings) -> Huey:
    """The queue that wakes workers: a file beside the database, or the PostgreSQL database itself."""
    if settings.url.startswith("sqlite"):
        return SqliteHuey("portal", filename=str(settings.instance / "queue.sqlite"))
    url = make_url(settings.url).set(drivername="postgresql")
    return PostgresHuey("portal", dsn=url.render_as_string(hide_password=False))


def one_pass() -> None:
    """Everything that is due now: clocks, deliveries, jobs, ended sessions."""
    now = clock.now()
    _each("sweep", timers.sweep(now))
    _each("deliver", outbox.deliver(now, compose))
    if done := jobs.work_off():
        log.info("jobs: %s ended", done)
    with db.write():
        sessions.forget_old(now)


def _each(name: str, lines: Iterable[str]) -> None:
    for line in lines:
        log.info("%s: %s", name, line)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    consumer = Consumer(
        _with_tasks(app), workers=1, periodic=True, scheduler_interval=1, graceful_signal="TERM"
    )
    log.info("started")
    consumer.run()


def _with_tasks(app: Flask) -> Huey:
    huey = queue(app.config["SETTINGS"])
    once = _in(app, one_pass)
    huey.periodic_task(crontab(minute="*"), name="pass")(once)
    huey.task(name="wake")(once)
    huey.on_startup(name="first pass")(once)
    return huey


def _in(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def guarded() -> None:
        with app.app_context():
            try:
                work()
            except Exception:  # the next pass, a minute later, tries again
                log.exception("a pass failed")

    return guarded
