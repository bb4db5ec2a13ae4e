"""The background process: sweeps, deliveries, long jobs; one or several, beside the web server.

The queue only wakes it; what must be done stands in the database. So a worker that was killed, a message that was lost
or a queue out of order costs no more than the wait for the next minute, and everything here may run twice without harm.
What is done each minute and each night one worker does for all of them (`kernel/runs`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from portal import logs, queues
from portal.kernel import clock, files, jobs, outbox, recents, runs, sessions, timers, workers
from portal.kernel import print as prints
from portal.kernel.db import db
from portal.notices import compose

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger(__name__)
THREADS = 2  # a long job does not keep deliveries waiting
STOP_PATIENCE = 4.0  # seconds for what is under way; whoever started the worker waits a little longer
MINUTE = 60.0  # seconds between two looks of a worker
# A little less than that, for two looks of one worker are never exactly so far apart.
EVERY = timedelta(seconds=50)
SULKING = 30.0  # seconds for which a queue that did not answer is not asked again


class _Sulk:
    """When the queue last did not answer: nobody shall wait for it with every change."""

    until = 0.0


def wake() -> None:
    """Have a worker look now and not within a minute. After a commit; a queue out of order fails nothing."""
    if time.monotonic() < _Sulk.until:
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    try:
        queue = _queue(app)
        if not queue.huey.pending_count():  # a message that nobody has read yet does for this, too
            queue.errands()
        queue.huey.storage.close()  # used seldom, so the web process keeps no connection for it
    except Exception:  # each worker finds what stands in the database
        _Sulk.until = time.monotonic() + SULKING
        log.exception("no worker was woken")


outbox.WAKE.append(wake)


def one_pass() -> None:
    """Everything that is due now and that one worker does for all: clocks, deliveries, what time has ended."""
    now = clock.now()
    _each("sweep", timers.sweep(now))
    _deliver()
    with db.write():
        sessions.forget_old(now)
        jobs.forget_old(now)
        workers.forget_old(clock.real())
        outbox.forget_old(now)
    prints.forget_old(now)


def errands() -> None:
    """What somebody waits for: deliveries and jobs."""
    _deliver()
    if done := jobs.work_off():
        log.info("jobs: %s taken up", done)


def tidy(now: datetime) -> Iterator[str]:
    """Once a night: old searches, and contents of attachments that no case points to."""
    with db.write():
        recents.forget_old(now)
    if gone := files.clean(now):
        yield f"{gone} files deleted"


runs.REGULAR["tidy"] = runs.Regular(tidy)


def _deliver() -> None:
    _each("deliver", outbox.deliver(clock.now(), compose))


def _each(name: str, lines: Iterable[str]) -> None:
    for line in lines:
        log.info("%s: %s", name, line)


def minute() -> None:
    """What each worker does every minute, whatever becomes of the queue: the first one does it for all."""
    now = clock.real()
    runs.once(runs.MINUTELY, one_pass, since=now - EVERY, now=now)
    runs.regular(now)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first, for STOP_PATIENCE at most."""
    from huey.consumer import Consumer

    how = app.config["SETTINGS"].log
    logs.speak(how, "worker", level=logging.INFO)
    logs.speak(how, "worker", logger="huey", seldom=True)
    for about_fonts_and_screens in ("fontTools", "weasyprint"):
        logging.getLogger(about_fonts_and_screens).setLevel(logging.ERROR)
    consumer = Consumer(
        _queue(app).huey,
        workers=THREADS,
        periodic=False,
        scheduler_interval=1,
        max_delay=0.5,
        shutdown_timeout=STOP_PATIENCE,
        graceful_signal="TERM",
    )
    log.info("started")
    with workers.present(app, runs.push_on), _rhythm(_in(app, minute)), _rhythm(_in(app, errands)):
        consumer.run()
    log.info("stopped")


@contextmanager
def _rhythm(work: Callable[[], None]) -> Iterator[None]:
    """Do `work` now and every minute, in a thread of its own, for as long as the block lasts."""
    ended = threading.Event()

    def keep() -> None:
        while not ended.is_set():
            work()
            ended.wait(MINUTE)

    thread = threading.Thread(target=keep, name=f"every minute: {work.__name__}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(0.5)  # what is longer is cut off; it stands in the database for the next worker


@dataclass(frozen=True)
class Queue:
    """The queue, and the message that can be put into it by calling it."""

    huey: Huey
    errands: Callable[[], Any]


def _queue(app: Flask) -> Queue:
    """The application's queue, opened: to wake a worker, or to be one."""
    huey = queues.opened(app.config["SETTINGS"])
    return Queue(huey, errands=huey.task(name="errands")(_in(app, errands)))


def _in(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def guarded() -> None:
        with app.app_context():
            try:
                work()
            except Exception:  # a minute later it is tried again
                log.exception("%s failed", work.__name__)

    guarded.__name__ = work.__name__
    return guarded
