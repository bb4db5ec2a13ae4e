"""Backup and restore: taken while people write, put back whole, refused when anything in it was touched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal import create_app, migrate, setup, verification
from portal.blueprints.complaints import actions
from portal.blueprints.complaints.codes import Category, Channel, Kind, ReadBack, Urgency
from portal.blueprints.complaints.models import Case
from portal.config import Settings, keyed
from portal.kernel import accounts, archive_file, backups, clock, files, packed, runs, sessions, workers
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.workers import Worker
from tests.conftest import Ground

Entries = dict[str, bytes]


def portal(instance: Path) -> Flask:
    app = create_app(Settings(instance=instance, demo="1"))
    with app.app_context():
        setup.init_db()
        with db.write():
            now = clock.now()
            accounts.create(
                "desk1", name="周晓雯", role=Role.DESK, department="admin", hashed="", by=None, now=now
            )
    return app


@pytest.fixture(scope="module")
def template(quick_folder: Path) -> Path:
    """The instance folder of a portal just made, with everything written back into its one file."""
    made = portal(quick_folder / "to_be_saved")
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    return quick_folder / "to_be_saved"


@pytest.fixture
def app(template: Path, tmp_path: Path) -> Flask:
    shutil.copytree(template, tmp_path / "instance")
    return create_app(Settings(instance=tmp_path / "instance", demo="1"))


def let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def desk() -> Viewer:
    return sessions.person_as_viewer(accounts.find("desk1").id)


def register(content: str) -> str:
    by = desk()
    with db.write():
        case = actions.register(
            by=by,
            now=clock.now(),
            kind=Kind.COMPLAINT,
            channel=Channel.PHONE,
            category=Category.PRODUCT,
            urgency=Urgency.NORMAL,
            content=content,
            customer_name="陈桂芳",
            read_back=ReadBack.YES,
        )
    return case.number


def attach(content: bytes, number: str = "") -> Path:
    checked = files.check(FileStorage(BytesIO(content), filename="letter.txt"))
    files.keep(checked)
    by = desk()
    with db.write():
        wanted = sa.select(Case).where(Case.number == number) if number else sa.select(Case).limit(1)
        case = db.session.scalars(wanted).one()
        files.add(case, checked, by.id, clock.now())
    return files.path_of(checked.sha256)


def restore(file: Path) -> str:
    """What `restore` says."""
    return "\n".join(archive_file.restore(file, verification.CHECKS))


def numbers() -> list[str]:
    return list(db.session.scalars(sa.select(Case.number).order_by(Case.id)))


def test_what_was_saved_comes_back_and_what_was_there_is_kept(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        saved = [register(f"Charged twice {n}") for n in range(3)]
        letter = attach(b"the letter")
        file = tmp_path / "monday.backup"
        assert "1 attachments" in archive_file.backup(file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        register("after the backup")
        letter.unlink()
        assert "0 attachments" in (lacking := archive_file.backup(tmp_path / "tuesday.backup"))
        assert "contents of 1 attachments are missing" in lacking

        said = restore(file)

        assert numbers() == saved
        assert letter.read_bytes() == b"the letter"
        assert list(verification.faults()) == []
        kept = next((tmp_path / "instance").glob("before-restore-*"))
        assert str(kept) in said
        with sqlite3.connect(kept / "database.sqlite") as before:
            assert before.execute("SELECT count(*) FROM cases").fetchone() == (4,)
        register("life goes on")
        assert list(verification.faults()) == []
        assert [path.name for path in (tmp_path / "instance").rglob("*.db")] == ["portal.db"]


@pytest.fixture
def elsewhere(any_ground: Ground, any_app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """An empty portal of the same kind of database with the same key."""
    with any_app.app_context():
        keyed(any_app)
    shutil.copy(any_ground.settings.instance / "secret_key", _made(tmp_path / "elsewhere"))
    url = any_ground.server.create_database("drill") if any_ground.server else ""
    other = create_app(
        replace(any_ground.settings, instance=tmp_path / "elsewhere", database_url=url, now="")
    )
    yield other
    with other.app_context():
        let_go()


def test_the_drill(any_app: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    """Taken while people write and attach; restored elsewhere it is the portal of one moment, and sound."""
    written: list[str] = []
    enough, stop = threading.Event(), threading.Event()

    def write() -> None:
        with any_app.app_context():
            while not stop.is_set():
                written.append(register(f"number {len(written)}"))
                attach(f"letter {len(written)}".encode(), written[-1])
                if len(written) == 5:
                    enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(30)
    with any_app.app_context():
        acknowledged = len(written)
        archive_file.backup(tmp_path / "busy.backup")
        until = len(written)
    stop.set()
    writer.join()
    with elsewhere.app_context():
        restore(tmp_path / "busy.backup")
        restored = numbers()
        assert restored == written[: len(restored)]
        assert acknowledged <= len(restored) <= until + 1
        letters = db.session.scalar(sa.select(sa.func.count()).select_from(files.Attachment))
        assert letters in (len(restored), len(restored) - 1)
        assert list(verification.faults()) == []
        if db.engine.dialect.name == "postgresql":
            tables_of_a_newer_version_do_not_stand_in_the_way(tmp_path)


def tables_of_a_newer_version_do_not_stand_in_the_way(tmp_path: Path) -> None:
    """PostgreSQL's programs take away only what they know; SQLite's copy takes the place of the whole file."""
    saved = numbers()
    migrate.downgrade("-1")
    archive_file.backup(tmp_path / "older.backup")
    migrate.upgrade()
    register("after the backup")
    restore(tmp_path / "older.backup")
    assert numbers() == saved
    register("life goes on")
    assert list(verification.faults()) == []


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_logins_and_workers_of_then_end_with_a_restore_and_its_backup_is_the_last(
    app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        by = desk()
        with db.write():
            key = sessions.begin(by.id, "test", clock.now())
            workers._say(clock.real())
        archive_file.backup(tmp_path / "b")
        restore(tmp_path / "b")
        assert sessions.viewer(key, clock.now()) is None
        assert db.session.scalars(sa.select(Worker)).all() == [], "those of then do not count as silent"
        run = db.session.get_one(runs.Run, runs.BACKUP)
        made_at = json.loads(entries_of(tmp_path / "b")["manifest.json"])["made_at"]
        assert (run.ended_at, run.told["file"]) == (datetime.fromisoformat(made_at), "b"), (
            "the last one taken"
        )


def test_an_empty_portal_takes_a_backup_of_another_key(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        saved = [register("Charged twice")]
        archive_file.backup(tmp_path / "b")
    fresh = create_app(Settings(instance=tmp_path / "fresh", demo="1"))
    with fresh.app_context():
        assert "could not be checked" in restore(tmp_path / "b")
        assert numbers() == saved
        assert list(verification.faults()) == []


# -- refused -----------------------------------------------------------------------------------------------------------


def entries_of(file: Path) -> Entries:
    with tarfile.open(file) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]  # all are files


def write(file: Path, entries: Entries) -> None:
    with tarfile.open(file, "w") as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))


def another_attachment(entries: Entries) -> None:
    name = next(name for name in entries if name.startswith("files/"))
    entries[name] = b"another letter"


def another_database(entries: Entries) -> None:
    entries["database.sqlite"] = entries["database.sqlite"].replace(b"Charged twice", b"Charged never")


def another_database_with_its_digest(entries: Entries) -> None:
    another_database(entries)
    manifest = json.loads(entries["manifest.json"])
    digest = hashlib.sha256(entries["database.sqlite"]).hexdigest()
    manifest["parts"]["database.sqlite"]["sha256"] = digest
    entries["manifest.json"] = json.dumps(manifest).encode()


def a_file_too_many(entries: Entries) -> None:
    entries["files/ab/" + "ab" * 32] = b"smuggled"


def a_way_out(entries: Entries) -> None:
    entries["../outside"] = b"smuggled"


def a_missing_seal(entries: Entries) -> None:
    del entries["history.seal"]


def no_manifest(entries: Entries) -> None:
    del entries["manifest.json"]


def a_later_schema(entries: Entries) -> None:
    entries["manifest.json"] = entries["manifest.json"].replace(b'"revision": "', b'"revision": "x')


@pytest.mark.parametrize(
    "tamper",
    [
        another_attachment,
        another_database,
        another_database_with_its_digest,
        a_file_too_many,
        a_way_out,
        a_missing_seal,
        no_manifest,
        a_later_schema,
    ],
)
def test_a_tampered_file_is_refused_and_nothing_changes(
    app: Flask, tmp_path: Path, tamper: Callable[[Entries], None]
) -> None:
    with app.app_context():
        register("Charged twice")
        attach(b"the letter")
        archive_file.backup(tmp_path / "b")
        register("after the backup")
        before = numbers()
        entries = entries_of(tmp_path / "b")
        tamper(entries)
        write(tmp_path / "b", entries)

        with pytest.raises(ValueError, match=r"changed|does not belong|no manifest|does not know"):
            restore(tmp_path / "b")

        assert numbers() == before
        assert not (tmp_path / "outside").exists()
        assert {path.name for path in (tmp_path / "instance").iterdir() if path.is_dir()} == {"files"}
        assert list(verification.faults()) == []


@pytest.mark.parametrize("content", [b"", b"not a backup at all" * 100])
def test_what_is_no_backup_is_refused(app: Flask, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b").write_bytes(content)
    with app.app_context(), pytest.raises(ValueError, match=r"no backup|no manifest"):
        restore(tmp_path / "b")


def test_a_broken_chain_is_refused_even_when_it_is_signed(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        register("Charged twice")
        with db.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("DROP TRIGGER history_no_update")
            raw.execute("UPDATE history SET by_id = 99 WHERE id = 1")
        archive_file.backup(tmp_path / "b")
        with pytest.raises(ValueError, match="line 1 was changed"):
            restore(tmp_path / "b")


def test_a_failed_backup_leaves_no_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with app.app_context(), pytest.raises(OSError, match="no space"):
        archive_file.backup(tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_what_a_killed_one_left_goes_with_the_next(tmp_path: Path) -> None:
    """Each holds a whole database; that of a backup which is still under way stays."""
    theirs = _made(tmp_path / ".backup-theirs")
    (theirs / "database.sqlite").touch()
    handle = packed._hold(theirs)
    assert handle is not None
    with packed.beside(tmp_path, ".backup-") as ours:
        assert {*tmp_path.iterdir()} == {theirs, ours}
    os.close(handle)  # as when it is killed
    with packed.beside(tmp_path, ".backup-") as ours:
        assert list(tmp_path.iterdir()) == [ours]
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_lacks_something_is_made_anew(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        register("漏墨")
        with db.write():
            db.session.execute(sa.text("INSERT INTO search_case (search_case) VALUES ('delete-all')"))
        archive_file.backup(tmp_path / "b")
        assert "made anew" in restore(tmp_path / "b")
        assert list(verification.faults()) == []


def test_nothing_is_put_under_a_running_portal(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        archive_file.backup(tmp_path / "b")
        saved = [register("after the backup")]
        db.session.remove()
        db.engine.dispose()
        with sqlite3.connect(tmp_path / "instance" / "portal.db") as somebody:
            somebody.execute("SELECT count(*) FROM cases").fetchone()
            with pytest.raises(ValueError, match="stop the web server and the worker first"):
                restore(tmp_path / "b")
        somebody.close()
        assert numbers() == saved


def test_a_folder_keeps_the_newest(app: Flask, tmp_path: Path) -> None:
    folder = _made(tmp_path / "backups")
    for day in (1, 2, 3):
        (folder / f"portal-2026010{day}-023000.tar").touch()
    (folder / "portal-of-the-archive.tar").touch()
    with app.app_context():
        archive_file.backup(backups.place(folder))
        assert backups.keep_newest(folder, 2) == [
            folder / f"portal-2026010{day}-023000.tar" for day in (2, 1)
        ]


@pytest.mark.parametrize("to", ["-1", "0043"], ids=["the last", "one without a place to note a backup"])
def test_an_upgrade_saves_first_and_says_how_to_go_back(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    """The older version's way back is this backup: it finds in it the schema that it knows."""
    folder = _made(tmp_path / "backups")
    with app.app_context():
        saved = [register("Charged twice")]
        migrate.downgrade(to)
        older = migrate.revision()
        db.session.remove()
        db.engine.dispose()
    brought: list[str] = []
    monkeypatch.setattr(setup, "LOADERS", [lambda: brought.append("what this version knows of")])
    ran = app.test_cli_runner().invoke(args=["upgrade", "--backup", str(folder)])
    assert ran.exit_code == 0, ran.output
    assert brought, "pages ask for figures that came with this version"
    (file,) = folder.iterdir()
    assert f"`restore {file}` (schema {older})" in ran.output
    assert "everything fits together" in ran.output
    manifest = json.loads(entries_of(file)["manifest.json"])
    assert manifest["revision"] == older
    with app.app_context():
        register("after the upgrade")
        restore(file)  # this version brings it up again
        assert migrate.is_current()
        assert numbers() == saved
        assert list(verification.faults()) == []
