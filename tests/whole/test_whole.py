"""Everything out of one portal and into an empty one, on either database; nothing of a file that is not whole."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal import create_app, verification
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.kernel import clock, files
from portal.kernel.db import db
from portal.whole import coming_in, going_out
from tests import factories

Entries = dict[str, bytes]


def fill(app: Flask) -> None:
    """Cases, one of them with a letter, and what nobody should be able to read from the file."""
    for _ in range(2):
        factories.a_case(app)
    with app.app_context():
        checked = files.check(FileStorage(BytesIO(b"the letter"), filename="letter.txt"))
        files.keep(checked)
        by = factories.viewer("desk1").id
        with db.write():
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


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, any_app: Flask, quick_folder: Path) -> Iterator[Flask]:
    """An empty portal on the other database than `any_app`."""
    folder, url = quick_folder / f"elsewhere-{id(request)}", ""
    with any_app.app_context():
        if db.engine.dialect.name == "sqlite":
            server = request.getfixturevalue("postgres")
            server.drop_database("elsewhere")
            url = server.create_database("elsewhere")
    app = create_app(Settings(instance=folder, database_url=url, demo="1", now="2026-03-02T09:00:00+08:00"))
    with app.app_context():
        yield app
        let_go()


def test_what_went_out_of_one_database_is_the_same_in_the_other(
    any_app: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    fill(any_app)
    with any_app.app_context():
        assert "1 attachments" in going_out.export(tmp_path / "out", with_secrets=True)
        let_go()
    with elsewhere.app_context():
        said = list(coming_in.take_in(tmp_path / "out"))
        assert "is in place" in said[0]
        assert not any("noticed" in line for line in said)
        assert list(verification.faults()) == []
        going_out.export(tmp_path / "again", with_secrets=True)
    first, second = entries_of(tmp_path / "out"), entries_of(tmp_path / "again")
    assert rows_of(first) == rows_of(second)
    assert b"Left out: login_failures, reference, sessions." in first["README.txt"]
    # Life goes on: numbers, ids and guards are where they were.
    number = factories.a_case(elsewhere)
    assert number.endswith("-0003")
    with elsewhere.app_context():
        assert list(verification.faults()) == []
        with pytest.raises(ValueError, match="in use"):
            list(coming_in.take_in(tmp_path / "out"))
