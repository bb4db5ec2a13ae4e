"""Everything out of one portal and into an empty one, on either database; nothing of a file that is not whole."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal import create_app, migrate, setup, verification
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.kernel import clock, files
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Person
from portal.kernel.policies import Policy
from portal.whole import coming_in, going_out, tables
from tests import factories
from tests.conftest import Ground
from tests.throwaway_postgres import Server

Entries = dict[str, bytes]
NOW = "2026-03-02T09:00:00+08:00"


def fill(app: Flask) -> None:
    """Cases, one of them with a letter, and what nobody should be able to read from the file."""
    for _ in range(2):
        factories.a_case(app)
    with app.app_context():
        checked = files.check(FileStorage(BytesIO(b"the letter"), filename="letter.txt"))
        files.keep(checked)
        by = factories.viewer("desk1").id
        # A row that points to a later one of its own table.
        cards: list[dict[str, Any]] = [
            {"name": "陈桂芳", "merged_into_id": 2},
            {"name": "陈桂芳", "merged_into_id": None},
        ]
        with db.write():
            db.session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
            db.session.execute(
                sa.insert(Customer),
                [{"id": n, "created_at": clock.now(), **card} for n, card in enumerate(cards, 1)],
            )
            files.add(db.session.scalars(sa.select(Case).limit(1)).one(), checked, by, clock.now())


def entries_of(file: Path) -> Entries:
    with tarfile.open(file) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]  # all are files


def rows_of(entries: Entries) -> Entries:
    return {name: content for name, content in entries.items() if name.startswith(("tables/", "files/"))}


def write(file: Path, entries: Entries) -> None:
    with tarfile.open(file, "w") as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))


def let_go() -> None:
    db.session.remove()
    db.engine.dispose()


@pytest.fixture(scope="module")
def empty(quick_folder: Path) -> Path:
    """The instance folder of a portal with nobody in it."""
    app = create_app(Settings(instance=quick_folder / "empty", demo="1"))
    with app.app_context():
        setup.init_db()
        let_go()
    return quick_folder / "empty"


def nobody(empty: Path, folder: Path) -> Flask:
    """A portal of its own in which nobody is."""
    shutil.copytree(empty, folder)
    return create_app(Settings(instance=folder, demo="1", now=NOW))


@pytest.fixture(scope="module")
def full(sqlite_ground: Ground, quick_folder: Path) -> Path:
    """An export with secrets."""
    app = sqlite_ground.fresh()
    fill(app)
    with app.app_context():
        assert "1 attachments" in going_out.export(quick_folder / "full", with_secrets=True)
        let_go()
    return quick_folder / "full"


def taken_in_and_out(app: Flask, file: Path, again: Path) -> None:
    """The portal has it, all of it, and writes it out again."""
    with app.app_context():
        said = list(coming_in.take_in(file))
        assert "is in place" in said[0]
        assert not any("noticed" in line for line in said)
        assert list(verification.faults()) == []
        going_out.export(again, with_secrets=True)


def test_from_one_database_to_the_other_and_back_it_is_the_same(
    full: Path, empty: Path, postgres: Server, quick_folder: Path, tmp_path: Path
) -> None:
    url = postgres.create_database("moved")
    moved = create_app(Settings(instance=quick_folder / "moved", database_url=url, demo="1", now=NOW))
    taken_in_and_out(moved, full, tmp_path / "moved")
    back = nobody(empty, tmp_path / "back")
    taken_in_and_out(back, tmp_path / "moved", tmp_path / "again")
    first = entries_of(full)
    assert b"Left out: login_failures, login_steps, reference, sessions." in first["README.txt"]
    for file in (tmp_path / "moved", tmp_path / "again"):
        assert rows_of(entries_of(file)) == rows_of(first)
    for app in (moved, back):
        # Life goes on: numbers, ids and guards are where they were.
        assert factories.a_case(app).endswith("-0003")
        with app.app_context():
            assert list(verification.faults()) == []
            with pytest.raises(ValueError, match="in use"):
                list(coming_in.take_in(full))
            let_go()


# -- refused -----------------------------------------------------------------------------------------------------------


def test_without_secrets_nobody_can_be_let_in(app: Flask, empty: Path, tmp_path: Path) -> None:
    with app.app_context(), db.write():
        db.session.execute(sa.update(Person).values(password="$argon2id$of everybody"))
    with app.app_context():
        going_out.export(tmp_path / "out", with_secrets=False)
        let_go()
    assert b"argon2" not in (tmp_path / "out").read_bytes()
    with nobody(empty, tmp_path / "instance").app_context():
        said = list(coming_in.take_in(tmp_path / "out"))
        assert any("user reset-password" in line for line in said)
        assert set(db.session.scalars(sa.select(Person.password))) == {""}
        let_go()


def test_every_column_that_sounds_secret_was_thought_of() -> None:
    """A new one goes into `tables.SECRETS`, or into this list when it opens nothing."""
    open_to_all = {"text_digest", "fields_digest", "gap_digest", "digest", "by_password", "password_until"}
    sounds = re.compile(r"password|secret|token|digest|otp|recovery|_key$|salt")
    known = {
        (table.name, column.name)
        for table in db.metadata.tables.values()
        for column in table.columns
        if sounds.search(column.name) and column.name not in open_to_all | {"idempotency_key"}
    }
    known = {each for each in known if each[0] not in tables.LEFT_OUT}
    assert known - {("history_texts", "salt")} == tables.SECRETS


def test_an_export_of_an_older_version_is_brought_up(
    app: Flask, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app)
    with app.app_context():
        migrate.downgrade("-1")
        older = migrate.revision()
        with monkeypatch.context() as then, db.engine.connect() as connection:
            there = tables.found(connection)
            then.setattr(migrate, "is_current", lambda: True)
            then.setattr(tables, "of_this_version", lambda: there)
            going_out.export(tmp_path / "older", with_secrets=True)
        let_go()
    assert json.loads(entries_of(tmp_path / "older")["manifest.json"])["revision"] == older
    with nobody(empty, tmp_path / "instance").app_context():
        list(coming_in.take_in(tmp_path / "older"))
        assert migrate.is_current()
        assert list(verification.faults()) == []
        let_go()


def test_a_word_that_this_version_does_not_know_is_named(app: Flask) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE people SET role = 'emperor' WHERE id = 1")
        assert list(coming_in.unknown_words()) == [
            "people.role says 'emperor', which this version does not know"
        ]


PEOPLE = sa.Table(
    "people",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(8), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("password", sa.String(80), nullable=False),
)
SOUND: dict[str, Any] = {
    "id": 2**31 - 1,
    "name": "陈桂芳",
    "active": True,
    "day": "2026-03-02",
    "at": "2026-03-02T09:00:00.000001+08:00",
    "password": None,
}
WRONG: list[tuple[str, Any, str]] = [
    ("id", 2**31, "a number too large"),
    ("id", "1", "not a whole number"),
    ("id", True, "not a whole number"),
    ("id", None, "must not be empty"),
    ("name", "x" * 9, "longer than 8"),
    ("name", "a\0b", "sign NUL"),
    ("name", "a\ud800b", "surrogates"),
    ("name", ["a"], "not a text"),
    ("active", 1, "neither true nor false"),
    ("day", "2026-02-30", "day is out of range"),
    ("at", "2026-03-02T09:00:00", "without its zone"),
    ("at", 5, "not a text"),
    ("shell_", "/bin/sh", "the columns are others: shell_"),
]
UNREADABLE: list[tuple[bytes, str]] = [
    (json.dumps(SOUND).encode(), "does not end"),
    (b"[" * 100_000 + b"\n", "cannot be read"),
    (b"[]\n", "not an object"),
    (b'{"id": ' + b"9" * 5_000 + b"}\n", "cannot be read"),
    (b'{"id": NaN}\n', "in no column"),
    (b'{"id": 1.0}\n', "in no column"),
    (b'{"id": 1, "id": 2}\n', "stands twice"),
    (b"\xff\xfe\n", "cannot be read"),
    (b"{}\n", "the columns are others"),
]


def test_rows_are_read_as_what_their_columns_hold() -> None:
    text = json.dumps(SOUND).encode() + b"\n"
    ((row,),) = tables.rows(BytesIO(text), PEOPLE, naive=False)
    moment = datetime(2026, 3, 2, 1, 0, 0, 1, UTC)
    assert row == SOUND | {"day": date(2026, 3, 2), "at": moment, "password": ""}
    ((row,),) = tables.rows(BytesIO(text), PEOPLE, naive=True)
    assert row["at"] == moment.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("written", "why"),
    [*((json.dumps(SOUND | {name: value}).encode() + b"\n", why) for name, value, why in WRONG), *UNREADABLE],
)
def test_a_row_that_does_not_fit_is_named(written: bytes, why: str) -> None:
    sound = json.dumps(SOUND).encode() + b"\n"
    with pytest.raises(ValueError, match=f"people, line 2.*{why}"):
        list(tables.rows(BytesIO(sound + written), PEOPLE, naive=False))


def line(table: str, **changed: Any) -> Callable[[Entries], None]:
    """The first row of a table, changed."""

    def tamper(entries: Entries) -> None:
        first, *others = entries[f"tables/{table}.jsonl"].splitlines(keepends=True)
        row = json.loads(first) | changed
        entries[f"tables/{table}.jsonl"] = b"".join([json.dumps(row).encode() + b"\n", *others])

    return tamper


def one_person_twice(entries: Entries) -> None:
    entries["tables/people.jsonl"] += entries["tables/people.jsonl"].splitlines(keepends=True)[0]


def manifest(**changed: Any) -> Callable[[Entries], None]:
    def tamper(entries: Entries) -> None:
        entries["manifest.json"] = json.dumps(json.loads(entries["manifest.json"]) | changed).encode()

    return tamper


def fewer_rows_told(entries: Entries) -> None:
    told = json.loads(entries["manifest.json"])
    told["tables"]["people"]["rows"] -= 1
    entries["manifest.json"] = json.dumps(told).encode()


def another_table(entries: Entries) -> None:
    told = json.loads(entries["manifest.json"])
    told["tables"]["pg_authid"] = {"rows": 0, "columns": {}}
    entries["manifest.json"] = json.dumps(told).encode()
    entries["tables/pg_authid.jsonl"] = b""


def another_content(entries: Entries) -> None:
    name = next(name for name in entries if name.startswith("files/"))
    entries[name] = b"another letter"


def extra(name: str) -> Callable[[Entries], None]:
    return lambda entries: entries.update({name: b"smuggled"})


HOSTILE: list[tuple[Callable[[Entries], None], str]] = [
    (extra("../outside"), "does not belong"),
    (extra("tables/../../outside.jsonl"), "does not belong"),
    (extra("/etc/passwd"), "does not belong"),
    (another_table, "the tables are not those"),
    (another_content, "not the content of that name"),
    (fewer_rows_told, "the manifest says"),
    (manifest(revision="9999"), "does not know"),
    (manifest(revision=["0001"]), "does not know"),
    (manifest(format="portal export 2"), "no export"),
    (manifest(tables={"people": 3}), "does not say what tables"),
    (manifest(tables={}), "does not hold the tables"),
    (line("people", id=2**70), "people, line 1, id"),
    (line("people", department="nowhere"), "foreign keys broke"),
    (one_person_twice, "UNIQUE"),
    (line("history", event="case:nothing"), "line 1 was changed"),
]  # fmt: skip


@pytest.fixture(scope="module")
def refusing(empty: Path, quick_folder: Path) -> Iterator[Flask]:
    """A portal in which nobody is, and after each of these files still nobody."""
    app = nobody(empty, quick_folder / "refusing")
    with app.app_context():
        yield app
        assert list(verification.faults()) == []
        let_go()


@pytest.mark.parametrize(("tamper", "why"), HOSTILE, ids=[f"{n}-{why}" for n, (_, why) in enumerate(HOSTILE)])
def test_of_a_hostile_file_nothing_is_taken(
    full: Path, refusing: Flask, tmp_path: Path, tamper: Callable[[Entries], None], why: str
) -> None:
    entries = entries_of(full)
    tamper(entries)
    told = json.loads(entries["manifest.json"])
    told["parts"] = {
        name: {"sha256": hashlib.sha256(kept).hexdigest(), "size": len(kept)}
        for name, kept in entries.items()
        if name != "manifest.json"
    }
    entries["manifest.json"] = json.dumps(told).encode()
    write(tmp_path / "out", entries)
    assert_nothing_is_taken(refusing, tmp_path, why)


def assert_nothing_is_taken(app: Flask, tmp_path: Path, why: str) -> None:
    """Refused with these words; nobody is there, no file, and what was loaded at the start is."""
    instance: Path = app.config["SETTINGS"].instance
    with pytest.raises((ValueError, RuntimeError), match=why):
        list(coming_in.take_in(tmp_path / "out"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Policy)) > 50  # type: ignore[operator]  # a count
    db.session.rollback()
    assert not list(instance.glob("files/??/*"))
    assert not list(instance.glob("importing-*"))
    assert not (tmp_path / "outside").exists()


def a_link(archive: tarfile.TarFile) -> None:
    entry = tarfile.TarInfo("tables/people.jsonl")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    archive.addfile(entry)


def ten_terabytes(archive: tarfile.TarFile) -> None:
    entry = tarfile.TarInfo("tables/people.jsonl")
    entry.size = 10 * 1024**4
    archive.fileobj.write(entry.tobuf())


def twice(archive: tarfile.TarFile) -> None:
    for _ in range(2):
        archive.addfile(tarfile.TarInfo("README.txt"))


@pytest.mark.parametrize(
    ("made", "why"), [(a_link, "does not belong"), (ten_terabytes, "no room"), (twice, "does not belong")]
)
def test_of_a_hostile_archive_nothing_is_taken(
    refusing: Flask, tmp_path: Path, made: Callable[[tarfile.TarFile], None], why: str
) -> None:
    with tarfile.open(tmp_path / "out", "w") as archive:
        made(archive)
    assert_nothing_is_taken(refusing, tmp_path, why)


def test_of_a_file_cut_off_anywhere_nothing_is_taken(full: Path, refusing: Flask, tmp_path: Path) -> None:
    whole = full.read_bytes()
    for part in range(4):
        (tmp_path / "out").write_bytes(whole[: len(whole) * part // 4])
        assert_nothing_is_taken(refusing, tmp_path, r"damaged|no manifest")
