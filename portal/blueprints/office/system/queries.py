"""How the installation is, gathered: a handful of statements, and what the machine itself knows."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import make_url

from portal import migrate, queues
from portal.blueprints.office.system import certificates, rules
from portal.blueprints.office.system.models import SystemState
from portal.blueprints.office.system.rules import Last, Limits, Seen
from portal.config import LOOPBACK, Settings
from portal.kernel import clock, company_calendar, policies
from portal.kernel import runs as regular
from portal.kernel.db import db, is_sqlite
from portal.kernel.jobs import Job, Standing
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.runs import Run
from portal.kernel.timers import Clock
from portal.kernel.workers import Worker

MOST_JOBS = 30  # the newest; those that wait or failed stand first
VERIFY = "verify"
ABOUT_ITSELF = {regular.MINUTELY, regular.BACKUP, VERIFY}  # runs that have a line of their own


@dataclass(frozen=True)
class Gathered:
    """What a page of it shows besides the findings."""

    seen: Seen
    workers: Sequence[Worker]
    runs: Sequence[Run]
    clocks_due: int


def gathered(here: datetime) -> Gathered:
    """Everything but the jobs themselves; three statements. `here` is the portal's time."""
    settings, now = _settings(), clock.real()
    figures = db.session.execute(_figures(here)).one()._mapping
    workers = db.session.scalars(sa.select(Worker).order_by(Worker.started_at)).all()
    runs = {run.name: run for run in db.session.scalars(sa.select(Run).order_by(Run.name))}
    disk = shutil.disk_usage(settings.instance)
    seen = Seen(
        now=now,
        here=clock.local(here),
        database=_database(settings, figures),
        alive=sum(worker.alive(now) for worker in workers),
        silent=[worker.name for worker in workers if not worker.alive(now)],
        last_pass=_last_pass(runs.get(regular.MINUTELY)),
        failed_runs=[name for name, run in runs.items() if run.problem and name not in ABOUT_ITSELF],
        queue=queues.kind(settings),
        messages=queues.waiting(settings),
        jobs_waiting=figures["jobs_waiting"],
        jobs_failed=figures["jobs_failed"],
        oldest_job=figures["oldest_job"],
        outbox_waiting=figures["outbox_waiting"],
        outbox_dead=figures["outbox_dead"],
        oldest_message=figures["oldest_message"],
        disk_free=disk.free,
        disk_size=disk.total,
        backup=_last(runs.get(regular.BACKUP)),
        history=_last(runs.get(VERIFY)),
        years_missing=company_calendar.years_missing(here),
        certificates=certificates.kept(runs.get(certificates.KEPT)),
        address=_address(settings),
    )
    return Gathered(seen, workers, list(runs.values()), figures["clocks_due"])


def limits(now: datetime) -> Limits:
    """The figures that the general office has set."""
    return Limits(
        backup_days=policies.number("watch.backup_days", now),
        verify_days=policies.number("watch.verify_days", now),
        disk_look=policies.number("watch.disk_look", now),
        disk_bad=policies.number("watch.disk_bad", now),
    )


def jobs() -> Sequence[Job]:
    """Long work: what waits or is under way, what failed, then what ended, the newest first."""
    order = sa.case((Job.standing == Standing.WAITING, 0), (Job.standing == Standing.FAILED, 1), else_=2)
    return db.session.scalars(sa.select(Job).order_by(order, Job.id.desc()).limit(MOST_JOBS)).all()


def bad_ones() -> Sequence[SystemState]:
    """What a worker has found to be bad."""
    rows = sa.select(SystemState).where(SystemState.ended_at.is_(None)).order_by(SystemState.since)
    return db.session.scalars(rows).all()


def somebody_works() -> bool:
    """True when a worker was heard of lately: of its own absence none can tell."""
    last = db.session.scalar(sa.select(sa.func.max(Worker.seen_at)))
    return last is not None and bool(Worker(seen_at=last).alive(clock.real()))


def _figures(here: datetime) -> sa.Select[Any]:
    """One row of figures, each a small question to an index."""
    waits, waiting = Job.standing == Standing.WAITING, Delivery.fate == Fate.WAITING
    parts: dict[str, Any] = {
        "jobs_waiting": sa.select(sa.func.count()).select_from(Job).where(waits),
        "jobs_failed": sa.select(sa.func.count()).select_from(Job).where(Job.standing == Standing.FAILED),
        "oldest_job": sa.select(sa.func.min(Job.asked_at)).where(waits, Job.lease_until <= here),
        "outbox_waiting": sa.select(sa.func.count()).select_from(Delivery).where(waiting),
        "outbox_dead": sa.select(sa.func.count()).select_from(Delivery).where(Delivery.fate == Fate.DEAD),
        "oldest_message": sa.select(sa.func.min(Delivery.next_at)).where(waiting),
        "clocks_due": sa.select(sa.func.count()).select_from(Clock).where(Clock.next_at <= here),
        "revision": sa.select(sa.column("version_num")).select_from(sa.table("alembic_version")),
    }
    if not is_sqlite():
        ours = sa.text("datname = current_database()")
        parts |= {
            "size": sa.select(sa.func.pg_database_size(sa.func.current_database())),
            "connections": sa.select(sa.func.count()).select_from(sa.table("pg_stat_activity")).where(ours),
            "most": sa.select(sa.cast(sa.func.current_setting("max_connections"), sa.Integer)),
        }
    return sa.select(*(part.scalar_subquery().label(name) for name, part in parts.items()))


def _database(settings: Settings, figures: Any) -> rules.Database:
    current = figures["revision"] == _head()
    if not is_sqlite():
        used = {"connections": figures["connections"], "most_connections": figures["most"]}
        return rules.Database("PostgreSQL", figures["size"], current, **used)
    file = Path(str(make_url(settings.url).database))
    sizes = [place.stat().st_size if place.exists() else 0 for place in (file, Path(f"{file}-wal"))]
    return rules.Database("SQLite", sizes[0], current, sizes[1])


@cache
def _head() -> str | None:
    """This version's schema; read once, for Alembic takes its time."""
    return migrate.head()


def _last(run: Run | None) -> Last:
    if run is None:
        return Last()
    return Last(run.ended_at, run.problem, run.told)


def _last_pass(run: Run | None) -> Last:
    """The very first one counts from when it began: it may be long."""
    if run is not None and run.ended_at is None:
        return Last(run.began_at)
    return _last(run)


def _address(settings: Settings) -> rules.Address:
    host = urlsplit(settings.base_url).hostname or settings.host
    return rules.Address(settings.base_url, settings.secure_cookies, host in LOOPBACK, settings.is_demo)


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
