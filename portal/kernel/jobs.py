"""Long work, done by the worker: a row with lease and heartbeat is the truth, a message only wakes.

Work that takes its time says how far it is (`progress`) and looks whether somebody wants it to end (`stopped`); both
only touch memory, a thread beside it speaks with the database.
"""

from __future__ import annotations

import enum
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock, workers
from portal.kernel.db import Model, UTCDateTime, db, insert, short

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # without a heartbeat for so long, the worker is taken for dead
BEAT = 30.0  # seconds between two heartbeats
OFTEN = 1.0  # seconds between two looks at whether to stop, and two notes of how far it is
RETRY = timedelta(seconds=30)
MOST_TRIES = 3
LOST = "the worker ended in the middle of it each time"
KEPT = timedelta(days=1)  # how long the row of a job that is done is of use
KEPT_FAILED = timedelta(days=30)  # how long somebody may want to know why one failed


class Standing(enum.StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"  # somebody wanted it to end, and it did without a result


class Stopped(Exception):
    """Somebody wants the job to end: what `step` raises, and what work may raise that looked at `stopped`."""


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
    stop: Mapped[bool] = mapped_column(default=False)  # somebody wants it to end
    percent: Mapped[int | None] = mapped_column()  # how far it is, where the work tells
    worker: Mapped[str] = mapped_column(sa.String(120), default="")  # who took it up last
    began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class Taken:
    """A job as it was when a worker took it up; the row may be another worker's by the time it ends."""

    id: int
    kind: str
    given: str
    tries: int
    stop: bool = False


@dataclass
class Running:
    """What a job's work and the thread beside it tell each other."""

    stop: threading.Event = field(default_factory=threading.Event)
    percent: int | None = None


_NOW: ContextVar[Running | None] = ContextVar("job", default=None)


def current() -> Running:
    """The job that this thread is at; one that nobody watches where there is none."""
    return _NOW.get() or Running()


def progress(percent: int) -> None:
    """How far the work of this thread is."""
    current().percent = percent


def stopped() -> bool:
    """True when somebody wants the work of this thread to end."""
    return current().stop.is_set()


def step(percent: int) -> None:
    """How far the work is; Stopped when it shall not go further."""
    progress(percent)
    if stopped():
        raise Stopped


# kind -> what does it: takes the given fields, answers with the result; may run twice without harm.
WORK: dict[str, Callable[[dict[str, Any]], str]] = {}
# The kinds whose work looks whether to stop.
STOPS: set[str] = set()


def find(kind: str, key: str) -> Job | None:
    """The job of that key, if somebody has asked for it."""
    return db.session.scalars(sa.select(Job).where(Job.kind == kind, Job.key == key)).one_or_none()


def ask(kind: str, key: str, *, by: int | None, now: datetime, again: bool = False, **given: Any) -> Job:
    """The job of that key, made when there is none yet or the last one failed. Inside a write.

    `again` also repeats one that is done: its result is gone. One that waits is left to wait.
    """
    fresh = {
        "given": json.dumps(given),
        "standing": Standing.WAITING,
        "tries": 0,
        "result": "",
        "stop": False,
    }
    fresh |= {"percent": None, "worker": "", "began_at": None, "ended_at": None}
    row = {"kind": kind, "key": key, "by_id": by, "asked_at": now, "lease_until": now, **fresh}
    db.session.execute(insert(Job).values(**row).on_conflict_do_nothing(index_elements=["kind", "key"]))
    job = db.session.scalars(sa.select(Job).where(Job.kind == kind, Job.key == key).with_for_update()).one()
    if job.standing in {Standing.FAILED, Standing.STOPPED} or (again and job.standing is Standing.DONE):
        for name, value in {**fresh, "asked_at": now, "lease_until": now}.items():
            setattr(job, name, value)
        db.session.flush()
    return job


def stop(kind: str, key: str) -> bool:
    """Have a job end that waits or runs; True when there is such a one. Inside a write.

    Work of a kind in STOPS ends with what it has, within seconds; other work only when nobody has begun it.
    """
    open_ = sa.and_(Job.kind == kind, Job.key == key, Job.standing == Standing.WAITING)
    return (
        db.session.execute(sa.update(Job).where(open_).values(stop=True).returning(Job.id)).first()
        is not None
    )


def again(job: Job, now: datetime) -> None:
    """Have a job that failed or was stopped be tried anew, as it was asked for then. Inside a write."""
    ask(job.kind, job.key, by=job.by_id, now=now, **json.loads(job.given))


def work_off(most: int = 20) -> int:
    """Take up the jobs nobody is at, one after another; how many were tried."""
    tried = 0
    while tried < most and (job := _take()) is not None:
        _do(job)
        tried += 1
    return tried


def forget_old(now: datetime) -> int:
    """Delete the rows of jobs that ended long ago; how many. Inside a write."""
    done = sa.and_(Job.standing == Standing.DONE, Job.asked_at < now - KEPT)
    failed = sa.and_(Job.standing != Standing.WAITING, Job.asked_at < now - KEPT_FAILED)
    old = sa.delete(Job).where(sa.or_(done, failed))
    return len(db.session.execute(old.returning(Job.id)).all())


def _take() -> Taken | None:
    """The oldest job nobody is at, leased; one whose workers died too often is given up on the way."""
    now = clock.now()
    while True:
        with db.write():
            # A lease longer than any was given before the clock was set back.
            nobody = sa.or_(Job.lease_until <= now, Job.lease_until > now + LEASE)
            free = sa.select(Job).where(Job.standing == Standing.WAITING, nobody)
            job = db.session.scalars(
                free.order_by(Job.id).limit(1).with_for_update(skip_locked=True)
            ).one_or_none()
            if job is None:
                return None
            if job.stop and job.kind not in STOPS:
                job.standing, job.ended_at = Standing.STOPPED, now
            elif job.tries >= MOST_TRIES:
                job.standing, job.ended_at = Standing.FAILED, now
                job.result = LOST
            else:
                job.lease_until, job.tries, job.worker = now + LEASE, job.tries + 1, workers.me()
                job.began_at, job.ended_at, job.percent = now, None, None
        if job.standing is Standing.WAITING:
            return Taken(job.id, job.kind, job.given, job.tries, job.stop)
        log.error("job %s %s %s: %s", job.kind, job.id, job.standing, job.result)


def _do(job: Taken) -> None:
    result, standing = "", Standing.DONE
    try:
        with _kept_alive(job), workers.doing(f"{job.kind} {job.id}"):
            result = WORK[job.kind](json.loads(job.given))
    except Stopped:
        standing = Standing.STOPPED
    except Exception as error:  # whatever went wrong is the job's result
        log.exception("job %s %s failed", job.kind, job.id)
        result, standing = f"{type(error).__name__}: {error}"[:400], Standing.FAILED
    now = clock.now()
    change: dict[str, Any] = {"result": result}
    if standing is not Standing.FAILED or job.tries >= MOST_TRIES:
        change |= {"standing": standing, "ended_at": now}
    else:
        change["lease_until"] = now + RETRY
    with db.write():
        db.session.execute(_ours(job).values(**change))


def _ours(job: Taken) -> sa.Update:
    """A change of the job as long as it is ours: who takes it up after a lost lease counts one try more."""
    return sa.update(Job).where(Job.id == job.id, Job.tries == job.tries, Job.standing == Standing.WAITING)


@contextmanager
def _kept_alive(job: Taken) -> Iterator[None]:
    """Push the lease on while the work goes on, so that only a dead worker's job is taken up by another.

    The same thread writes down how far it is and looks whether to stop.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    done, running = threading.Event(), Running()
    if job.stop:
        running.stop.set()

    def beat() -> None:
        last, told = time.monotonic(), None
        while not done.wait(min(OFTEN, BEAT)):
            changed = running.percent != told
            with app.app_context():
                try:
                    if changed or time.monotonic() - last >= BEAT:
                        last, told = time.monotonic(), running.percent
                        with db.write():
                            values = {"lease_until": clock.now() + LEASE, "percent": told}
                            db.session.execute(_ours(job).values(values))
                    if db.session.scalar(sa.select(Job.stop).where(Job.id == job.id)):
                        running.stop.set()
                except SQLAlchemyError:
                    log.warning("no heartbeat for job %s %s", job.kind, job.id, exc_info=True)

    db.session.rollback()
    thread = threading.Thread(target=beat, name=f"heartbeat of job {job.id}", daemon=True)
    thread.start()
    token = _NOW.set(running)
    try:
        yield
    finally:
        _NOW.reset(token)
        done.set()
        thread.join()
