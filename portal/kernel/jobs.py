"""Long work, done by the worker: a row with lease and heartbeat is the truth, a message only wakes."""

from __future__ import annotations

import enum
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Model, UTCDateTime, db, insert, short

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # without a heartbeat for so long, the worker is taken for dead
BEAT = 30.0  # seconds between two heartbeats
RETRY = timedelta(seconds=30)
MOST_TRIES = 3
KEPT = timedelta(days=1)  # how long the row of an ended job is of use


class Standing(enum.StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    """One piece of long work. `lease_until` in the past means nobody is at it: it is taken up again."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.UniqueConstraint("kind", "key"),
        sa.Index("ix_jobs_waiting", "standing", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(24))
    key: Mapped[str] = mapped_column(sa.String(120))  # the same work asked for twice is one job
    given: Mapped[str] = mapped_column(sa.Text, default="{}")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    standing: Mapped[Standing] = mapped_column(short(Standing), default=Standing.WAITING)
    lease_until: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    result: Mapped[str] = mapped_column(sa.Text, default="")  # a file's name, or the problem in words


@dataclass(frozen=True)
class Taken:
    """A job as it was when a worker took it up; the row may be another worker's by the time it ends."""

    id: int
    kind: str
    given: str
    tries: int


# kind -> what does it: takes the given fields, answers with the result; may run twice without harm.
WORK: dict[str, Callable[[dict[str, Any]], str]] = {}


def find(kind: str, key: str) -> Job | None:
    """The job of that key, if somebody has asked for it."""
    return db.session.scalars(sa.select(Job).where(Job.kind == kind, Job.key == key)).one_or_none()


def ask(kind: str, key: str, *, by: int | None, now: datetime, again: bool = False, **given: Any) -> Job:
    """The job of that key, made when there is none yet or the last one failed. Inside a write.

    `again` also repeats one that is done: its result is gone. One that waits is left to wait.
    """
    fresh = {"given": json.dumps(given), "standing": Standing.WAITING, "tries": 0, "result": ""}
    row = {"kind": kind, "key": key, "by_id": by, "asked_at": now, "lease_until": now, **fresh}
    db.session.execute(insert(Job).values(**row).on_conflict_do_nothing(index_elements=["kind", "key"]))
    job = db.session.scalars(sa.select(Job).where(Job.kind == kind, Job.key == key).with_for_update()).one()
    if job.standing is Standing.FAILED or (again and job.standing is Standing.DONE):
        for name, value in {**fresh, "asked_at": now, "lease_until": now}.items():
            setattr(job, name, value)
        db.session.flush()
    return job


def work_off(most: int = 20) -> int:
    """Take up the jobs nobody is at, one after another; how many were tried."""
    tried = 0
    while tried < most and (job := _take()) is not None:
        _do(job)
        tried += 1
    return tried


def forget_old(now: datetime) -> int:
    """Delete the rows of jobs that ended long ago; how many. Inside a write."""
    old = sa.delete(Job).where(Job.standing != Standing.WAITING, Job.asked_at < now - KEPT)
    return len(db.session.execute(old.returning(Job.id)).all())


def _take() -> Taken | None:
    """The oldest job nobody is at, leased; one whose workers died too often is given up on the way."""
    now = clock.now()
    while True:
        with db.write():
            free = sa.select(Job).where(Job.standing == Standing.WAITING, Job.lease_until <= now)
            job = db.session.scalars(
                free.order_by(Job.id).limit(1).with_for_update(skip_locked=True)
            ).one_or_none()
            if job is None:
                return None
            lost = job.tries >= MOST_TRIES
            if lost:
                job.standing, job.result = Standing.FAILED, "the worker ended in the middle of it each time"
            else:
                job.lease_until, job.tries = now + LEASE, job.tries + 1
        if not lost:
            return Taken(job.id, job.kind, job.given, job.tries)
        log.error("job %s %s given up: %s", job.kind, job.id, job.result)


def _do(job: Taken) -> None:
    result, standing = "", Standing.DONE
    try:
        with _kept_alive(job):
            result = WORK[job.kind](json.loads(job.given))
    except Exception as error:  # whatever went wrong is the job's result
        log.exception("job %s %s failed", job.kind, job.id)
        result, standing = f"{type(error).__name__}: {error}"[:400], Standing.FAILED
    now = clock.now()
    change: dict[str, Any] = {"result": result}
    if standing is Standing.DONE or job.tries >= MOST_TRIES:
        change["standing"] = standing
    else:
        change["lease_until"] = now + RETRY
    with db.write():
        db.session.execute(_ours(job).values(**change))


def _ours(job: Taken) -> sa.Update:
    """A change of the job as long as it is ours: who takes it up after a lost lease counts one try more."""
    return sa.update(Job).where(Job.id == job.id, Job.tries == job.tries, Job.standing == Standing.WAITING)


@contextmanager
def _kept_alive(job: Taken) -> Iterator[None]:
    """Push the lease on while the work goes on, so that only a dead worker's job is taken up by another."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT):
            with app.app_context():
                try:
                    with db.write():
                        db.session.execute(_ours(job).values(lease_until=clock.now() + LEASE))
                except SQLAlchemyError:
                    log.warning("no heartbeat for job %s %s", job.kind, job.id, exc_info=True)

    db.session.rollback()
    thread = threading.Thread(target=beat, name=f"heartbeat of job {job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
