"""Which workers there are: each process says every few seconds that it is alive, and what it is at."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Model, UTCDateTime, db, insert

log = logging.getLogger(__name__)
BEAT = 15.0  # seconds between two heartbeats
SILENT = timedelta(seconds=60)  # after so long without one, a process is taken for dead
KEPT = timedelta(days=1)  # how long a dead one is shown

# Thread -> what it is at. Kept in the process; the heartbeat carries it into the table.
_at: dict[int, str] = {}


class Worker(Model):
    """One process. It takes its row away when it is stopped; the row of one that was killed stays a day."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    host: Mapped[str] = mapped_column(sa.String(80))
    pid: Mapped[int] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    doing: Mapped[str] = mapped_column(sa.String(120), default="")

    def alive(self, now: datetime) -> bool:
        """True when it was heard of lately, and not in a future that a clock set back has left behind."""
        return abs(now - self.seen_at) < SILENT


def me() -> str:
    """This process's name: machine and process number."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


@contextmanager
def doing(what: str) -> Iterator[None]:
    """What this thread is at, for as long as the block lasts."""
    _at[threading.get_ident()] = what
    try:
        yield
    finally:
        _at.pop(threading.get_ident(), None)


@contextmanager
def present(app: Flask, also: Callable[[datetime], None]) -> Iterator[None]:
    """This process is announced for the length of the block; `also` is done with every heartbeat, inside its write."""
    started, ended = clock.real(), threading.Event()

    def beat() -> None:
        while True:
            with app.app_context():
                try:
                    with db.write():
                        _say(started)
                        also(clock.real())
                except SQLAlchemyError:  # the next one tells it
                    log.warning("no heartbeat", exc_info=True)
            if ended.wait(BEAT):
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(BEAT)
        with app.app_context(), db.write():
            db.session.execute(sa.delete(Worker).where(Worker.name == me()))


def _say(started: datetime) -> None:
    now = clock.real()
    told = {"seen_at": now, "doing": ", ".join(sorted(_at.values()))[:120], "started_at": started}
    row = {"name": me(), "host": socket.gethostname()[:80], "pid": os.getpid(), **told}
    statement = insert(Worker).values(row)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=told))


def forget_old(now: datetime) -> None:
    """The rows of processes that were killed long ago. Inside a write."""
    db.session.execute(sa.delete(Worker).where(Worker.seen_at < now - KEPT))
