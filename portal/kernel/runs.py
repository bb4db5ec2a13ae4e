"""What is done again and again: by one worker at a time, however many there are, and how it went the last time.

A row a name. Whoever takes it holds it by a lease that the heartbeat of the process pushes on; the row says when it is
due again, so no second worker does the same minute or the same night, and a night that no worker saw is made up for.
All of it goes by the machine's own time: the clock of a demo may stand still.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock, workers
from portal.kernel.db import Model, UTCDateTime, db, insert

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)  # without a heartbeat for so long, whoever held it is taken for dead
LONGEST = timedelta(minutes=30)  # a process that hangs keeps nothing from the others for longer
NIGHT = time(3, 20)  # company time


class Run(Model):
    """The last time something was done, or is being done: `lease_until` says that somebody is at it."""

    __tablename__ = "runs"

    name: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    worker: Mapped[str] = mapped_column(sa.String(120), default="")
    began_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(sa.String(400), default="")  # in words; empty: it went well
    details: Mapped[str] = mapped_column(sa.Text, default="{}")

    @property
    def told(self) -> dict[str, Any]:
        """What was noted about it."""
        found: dict[str, Any] = json.loads(self.details)
        return found


@dataclass(frozen=True)
class Regular:
    """Work of the worker's own: every so often, or (without `every`) once a night; it may run twice without harm."""

    work: Callable[[datetime], Iterable[str]]  # is given the portal's time, yields a line an act
    every: timedelta | None = None


# Name -> what is done regularly. Parts add their own.
REGULAR: dict[str, Regular] = {}
MINUTELY = "pass"  # what is done each minute
BACKUP = "backup"  # by a command


def once(name: str, work: Callable[[], Any], *, since: datetime, now: datetime, at_once: bool = True) -> bool:
    """Do `work` unless another worker is at it, or began it after `since`; True when it was done here.

    `at_once=False` leaves what nobody ever did to its next time. A failure is noted and logged, never raised.
    """
    if not _take(name, since, now, at_once):
        return False
    problem = ""
    try:
        with workers.doing(name):
            work()
    except Exception as error:
        log.exception("%s failed", name)
        db.session.rollback()
        problem = f"{type(error).__name__}: {error}"[:400]
    ours = sa.and_(Run.name == name, Run.worker == workers.me(), Run.began_at == now)
    with db.write():
        ended = {"ended_at": clock.real(), "lease_until": None, "problem": problem}
        db.session.execute(sa.update(Run).where(ours).values(ended))
    return True


def _take(name: str, since: datetime, now: datetime, at_once: bool) -> bool:
    ours = _free(name, since, now)
    there = db.session.scalar(sa.select(sa.exists().where(Run.name == name)))
    if there and not db.session.scalar(sa.select(sa.exists().where(ours))):
        return False
    with db.write():
        fresh: dict[str, Any] = {"name": name, "worker": "", "problem": "", "details": "{}"}
        fresh |= {} if at_once else {"began_at": now}
        db.session.execute(insert(Run).values(fresh).on_conflict_do_nothing(index_elements=["name"]))
        held = {"began_at": now, "lease_until": now + LEASE, "worker": workers.me()}
        taken = db.session.execute(sa.update(Run).where(ours).values(held).returning(Run.name))
        return taken.first() is not None


def _free(name: str, since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    """Nobody is at it and it is due; a moment still to come was written before the clock was set back."""
    nobody = sa.or_(Run.lease_until.is_(None), Run.lease_until <= now, Run.lease_until > now + LEASE)
    due = sa.or_(Run.began_at.is_(None), Run.began_at <= since, Run.began_at > now)
    return sa.and_(Run.name == name, nobody, due)


def regular(now: datetime) -> None:
    """Everything in REGULAR that is due and that no other worker does; `now` is the machine's own time."""
    for name, each in REGULAR.items():
        since = now - each.every if each.every else last_night(now)
        told = partial(_told, name, each)
        once(name, told, since=since, now=now, at_once=each.every is not None)


def _told(name: str, each: Regular) -> None:
    for line in each.work(clock.now()):
        log.info("%s: %s", name, line)


def last_night(now: datetime) -> datetime:
    """The last 03:20 of company time."""
    here = clock.local(now)
    tonight = here.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    return tonight if tonight <= here else tonight - timedelta(days=1)


def repeated(name: str) -> bool:
    """True for what a worker does by itself, and hence can be made to do now."""
    return name == MINUTELY or name in REGULAR


def push_on(now: datetime) -> None:
    """The leases that this process holds. Inside a write."""
    ours = sa.and_(Run.worker == workers.me(), Run.lease_until.is_not(None), Run.began_at > now - LONGEST)
    db.session.execute(sa.update(Run).where(ours).values(lease_until=now + LEASE))


def note(name: str, **details: Any) -> None:
    """That something was done by a command or a job, such as a backup; only the last time is kept. Inside a write."""
    note_of(clock.real(), name, details)


def note_of(at: datetime, name: str, details: dict[str, Any]) -> None:
    """That something was done then, and not just now. Inside a write."""
    told = {"ended_at": at, "problem": "", "worker": workers.me()}
    told |= {"details": json.dumps(details, ensure_ascii=False, sort_keys=True)}
    _kept(name, told | {"began_at": at})


def failed(name: str, problem: str) -> None:
    """That it went wrong; when it last went well is known as before. Inside a write."""
    _kept(name, {"problem": problem[:400], "worker": workers.me()})


def _kept(name: str, told: dict[str, Any]) -> None:
    statement = insert(Run).values({"name": name, "details": "{}"} | told)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=told))
