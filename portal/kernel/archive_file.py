"""One file with everything: database, attachments, the signed copy of the chain's head, and a signed manifest.

A backup is taken while people work and shows one moment. A restore trusts nothing it reads until it was unpacked beside
the present data, compared with the manifest and checked as a database; only then it takes the place of the present
data, which is kept.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import make_url

from portal import migrate
from portal.config import Settings, keyed
from portal.kernel import clock, files, history, packed, reference
from portal.kernel.db import db, is_sqlite
from portal.kernel.history import Head
from portal.kernel.people import Person
from portal.kernel.reference import Reference
from portal.kernel.sessions import Session

FORMAT = 1
SEAL = "history.seal"
DATABASES = {
    "sqlite": "database.sqlite",
    "postgresql": "database.dump",
}  # none may be taken for the live portal.db
PROGRAMS = "/usr/lib/postgresql/*/bin"  # where Debian keeps what is not on the path


# -- taking a backup ---------------------------------------------------------------------------------------------------


def backup(file: Path) -> str:
    """Write everything into `file` (mode 600) while people work; what it holds, in one line.

    ValueError and OSError say why there is none; a half-written file is never left under that name.
    """
    instance, now = _settings().instance, clock.now()
    file = file.absolute()
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as beside:
        folder = Path(beside)
        # The seal before the database: the copy then has at least every line that the seal knows.
        if (instance / SEAL).exists():
            shutil.copyfile(instance / SEAL, folder / SEAL)
        revision = migrate.revision()
        database = folder / DATABASES[db.engine.dialect.name]
        _copy_database(database)
        parts = [(path.name, path) for path in (database, folder / SEAL) if path.exists()]
        # Attachments after it: their content is written before the row that points to it.
        contents = ((f"files/{p.parent.name}/{p.name}", p) for p in sorted((instance / "files").glob("??/*")))
        parts += [
            (name, path) for name, path in contents if packed.CONTENT.fullmatch(name)
        ]  # not uploads under way
        ready = folder / "ready"
        about = {"format": FORMAT, "database": db.engine.dialect.name, "revision": revision}
        told = packed.pack(ready, parts, about, now)
        count = sum(name.startswith("files/") for name in told)
        ready.replace(file)
    return f"{file} holds the database and {count} attachments, {file.stat().st_size} bytes"


def _copy_database(target: Path) -> None:
    if not is_sqlite():
        _run("pg_dump", "--format=custom", f"--file={target}")
        return
    with closing(sqlite3.connect(_live())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)  # one step, one moment; in WAL mode it holds up no writer
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


# -- restoring ---------------------------------------------------------------------------------------------------------


def restore(file: Path) -> str:
    """Check `file` and put it in place of the present data, which is kept; what was done, in one line.

    ValueError says why the file is refused; then nothing has changed. Every login ends.
    """
    settings, now = _settings(), clock.now()
    settings.instance.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=settings.instance) as beside:
        folder = Path(beside)
        manifest = _checked(file, folder)
        ours = packed.is_ours(manifest)
        if not ours and _has_people():
            raise ValueError(
                f"{file} was changed, or made under another secret key, and this portal is in use: "
                "give the key of then as PORTAL_SECRET_KEY, or restore into an empty PORTAL_INSTANCE"
            )
        _check(manifest, folder, settings, ours)
        kept = settings.instance / f"before-restore-{clock.local(now):%Y%m%d-%H%M%S-%f}"
        _keep_present(kept, settings.instance)
        _switch(folder, settings.instance, kept)
    signed = "" if ours else "; its signature is another portal's and could not be checked"
    return f"{file} of {manifest['made_at']} is in place; what was there before is in {kept}{signed}"


def _expected(name: str) -> bool:
    return name in {SEAL, *DATABASES.values()} or packed.CONTENT.fullmatch(name) is not None


def _checked(file: Path, folder: Path) -> dict[str, Any]:
    """The manifest of a backup of this kind of database, every part unpacked into `folder` and compared."""
    manifest = packed.unpack(file, folder, _expected)
    kind, form = manifest.get("database"), manifest.get("format")
    if form != FORMAT or kind != db.engine.dialect.name or DATABASES[kind] not in manifest["parts"]:
        raise ValueError(
            f"{file} is of format {form} for {kind}, this portal runs on {db.engine.dialect.name}"
        )
    return manifest


def _check(manifest: Mapping[str, Any], folder: Path, settings: Settings, ours: bool) -> None:
    """Look at the unpacked data as a portal would; ValueError when it is not whole."""
    if manifest["revision"] not in migrate.known_revisions():
        raise ValueError(f"the backup is of schema {manifest['revision']}, which this version does not know")
    if not is_sqlite():
        return  # PostgreSQL checks while it loads, the chain is looked at after, see `_switch`
    place = folder / DATABASES["sqlite"]
    with closing(sqlite3.connect(place)) as copy:
        if (said := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise ValueError(f"the database in the backup is damaged: {said}")
        if broken := copy.execute("PRAGMA foreign_key_check").fetchone():
            raise ValueError(f"a row of {broken[0]} in the backup points to nothing")
    beside = Flask("restore")
    staged = replace(settings, instance=folder, database_url=f"sqlite:///{place}")
    beside.config.from_mapping(staged.for_flask())
    beside.secret_key = keyed(current_app._get_current_object())  # type: ignore[attr-defined]  # as above
    db.init_app(beside)
    with beside.app_context():
        if not ours:
            # Nobody here can tell a false signature from a foreign one; the chain itself is still checked.
            (folder / SEAL).unlink(missing_ok=True)
        try:
            if fault := next(history.faults(), None):
                raise ValueError(f"the backup is not whole: {fault}")
            if fault := next(files.faults(clock.now()), None):
                current_app.logger.warning("the backup lacks something: %s", fault)
        finally:
            db.session.remove()
            db.engine.dispose()


def _keep_present(kept: Path, instance: Path) -> None:
    """A copy of database and seal, and a second name for every attachment, so that cleaning takes none of them."""
    kept.mkdir(mode=0o700)
    if _has_schema():
        _copy_database(kept / DATABASES[db.engine.dialect.name])
    if (instance / SEAL).exists():
        shutil.copyfile(instance / SEAL, kept / SEAL)
    for path in (instance / "files").glob("??/*"):
        (kept / "files" / path.parent.name).mkdir(parents=True, exist_ok=True)
        os.link(path, kept / "files" / path.parent.name / path.name)


def _switch(folder: Path, instance: Path, kept: Path) -> None:
    """Attachments first, which disturbs nobody; then the database as one transaction; then its seal."""
    before, name = _generation(), DATABASES[db.engine.dialect.name]
    for path in (folder / "files").glob("??/*"):
        target = files.path_of(path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    _load_database(folder / name)
    if (folder / SEAL).exists():
        (folder / SEAL).replace(instance / SEAL)
    else:
        (instance / SEAL).unlink(missing_ok=True)
    if not is_sqlite() and (fault := next(history.faults(), None)):
        _put_back(kept, instance)
        raise ValueError(f"the backup is not whole, what was there before is back: {fault}")
    migrate.upgrade()
    with db.write():
        head = db.session.execute(sa.select(Head.last_id, Head.seal)).one()
        db.session.execute(sa.delete(Session))
        # A generation that no running process has seen: all of them read people and figures anew.
        newer = max(_generation(), before) + 1
        db.session.execute(sa.update(Reference).values(generation=newer))
        reference.changed()
    history.write_seal(head.last_id, head.seal)


def _put_back(kept: Path, instance: Path) -> None:
    if (kept / DATABASES["postgresql"]).exists():
        _load_database(kept / DATABASES["postgresql"])
    if (kept / SEAL).exists():
        shutil.copyfile(kept / SEAL, instance / SEAL)


def _load_database(source: Path) -> None:
    """Let the saved database take the present one's place, as one transaction and while no other process writes."""
    db.session.remove()
    db.engine.dispose()
    with db.turn():
        if not is_sqlite():
            _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))
            return
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(_live(), timeout=30)) as live:
            copy.backup(live)
            live.execute("PRAGMA journal_mode=WAL")


# -- the present data --------------------------------------------------------------------------------------------------


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _live() -> str:
    place = make_url(_settings().url).database
    if not place:
        raise ValueError("a database in memory cannot be saved")
    return place


def refuse_while_in_use() -> None:
    """ValueError while another process has SQLite's database open; PostgreSQL's own locks do there.

    A change of the journal's mode is possible for the only user of a database and for nobody else.
    """
    if not is_sqlite() or not Path(_live()).exists():
        return
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(_live(), timeout=0.5)) as live:
        try:
            live.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise ValueError(
                f"the database is in use ({error}): stop the web server and the worker first"
            ) from error
        live.execute("PRAGMA journal_mode=WAL")


def _has_schema() -> bool:
    with db.engine.connect() as connection:
        return sa.inspect(connection).has_table(Person.__tablename__)


def _has_people() -> bool:
    return _has_schema() and db.session.scalar(sa.select(sa.exists().select_from(Person))) is True


def _generation() -> int:
    if not _has_schema():
        return 0
    found: int | None = db.session.scalar(sa.select(Reference.generation))
    return found or 0


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on this portal's database; ValueError with its own words when it fails."""
    url = make_url(_settings().url)
    found = shutil.which(program) or next(
        (str(p / program) for p in _places() if (p / program).exists()), None
    )
    if found is None:
        raise ValueError(f"{program} is not on this machine: install PostgreSQL's client programs")
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": url.password} if url.password else {}
    ran = subprocess.run(  # noqa: S603 -- a program found by its full path, no shell
        [found, f"--dbname={address}", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise ValueError(f"{program} failed: {ran.stderr.strip()[-800:]}")


def _places() -> Iterator[Path]:
    yield from sorted(Path("/").glob(PROGRAMS.lstrip("/")), reverse=True)
