"""Long work, done by the worker: a row with lease and heartbeat is the truth, a message only wakes."""

from __future__ import annotations

import enum
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Model, UTCDateTime, db, short

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_TRIES = 3


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


# kind -> what does it: takes the given fields, answers with the result; may run twice without harm.
WORK: dict[str, Callable[[dict[str, Any]], str]] = {}


def ask(kind: str, key: str, *, by: int | None, now: datetime, **given: Any) -> Job:
    """The job of that key, made when there is none yet or the last one failed. Inside a write."""
    job = db.session.scalars(
        sa.select(Job).where(Job.kind == kind, Job.key == key).with_for_update()
    ).one_or_none()
    if job is None:
        job = Job(kind=kind, key=key, by_id=by, asked_at=now, lease_until=now)
        db.session.add(job)
    elif job.standing is not Standing.FAILED:
        return job
    job.given, job.standing, job.tries, job.lease_until = json.dumps(given), Standing.WAITING, 0, now
    db.session.flush()
    return job


def work_off(most: int = 20) -> int:
    """Take up the jobs nobody is at, one after another; how many ended."""
    ended = 0
    for _ in range(most):
        job = _take()
        if job is None:
            break
        kind, given = job.kind, json.loads(job.given)
        db.session.rollback()
        try:
            result, standing = WORK[kind](given), Standing.DONE
        except Exception as error:  # whatever went wrong is the job's result, shown to the office
            log.exception("job %s %s failed", kind, job.id)
            result, standing = f"{type(error).__name__}: {error}"[:400], Standing.FAILED
        with db.write():
            row = db.session.get_one(Job, job.id)
            row.result = result
            if standing is Standing.DONE or row.tries >= MOST_TRIES:
                row.standing = standing
        ended += 1
    return ended


def _take() -> Job | None:
    now = clock.now()
    with db.write():
        free = sa.select(Job).where(Job.standing == Standing.WAITING, Job.lease_until <= now)
        job = db.session.scalars(
            free.order_by(Job.id).limit(1).with_for_update(skip_locked=True)
        ).one_or_none()
        if job is not None:
            job.lease_until, job.tries = now + LEASE, job.tries + 1
    return job
