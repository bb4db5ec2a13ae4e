"""How the installation is: of each thing that is looked at whether all is well, and what to say of it. Pure.

What is `good` goes by itself; `look` can wait some days; `bad` does not work, or will not before long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.office.system.codes import Check, Tone

LATE_PASS = timedelta(minutes=5)
LATE_JOB = timedelta(minutes=10)  # nobody has taken it up
LATE_MESSAGE = timedelta(minutes=30)
LONG_LOG = 256 * 1024 * 1024  # bytes of SQLite's log, which a reader that never ends keeps from being emptied
FULL_HOUSE = 80  # per cent of the connections that PostgreSQL allows
ENDING = timedelta(days=30)  # before its end somebody should see to a certificate
ANNOUNCED = 11  # the month in which the State Council tells next year's holidays


@dataclass(frozen=True)
class Found:
    """What is to be said of one thing: how it is, which sentence, what the sentence names."""

    check: Check
    tone: Tone
    said: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Database:
    """The database: sizes in bytes, `log` is SQLite's."""

    kind: str
    size: int = 0
    current: bool = True
    log: int = 0
    connections: int = 0
    most_connections: int = 0


@dataclass(frozen=True)
class Address:
    """How people reach the portal."""

    base_url: str
    secure_cookies: bool
    loopback: bool
    demo: bool = False


@dataclass(frozen=True)
class Last:
    """When something was last done, and what went wrong."""

    at: datetime | None = None
    problem: str = ""
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """The figures of the general office: days, and per cent of the disk."""

    backup_days: int
    verify_days: int
    disk_look: int
    disk_bad: int


@dataclass(frozen=True)
class Seen:
    """Everything that was looked at. `now` is the machine's time, `here` the portal's."""

    now: datetime
    here: datetime
    database: Database
    alive: int
    silent: Sequence[str]  # workers of which nothing was heard for too long
    last_pass: Last
    failed_runs: Sequence[str]
    queue: str
    messages: int | None  # None: the queue does not answer
    jobs_waiting: int
    jobs_failed: int
    oldest_job: datetime | None  # since when one waits that nobody is at
    outbox_waiting: int
    outbox_dead: int
    oldest_message: datetime | None
    disk_free: int
    disk_size: int
    backup: Last
    history: Last
    years_missing: Sequence[int]
    certificates: Mapping[str, datetime | None]  # of other servers: host -> good until; None: over
    address: Address


def judged(seen: Seen, limits: Limits) -> Iterator[Found]:
    """One finding for each thing, in the order of the page."""
    yield database(seen.database)
    yield workers(seen)
    yield passes(seen)
    yield queue(seen)
    yield jobs(seen)
    yield outbox(seen)
    yield disk(seen, limits)
    yield backup(seen, limits)
    yield history(seen, limits)
    yield holidays(seen)
    yield certificates(seen)
    yield address(seen.address)


def database(seen: Database) -> Found:
    """Its schema is this version's, its log stays short, connections are left."""
    given: dict[str, Any] = {"kind": seen.kind, "size": seen.size}
    if not seen.current:
        return Found(Check.DATABASE, Tone.BAD, "schema")
    if seen.log > LONG_LOG:
        return Found(Check.DATABASE, Tone.LOOK, "log", given | {"log_size": seen.log})
    if seen.most_connections and 100 * seen.connections >= FULL_HOUSE * seen.most_connections:
        used = {"used": seen.connections, "most": seen.most_connections}
        return Found(Check.DATABASE, Tone.LOOK, "connections", given | used)
    return Found(Check.DATABASE, Tone.GOOD, "ok", given)


def workers(seen: Seen) -> Found:
    """Somebody works; whoever fell silent was killed, or its machine is gone."""
    if not seen.alive:
        return Found(Check.WORKERS, Tone.BAD, "none")
    if seen.silent:
        return Found(Check.WORKERS, Tone.LOOK, "silent", {"names": list(seen.silent), "count": seen.alive})
    return Found(Check.WORKERS, Tone.GOOD, "ok", {"count": seen.alive})


def passes(seen: Seen) -> Found:
    """The minute's look happens, and goes well; so does what is done at night."""
    last = seen.last_pass
    if last.at is None or seen.now - last.at > LATE_PASS:
        since = {"since_at": last.at.isoformat()} if last.at else {}
        return Found(Check.PASSES, Tone.BAD, "late" if last.at else "never", since)
    if last.problem:
        return Found(Check.PASSES, Tone.BAD, "failed", {"problem": last.problem})
    if seen.failed_runs:
        return Found(Check.PASSES, Tone.LOOK, "some_failed", {"runs": list(seen.failed_runs)})
    return Found(Check.PASSES, Tone.GOOD, "ok", {"since_at": last.at.isoformat()})


def queue(seen: Seen) -> Found:
    """It answers; without it everything takes up to a minute."""
    if seen.messages is None:
        return Found(Check.QUEUE, Tone.LOOK, "silent", {"engine": seen.queue})
    return Found(Check.QUEUE, Tone.GOOD, "ok", {"engine": seen.queue, "count": seen.messages})


def jobs(seen: Seen) -> Found:
    """Long work is taken up, and ends well."""
    given = {"count": seen.jobs_waiting}
    if seen.oldest_job is not None and seen.here - seen.oldest_job > LATE_JOB:
        return Found(Check.JOBS, Tone.BAD, "late", given | {"since_at": seen.oldest_job.isoformat()})
    if seen.jobs_failed:
        return Found(Check.JOBS, Tone.LOOK, "failed", {"count": seen.jobs_failed})
    return Found(Check.JOBS, Tone.GOOD, "ok", given)


def outbox(seen: Seen) -> Found:
    """Messages leave the house."""
    given = {"count": seen.outbox_waiting}
    if seen.oldest_message is not None and seen.here - seen.oldest_message > LATE_MESSAGE:
        return Found(Check.OUTBOX, Tone.BAD, "late", given | {"since_at": seen.oldest_message.isoformat()})
    if seen.outbox_dead:
        return Found(Check.OUTBOX, Tone.LOOK, "dead", {"count": seen.outbox_dead})
    return Found(Check.OUTBOX, Tone.GOOD, "ok", given)


def disk(seen: Seen, limits: Limits) -> Found:
    """There is room for what people will write and attach."""
    percent = 100 * seen.disk_free // max(1, seen.disk_size)
    given = {"free_size": seen.disk_free, "percent": percent}
    for tone, least in ((Tone.BAD, limits.disk_bad), (Tone.LOOK, limits.disk_look)):
        if percent < least:
            return Found(Check.DISK, tone, "full" if tone is Tone.BAD else "filling", given)
    return Found(Check.DISK, Tone.GOOD, "ok", given)


def backup(seen: Seen, limits: Limits) -> Found:
    """One was taken within the days that the general office wants; a portal that is only tried out needs none."""
    last = seen.backup
    if last.problem:
        return Found(Check.BACKUP, Tone.BAD, "failed", {"problem": last.problem})
    if last.at is None:
        return Found(Check.BACKUP, Tone.LOOK if seen.address.demo else Tone.BAD, "never")
    given = {"at": last.at.isoformat(), **last.given}
    if seen.now - last.at > timedelta(days=limits.backup_days):
        return Found(Check.BACKUP, Tone.BAD, "old", given)
    return Found(Check.BACKUP, Tone.GOOD, "ok", given)


def history(seen: Seen, limits: Limits) -> Found:
    """The chain was looked at lately, and everything fitted together."""
    last = seen.history
    if last.at is None:
        return Found(Check.HISTORY, Tone.LOOK, "never")
    given = {"at": last.at.isoformat(), **last.given}
    if last.given.get("faults"):
        return Found(Check.HISTORY, Tone.BAD, "faults", given)
    if seen.now - last.at > timedelta(days=limits.verify_days + 1):  # the night may lie ahead
        return Found(Check.HISTORY, Tone.LOOK, "old", given)
    return Found(Check.HISTORY, Tone.GOOD, "ok", given)


def holidays(seen: Seen) -> Found:
    """This year's table must be there; next year's from when it is announced."""
    year = seen.here.year
    if year in seen.years_missing:
        return Found(Check.HOLIDAYS, Tone.BAD, "missing", {"year": year})
    if year + 1 in seen.years_missing:
        tone = Tone.LOOK if seen.here.month >= ANNOUNCED else Tone.GOOD
        return Found(Check.HOLIDAYS, tone, "next", {"year": year + 1})
    return Found(Check.HOLIDAYS, Tone.GOOD, "ok", {"year": year + 1})


def certificates(seen: Seen) -> Found:
    """The servers that the portal asks show certificates that are good for some weeks more."""
    known = seen.certificates
    if over := sorted(host for host, until in known.items() if until is None or until <= seen.now):
        return Found(Check.CERTIFICATES, Tone.BAD, "over", {"names": over})
    if not (ends := [until for until in known.values() if until is not None]):
        return Found(Check.CERTIFICATES, Tone.GOOD, "none")
    given: dict[str, Any] = {"at": min(ends).isoformat()}
    if min(ends) - seen.now <= ENDING:
        hosts = sorted(host for host, until in known.items() if until and until - seen.now <= ENDING)
        return Found(Check.CERTIFICATES, Tone.LOOK, "ending", given | {"names": hosts})
    return Found(Check.CERTIFICATES, Tone.GOOD, "ok", given)


def address(seen: Address) -> Found:
    """Whoever can be reached from elsewhere is reached by TLS, with cookies that travel no other way."""
    if seen.demo:
        return Found(Check.ADDRESS, Tone.GOOD, "demo")
    if not seen.base_url:
        return Found(Check.ADDRESS, Tone.LOOK, "unset")
    if not seen.base_url.startswith("https://"):
        return Found(Check.ADDRESS, Tone.GOOD if seen.loopback else Tone.BAD, "plain", {"url": seen.base_url})
    if not seen.secure_cookies:
        return Found(Check.ADDRESS, Tone.BAD, "cookies")
    return Found(Check.ADDRESS, Tone.GOOD, "ok", {"url": seen.base_url})
