"""A disk that is full or takes nothing: never a yes for what is not there, words that say so, and work goes on."""

from __future__ import annotations

import errno
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.kernel import archive_file, history
from portal.kernel.db import db
from portal.whole import going_out
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At, Ground, client_of

PAGE = 4096  # bytes of SQLite's


@pytest.fixture(autouse=True)
def _nothing_compiled_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests keep compiled templates in files, for which there may be no room here; the portal does not."""
    monkeypatch.setattr(app.jinja_env, "bytecode_cache", None)


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes: to SQLite an error of the disk, to Python a full one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_page_more(app: Flask) -> Iterator[None]:
    """SQLite's own end of room: the database may not grow."""
    with app.app_context():
        engine = db.engine
        db.session.remove()
        engine.dispose()

    def tell(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(engine, "connect", tell)
    try:
        yield
    finally:
        sa.event.remove(engine, "connect", tell)
        with app.app_context():
            db.session.remove()
            engine.dispose()


@contextmanager
def failing_commit(app: Flask) -> Iterator[None]:
    """PostgreSQL says at the end of a write that its disk is full."""

    def fail(_connection: sa.Connection) -> None:
        raise sa.exc.OperationalError("COMMIT", {}, psycopg.errors.DiskFull("could not extend file"))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        sa.event.remove(engine, "commit", fail)


def stored(app: Flask) -> set[str]:
    with app.app_context():
        found = set(db.session.scalars(sa.select(Case.number)))
        db.session.remove()
    return found


def wal_of(app: Flask) -> int:
    settings: Settings = app.config["SETTINGS"]
    return (settings.instance / "portal.db-wal").stat().st_size


def goes_on(app: Flask, browser: CarefulClient, before: set[str]) -> None:
    """There is room again: the next number is the next one, and nothing is half there."""
    assert stored(app) == before
    assert browser.register().status_code == 303
    assert stored(app) > before
    assert factories.history_faults(app) == []
    with app.app_context():
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        db.session.remove()


def test_pages_can_be_read_while_nothing_can_be_written(app: Flask, as_: As, at: At) -> None:
    browser = as_("desk1")
    assert browser.get("/complaints/").status_code == 200
    at("Mon 2026-03-02 09:10")  # that somebody is still there would now be noted
    with no_file_beyond(wal_of(app)):
        assert browser.get("/complaints/").status_code == 200


def test_a_full_database_takes_nothing_and_says_so(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    browser = as_("desk1")
    browser.csrf()
    before = stored(app)
    with no_page_more(app):
        while (answer := browser.register(content="满" * 4000)).status_code == 303:
            before = stored(app)
        assert answer.status_code == 507
        assert "disk is full" in answer.text
        # What is there can still be read.
        assert browser.get(f"/complaints/{number}").status_code == 200
    goes_on(app, browser, before)


@pytest.mark.parametrize("pages", range(8))
def test_wherever_a_write_breaks_off_it_is_not_there(app: Flask, as_: As, pages: int) -> None:
    """The log of SQLite can take so many pages more and not another one."""
    browser = as_("desk1")
    browser.csrf()
    with app.app_context():
        db.session.remove()
    before = stored(app)
    with no_file_beyond(wal_of(app) + pages * PAGE):
        answer = browser.register()
    assert answer.status_code in {303, 503}, answer.status_code
    if answer.status_code == 303:
        before = {*before, answer.headers["Location"].rsplit("/", 1)[1]}
    else:
        assert "does not take anything" in answer.text
    goes_on(app, browser, before)


def test_what_is_committed_is_acknowledged_though_its_seal_cannot_be_copied(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(history, "write_seal", fail)
    assert as_("desk1").register().status_code == 303
    assert len(stored(app)) == 1
    assert factories.history_faults(app) == []


def test_a_full_postgresql_takes_nothing_and_says_so(postgres_ground: Ground) -> None:
    app = postgres_ground.fresh()
    browser = client_of(app, "desk1")
    browser.csrf()
    with failing_commit(app):
        answer = browser.register()
    assert answer.status_code == 507
    assert stored(app) == set()
    assert browser.register().status_code == 303
    postgres_ground.close()


def test_a_file_without_room_is_not_taken(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    browser = as_("desk1")
    browser.csrf()
    letter = b"a letter\n" * 40_000
    with no_file_beyond(200_000):
        answer = browser.act(number, "attach", files=(BytesIO(letter), "letter.txt"))
    assert answer.status_code == 507
    settings: Settings = app.config["SETTINGS"]
    assert not [path for path in (settings.instance / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "write", [archive_file.backup, lambda file: going_out.export(file, with_secrets=True)]
)
def test_a_copy_without_room_leaves_nothing(app: Flask, tmp_path: Path, write: Callable[[Path], str]) -> None:
    with app.app_context():
        with no_file_beyond(200_000), pytest.raises(Exception, match=r"too large|disk|full"):
            write(tmp_path / "copy")
        assert list(tmp_path.iterdir()) == []
        write(tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size > 200_000
