"""What people read about the installation: what is looked at, how it is, and what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jinja2.filters import do_filesizeformat

from portal.blueprints.office.system.codes import Check, Tone
from portal.i18n import _l, listed, written
from portal.kernel.jobs import LOST, Standing

LABELS: dict[type, dict[Any, Any]] = {
    Tone: {Tone.GOOD: _l("In order"), Tone.LOOK: _l("Needs a look"), Tone.BAD: _l("Out of order")},
    Check: {
        Check.DATABASE: _l("Database"),
        Check.WORKERS: _l("Workers"),
        Check.PASSES: _l("Regular work"),
        Check.QUEUE: _l("Queue"),
        Check.JOBS: _l("Long work"),
        Check.OUTBOX: _l("Messages to outside"),
        Check.DISK: _l("Disk"),
        Check.BACKUP: _l("Backup"),
        Check.HISTORY: _l("History"),
        Check.HOLIDAYS: _l("Public holidays"),
        Check.CERTIFICATES: _l("Certificates of other servers"),
        Check.ADDRESS: _l("Address and cookies"),
    },
    Standing: {
        Standing.WAITING: _l("Waits its turn"),
        Standing.DONE: _l("Done"),
        Standing.FAILED: _l("Failed"),
        Standing.STOPPED: _l("Was stopped"),
    },
}

REASONS: dict[str, Any] = {
    "job_not_running": _l("This work has ended already."),
    "job_not_over": _l("Only work that failed or was stopped can be tried again."),
    "run_under_way": _l("A worker is at it just now."),
}

NOTICES: dict[str, Any] = {"system:bad": _l("Something about the portal itself needs somebody.")}
VERBS: dict[str, Any] = {"look-at-system": _l("See to it")}

FIGURES: dict[str, Any] = {
    "watch.backup_days": _l("Watching: days after which a backup is too old"),
    "watch.verify_days": _l("Watching: days after which the history is checked again"),
    "watch.disk_look": _l("Watching: per cent of the disk free that somebody should look at"),
    "watch.disk_bad": _l("Watching: per cent of the disk free that is too little"),
}

# Kinds of long work; another one is shown by its code.
JOBS: dict[str, Any] = {
    "print": _l("PDF"),
    "solve": _l("Solving a roster"),
    "verify": _l("Check of the history"),
    "people.sync": _l("Comparison with the company's directory"),
    "person-search": _l("Looking for everything kept about somebody"),
    "person-erase": _l("Removing what is kept about somebody"),
    "end-terms": _l("Removing what is past its term"),
    "message_trial": _l("Test message"),
}

RUNS: dict[str, Any] = {
    "pass": _l("Limits, messages, what time has ended (each minute)"),
    "tidy": _l("Attachments that nothing points to (each night)"),
    "watch": _l("This page, for whoever must be told (every five minutes)"),
    "verify-due": _l("Whether the history is to be checked (each night)"),
    "verify": _l("Check of the history"),
    "backup": _l("Backup"),
    "certificates-due": _l("Look at the certificates of other servers (each night)"),
    "certificates": _l("Certificates of other servers"),
}

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "redis": "Redis"}

SENTENCES: dict[str, Any] = {
    "database.ok": _l("%(kind)s, its size is %(size)s."),
    "database.schema": _l(
        "The database has another version's schema. Run init-db, or start the web service again."
    ),
    "database.log": _l(
        "%(kind)s, %(size)s. Its log has grown to %(log_size)s: something reads without ending. Start "
        "web server and worker again."
    ),
    "database.connections": _l(
        "%(kind)s, %(size)s. %(used)s of %(most)s connections are in use: allow more (max_connections), "
        "or put PgBouncer before it."
    ),
    "workers.ok": _l("Alive: %(count)s."),
    "workers.none": _l(
        "No worker runs: no reminder, no mail and no PDF is made. Start one, such as systemctl start "
        "portal-worker."
    ),
    "workers.silent": _l(
        "Alive: %(count)s. Nothing was heard for a minute or more of %(names)s. Look there; if it is "
        "gone for good, it disappears from here within a day."
    ),
    "passes.ok": _l("Last done at %(since_at)s."),
    "passes.never": _l("It was never done: no worker has run yet. Start one."),
    "passes.late": _l("Last done at %(since_at)s. Look at the worker's log and start it again."),
    "passes.failed": _l("It failed the last time: %(problem)s. The worker's log says where."),
    "passes.some_failed": _l("Failed the last time: %(runs)s. The table below says why."),
    "queue.ok": _l("%(engine)s, messages waiting: %(count)s."),
    "queue.silent": _l(
        "The queue (%(engine)s) does not answer. Everything still happens, up to a minute later. See "
        "that it runs."
    ),
    "jobs.ok": _l("Waiting or under way: %(count)s."),
    "jobs.late": _l("Waiting: %(count)s, the oldest since %(since_at)s. See whether a worker runs."),
    "jobs.failed": _l("Failed: %(count)s. The list below says why, and lets you try again."),
    "outbox.ok": _l("Waiting: %(count)s."),
    "outbox.late": _l(
        "Waiting: %(count)s, the oldest should have left at %(since_at)s. See whether a worker runs and "
        "the mail server answers."
    ),
    "outbox.dead": _l("Given up: %(count)s. The outbox says why, and sends them again once that is mended."),
    "disk.ok": _l("Free: %(free_size)s, %(percent)s per cent."),
    "disk.filling": _l(
        "Free: %(free_size)s, %(percent)s per cent. Make room, or give the folder a larger disk."
    ),
    "disk.full": _l(
        "Free: %(free_size)s, %(percent)s per cent. Before long nothing can be saved. Make room today, with "
        "old backups first."
    ),
    "backup.ok": _l("Last taken at %(at)s: %(file)s, %(size)s."),
    "backup.never": _l("None was ever taken. Let the machine take one each night: docs/operate.md, Backups."),
    "backup.old": _l("Last taken at %(at)s: %(file)s, %(size)s. See why the nightly one is not taken."),
    "backup.failed": _l(
        "The last one failed: %(problem)s. Have one taken today that works: docs/operate.md, Backups."
    ),
    "history.ok": _l("Checked at %(at)s: everything fits together."),
    "history.never": _l("It was never checked. Check it now; later the worker does it by itself."),
    "history.old": _l("Checked at %(at)s, which is long ago. Check it now, and see whether a worker runs."),
    "history.faults": _l(
        "Checked at %(at)s: %(faults)s faults, the first one: %(first)s. Change nothing, keep the last "
        "backup, and ask whoever looks after the machine."
    ),
    "holidays.ok": _l("The table of %(year)s is in the calendar."),
    "holidays.next": _l(
        "The table of %(year)s is not in the calendar yet. It is announced in November; enter it under "
        "Calendar, or install the new version."
    ),
    "holidays.missing": _l(
        "The table of %(year)s is missing, so limits know weekends only. Enter it under Calendar today."
    ),
    "certificates.ok": _l("Of directory, mail and login service: all good until %(at)s at least."),
    "certificates.none": _l(
        "None is known: no directory, mail server or login service is encrypted, or no night has passed yet."
    ),
    "certificates.ending": _l(
        "%(names)s: good until %(at)s. Have whoever looks after that server renew its certificate before then."
    ),
    "certificates.over": _l(
        "%(names)s: the certificate is over, so nothing is sent or asked there. Have it renewed today."
    ),
    "address.ok": _l("%(url)s, with cookies that travel over TLS only."),
    "address.demo": _l("A demonstration: everybody knows its passwords."),
    "address.unset": _l("PORTAL_BASE_URL is not set: mails carry no link. Set it to the address people use."),
    "address.plain": _l(
        "%(url)s has no TLS: passwords can be read on the way. Put a proxy with a certificate before it."
    ),
    "address.cookies": _l("PORTAL_SECURE_COOKIES is not 1: the login can be read on the way. Set it to 1."),
}


def check_name(check: Check) -> str:
    """What is looked at, in words."""
    return str(LABELS[Check][check])


def sentence(check: str, said: str, given: dict[str, Any]) -> str:
    """How it is and what to do; sizes, moments and names in words."""
    told = {name: _in_words(name, value) for name, value in given.items()}
    return str(SENTENCES[f"{check}.{said}"]) % told


def _in_words(name: str, value: Any) -> Any:
    if name.endswith("size"):
        return do_filesizeformat(value)
    if name == "at" or name.endswith("_at"):
        return written(datetime.fromisoformat(value))
    if name == "engine":
        return ENGINES[value]
    if name == "runs":
        return listed(RUNS.get(each, each) for each in value)
    return listed(value) if isinstance(value, list) else value


def job_kind(kind: str) -> str:
    """What a kind of long work is called."""
    return str(JOBS.get(kind, kind))


def run_name(name: str) -> str:
    """What something regular is called."""
    return str(RUNS.get(name, name))


def problem(result: str) -> str:
    """Why long work failed."""
    return str(_l("Its worker ended in the middle of it each time.")) if result == LOST else result
