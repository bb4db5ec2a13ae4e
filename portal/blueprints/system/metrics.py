"""The figures of /metrics: what waits, who works, how old the last backup is, how long requests took."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import counts, observed, queues
from portal.kernel import clock, runs, workers
from portal.kernel.db import db
from portal.kernel.jobs import Job, Standing
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.runs import Run
from portal.kernel.timers import Clock
from portal.kernel.workers import Worker

Gauge = tuple[str, str, float]


def drawn() -> tuple[bytes, str]:
    """The figures as Prometheus reads them, and their type; one statement."""
    # Loaded when first asked for: most offices never do.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

    class Figures:
        def collect(self) -> Iterator[Any]:
            for name, text, value in gauges():
                yield GaugeMetricFamily(name, text, value=value)
            told = HistogramMetricFamily(
                "portal_request_seconds", "Requests by route and outcome", labels=["route", "status"]
            )
            for each in observed.counts().read():
                told.add_metric([each.route, each.outcome], buckets(each), each.seconds)
            yield told

    registry = CollectorRegistry()
    registry.register(Figures())
    return generate_latest(registry), CONTENT_TYPE_LATEST


def buckets(each: counts.Measured) -> list[tuple[str, float]]:
    """Bounds and how many stayed within each; what is within one is within the next."""
    bounds = [*map(str, counts.BUCKETS), "+Inf"]
    return list(zip(bounds, map(float, accumulate(each.buckets)), strict=True))


def gauges() -> Iterator[Gauge]:
    """Name, meaning, value. An age that is not known is left out: there was no backup, no pass yet."""
    settings, now = current_app.config["SETTINGS"], clock.real()
    found = db.session.execute(_asked(clock.now(), now)).one()._mapping
    for name, text in TEXTS.items():
        yield f"portal_{name}", text, float(found[name] or 0)
    for name, text in AGES.items():
        if (at := found[name]) is not None:
            yield f"portal_{name}_age_seconds", text, (now - at).total_seconds()
    if (messages := queues.waiting(settings)) is not None:
        yield "portal_queue_messages", "Messages in the queue that nobody has read", float(messages)
    free = shutil.disk_usage(settings.instance).free
    yield "portal_disk_free_bytes", "Free on the disk of the instance folder", float(free)


TEXTS = {
    "clocks_due": "Clocks the sweep should look at now",
    "mail_waiting": "Deliveries not sent yet",
    "mail_dead": "Deliveries given up",
    "jobs_waiting": "Long work that waits or is under way",
    "jobs_failed": "Long work that failed",
    "workers_alive": "Workers heard of within the last minute",
}
AGES = {"pass": "Since the last minutely pass", "backup": "Since the last backup"}


def _asked(here: datetime, now: datetime) -> sa.Select[Any]:
    def number(model: Any, condition: sa.ColumnElement[bool]) -> Any:
        return sa.select(sa.func.count()).select_from(model).where(condition)

    parts: dict[str, Any] = {
        "clocks_due": number(Clock, Clock.next_at <= here),
        "mail_waiting": number(Delivery, Delivery.fate == Fate.WAITING),
        "mail_dead": number(Delivery, Delivery.fate == Fate.DEAD),
        "jobs_waiting": number(Job, Job.standing == Standing.WAITING),
        "jobs_failed": number(Job, Job.standing == Standing.FAILED),
        "workers_alive": number(Worker, Worker.seen_at > now - workers.SILENT),
        "pass": sa.select(Run.ended_at).where(Run.name == runs.MINUTELY),
        "backup": sa.select(Run.ended_at).where(Run.name == runs.BACKUP),
    }
    return sa.select(*(part.scalar_subquery().label(name) for name, part in parts.items()))
