"""The background process: sweeps, deliveries, long jobs; one or several, beside the web server.

Huey wakes it and keeps its rhythm; what must be done stands in the database. So a worker that was killed, or a message
that was lost, costs no more than the wait for the next pass, and everything here may run twice without harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from sqlalchemy.engine import make_url

from portal.config import Settings
from portal.kernel import clock, files, jobs, outbox, sessions, timers
from portal.kernel import print as prints
from portal.kernel.db import db
from portal.notices import compose

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger(__name__)
THREADS = 2  # a long job does not keep the sweep waiting
STOP_PATIENCE = 4.0  # seconds for what is under way; whoever started the worker waits a little longer


def wake() -> None:
    """Have a worker look now and not with its next pass. After a commit; a queue out of order fails nothing."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    try:
        queue = _queue(app)
        if not queue.huey.pending_count():  # a message that nobody has read yet does for this, too
            queue.errands()
        queue.huey.storage.close()  # used seldom, so the web process keeps no connection for it
    except Exception:  # the next pass finds what stands in the database
        log.exception("no worker was woken")


def one_pass() -> None:
    """Everything that is due now: clocks, deliveries, jobs, what time has ended."""
    now = clock.now()
    _each("sweep", timers.sweep(now))
    errands()
    with db.write():
        sessions.forget_old(now)
        jobs.forget_old(now)
        outbox.forget_old(now)
    prints.forget_old(now)


def errands() -> None:
    """What somebody waits for: deliveries and jobs."""
    _each("deliver", outbox.deliver(clock.now(), compose))
    if done := jobs.work_off():
        log.info("jobs: %s taken up", done)


def tidy() -> None:
    """Once a day: contents of attachments that no case points to."""
    if gone := files.clean(clock.now()):
        log.info("tidy: %s files deleted", gone)


def _each(name: str, lines: Iterable[str]) -> None:
    for line in lines:
        log.info("%s: %s", name, line)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first, for STOP_PATIENCE at most."""
    from huey.consumer import Consumer

    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    for about_fonts_and_screens in ("fontTools", "weasyprint"):
        logging.getLogger(about_fonts_and_screens).setLevel(logging.ERROR)
    queue = _queue(app)
    queue.one_pass()
    consumer = Consumer(
        queue.huey,
        workers=THREADS,
        periodic=True,
        scheduler_interval=1,
        max_delay=0.5,
        shutdown_timeout=STOP_PATIENCE,
        graceful_signal="TERM",
    )
    log.info("started")
    consumer.run()
    log.info("stopped")


@dataclass(frozen=True)
class Queue:
    """The queue, and the messages that can be put into it by calling them."""

    huey: Huey
    one_pass: Callable[[], Any]
    errands: Callable[[], Any]


def _queue(app: Flask) -> Queue:
    """The application's queue, opened: to wake a worker, or to be one."""
    from huey import crontab

    huey = _huey(app.config["SETTINGS"])
    each_night = crontab(minute="20", hour="19")  # UTC, hence after office hours in Asia
    huey.periodic_task(each_night, name="tidy")(_in(app, tidy))
    return Queue(
        huey,
        one_pass=huey.periodic_task(crontab(minute="*"), name="one_pass")(_in(app, one_pass)),
        errands=huey.task(name="errands")(_in(app, errands)),
    )


def _huey(settings: Settings) -> Huey:
    """A file beside the database, or the PostgreSQL database itself; results stand in rows, not in the queue."""
    from huey import PostgresHuey, SqliteHuey

    if settings.url.startswith("sqlite"):
        return SqliteHuey("portal", filename=str(settings.instance / "queue.sqlite"), results=False)
    url = make_url(settings.url).set(drivername="postgresql")
    return PostgresHuey("portal", dsn=url.render_as_string(hide_password=False), results=False)


def _in(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def guarded() -> None:
        with app.app_context():
            try:
                work()
            except Exception:  # the next pass, a minute later, tries again
                log.exception("a pass failed")

    return guarded
