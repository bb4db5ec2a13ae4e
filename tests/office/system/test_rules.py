"""How the installation is judged: a table of what was seen and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.office.system import labels, rules
from portal.blueprints.office.system.codes import Check, Tone
from portal.blueprints.office.system.rules import Address, Database, Last, Limits, Seen
from portal.i18n import speaking

NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
LIMITS = Limits(backup_days=2, verify_days=7, disk_look=15, disk_bad=5)
OFFICE = Address("https://portal.example.com", True, False)
WELL = Seen(
    now=NOW,
    here=NOW,
    database=Database("PostgreSQL", 5_000_000, True, 0, 10, 100),
    alive=2,
    silent=(),
    last_pass=Last(NOW - timedelta(seconds=40)),
    failed_runs=(),
    queue="redis",
    messages=0,
    jobs_waiting=1,
    jobs_failed=0,
    oldest_job=NOW - timedelta(minutes=1),
    outbox_waiting=3,
    outbox_dead=0,
    oldest_message=NOW - timedelta(minutes=5),
    disk_free=60,
    disk_size=100,
    backup=Last(NOW - timedelta(hours=20), given={"file": "portal.tar", "size": 1000}),
    history=Last(NOW - timedelta(days=3), given={"faults": 0, "first": ""}),
    years_missing=(),
    certificates={"mail.example.com": NOW + timedelta(days=31)},
    address=OFFICE,
)


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def ill(tone: Tone, said: str, **seen: Any) -> Any:
    """A row: what differs from a house in which all is well, and the finding that comes of it."""
    return pytest.param(tone, said, seen, id=said)


TABLE = (
    ill(Tone.BAD, "database.schema", database=Database("SQLite", current=False)),
    ill(Tone.LOOK, "database.log", database=Database("SQLite", 1, True, 300 * 1024 * 1024)),
    ill(Tone.LOOK, "database.connections", database=Database("PostgreSQL", 1, True, 0, 80, 100)),
    ill(Tone.BAD, "workers.none", alive=0),
    ill(Tone.LOOK, "workers.silent", silent=["web-2:17"]),
    ill(Tone.BAD, "passes.never", last_pass=Last()),
    ill(Tone.BAD, "passes.late", last_pass=Last(ago(minutes=6))),
    ill(Tone.BAD, "passes.failed", last_pass=Last(ago(seconds=9), "OSError: no space left")),
    ill(Tone.LOOK, "passes.some_failed", failed_runs=["tidy", "unheard-of"]),
    ill(Tone.LOOK, "queue.silent", messages=None),
    ill(Tone.BAD, "jobs.late", oldest_job=ago(minutes=11)),
    ill(Tone.LOOK, "jobs.failed", jobs_failed=2),
    ill(Tone.BAD, "outbox.late", oldest_message=ago(minutes=31)),
    ill(Tone.LOOK, "outbox.dead", outbox_dead=1),
    ill(Tone.LOOK, "disk.filling", disk_free=14),
    ill(Tone.BAD, "disk.full", disk_free=4),
    ill(Tone.BAD, "backup.never", backup=Last()),
    ill(Tone.BAD, "backup.old", backup=Last(ago(days=2, minutes=1), given={"file": "x.tar", "size": 9})),
    ill(Tone.BAD, "backup.failed", backup=Last(ago(hours=1), "OSError: no space left")),
    ill(Tone.LOOK, "history.never", history=Last()),
    ill(Tone.LOOK, "history.old", history=Last(ago(days=9), given={"faults": 0})),
    ill(
        Tone.BAD, "history.faults", history=Last(ago(days=1), given={"faults": 3, "first": "history: line 7"})
    ),
    ill(Tone.LOOK, "holidays.next", years_missing=[2027]),
    ill(
        Tone.LOOK,
        "certificates.ending",
        certificates={"ldap": NOW + timedelta(days=30), "mail": NOW + timedelta(days=90)},
    ),
    ill(Tone.BAD, "certificates.over", certificates={"ldap": None}),
    ill(Tone.BAD, "certificates.over", certificates={"ldap": NOW, "mail": NOW + timedelta(days=90)}),
    ill(Tone.GOOD, "certificates.none", certificates={}),
    ill(Tone.GOOD, "holidays.next", years_missing=[2027], here=NOW - timedelta(days=40)),
    ill(Tone.BAD, "holidays.missing", years_missing=[2026, 2027]),
    ill(Tone.GOOD, "address.demo", address=replace(OFFICE, demo=True)),
    ill(Tone.LOOK, "address.unset", address=replace(OFFICE, base_url="")),
    ill(Tone.BAD, "address.plain", address=replace(OFFICE, base_url="http://portal.example.com")),
    ill(Tone.GOOD, "address.plain", address=Address("http://localhost:8000", False, True)),
    ill(Tone.BAD, "address.cookies", address=replace(OFFICE, secure_cookies=False)),
)


def test_where_all_is_well_everything_is_good() -> None:
    found = list(rules.judged(WELL, LIMITS))
    assert [each.check for each in found] == list(Check)
    assert {(each.tone, each.said) for each in found} == {(Tone.GOOD, "ok")}


@pytest.mark.parametrize(("tone", "said", "seen"), TABLE)
def test_what_is_wrong_is_told_apart(tone: Tone, said: str, seen: dict[str, Any]) -> None:
    found = list(rules.judged(replace(WELL, **seen), LIMITS))
    odd = {f"{each.check}.{each.said}": each.tone for each in found if each.said != "ok"}
    assert odd == {said: tone}


def test_a_portal_that_is_only_tried_out_needs_no_backup() -> None:
    tried = replace(WELL, backup=Last(), address=replace(OFFICE, demo=True))
    assert rules.backup(tried, LIMITS).tone is Tone.LOOK


def test_every_finding_has_its_sentence_and_every_sentence_its_finding(app: Flask) -> None:
    houses = [WELL, *(replace(WELL, **row.values[2]) for row in TABLE)]
    with app.app_context(), speaking("en"):
        said = {
            f"{each.check}.{each.said}": labels.sentence(each.check, each.said, each.given)
            for house in houses
            for each in rules.judged(house, LIMITS)
        }
    assert said.keys() == labels.SENTENCES.keys()
    assert said["disk.full"].startswith("Free: 4 Bytes, 4 per cent.")
    assert "2026-11-30" in said["backup.ok"]
