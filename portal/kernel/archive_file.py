"""One file with everything: database, attachments, the signed copy of the chain's head, and a signed manifest.

A backup is taken while people work and shows one moment. A restore trusts nothing it reads until it was unpacked beside
the present data, compared with the manifest and checked as a database; only then it takes the place of the present
data, which is kept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from portal import migrate
from portal.config import Settings, keyed
from portal.kernel import clock, database_copy, files, history, packed, reference, runs
from portal.kernel.db import db
from portal.kernel.history import Head
from portal.kernel.people import Person
from portal.kernel.reference import Reference
from portal.kernel.sessions import Session
from portal.kernel.workers import Worker

FORMAT = 1
SEAL = "history.seal"
CHECKED_ONLY_AFTER = (
    "the portal's user may make no database beside its own, so it was looked at after the switch only"
)


@dataclass(frozen=True)
class Checks:
    """What is looked at before a backup takes the present data's place; the areas have said what there is."""

    broken: Callable[[], Iterator[str]]  # refused
    untidy: Callable[[], Iterator[str]]  # told
    unfindable: Callable[[], Iterator[str]]  # mended
    rebuild_indexes: Callable[[], None]


# -- taking a backup ---------------------------------------------------------------------------------------------------


def backup(file: Path) -> str:
    """Write everything into `file` (mode 600) while people work; what it holds, in one line.

    ValueError and OSError say why there is none; a half-written file is never left under that name.
    """
    instance, now = _settings().instance, clock.now()
    file = file.absolute()
    with packed.beside(file.parent, ".backup-") as folder:
        # The seal before the database: the copy then has at least every line that the seal knows.
        if (instance / SEAL).exists():
            shutil.copyfile(instance / SEAL, folder / SEAL)
        revision = migrate.revision()
        database = folder / database_copy.name()
        database_copy.copy(database)
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
        files.sync(file.parent)  # before older ones are deleted
    missing = (
        f"; the contents of {lacking} attachments are missing, see verify" if (lacking := _lacking()) else ""
    )
    return f"{file} holds the database and {count} attachments, {file.stat().st_size} bytes{missing}"


def _lacking() -> int:
    """How many contents that something points to are not there; 0 where another version's schema cannot be asked."""
    if not migrate.is_current():
        return 0
    wanted = db.session.scalars(sa.select(files.Attachment.sha256).distinct())
    return sum(not files.path_of(sha256).exists() for sha256 in wanted)


# -- restoring ---------------------------------------------------------------------------------------------------------


def restore(file: Path, checks: Checks) -> Iterator[str]:
    """Check `file` and put it in place of the present data, which is kept; what was done and noticed, a line each.

    ValueError says why the file is refused; then nothing has changed. Every login ends.
    """
    settings, now = _settings(), clock.now()
    settings.instance.mkdir(parents=True, exist_ok=True)
    with packed.beside(settings.instance, "restoring-") as folder:
        manifest = _checked(file, folder)
        ours = packed.is_ours(manifest)
        if not ours and _has_people():
            raise ValueError(
                f"{file} was changed, or made under another secret key, and this portal is in use: "
                "give the key of then as PORTAL_SECRET_KEY, or restore into an empty PORTAL_INSTANCE"
            )
        if not ours:
            # Nobody here can tell a false signature from a foreign one; the chain itself is still checked.
            (folder / SEAL).unlink(missing_ok=True)
        database_copy.refuse_while_in_use()
        noticed = _looked_at_beside(folder, settings, checks)
        kept = settings.instance / f"before-restore-{clock.local(now):%Y%m%d-%H%M%S-%f}"
        _keep_present(kept, settings.instance)
        before = _generation()
        _switch(folder, settings.instance)
        migrate.upgrade()
        if noticed is None:
            noticed = [CHECKED_ONLY_AFTER, *_looked_at_in_place(kept, settings.instance, checks)]
        elif noticed and db.engine.dialect.name != "sqlite":
            list(_mended(checks))  # what was mended beside was another database
        _begin_anew(before, file, manifest)
    signed = "" if ours else "; its signature is another portal's and could not be checked"
    yield f"{file} of {manifest['made_at']} is in place; what was there before is in {kept}{signed}"
    yield from (f"noticed: {fault}" for fault in noticed)


def _expected(name: str) -> bool:
    return name in {SEAL, *database_copy.NAMES.values()} or packed.CONTENT.fullmatch(name) is not None


def _checked(file: Path, folder: Path) -> dict[str, Any]:
    """The manifest of a backup of this kind of database, every part unpacked into `folder` and compared."""
    manifest = packed.unpack(file, folder, _expected)
    kind, form = manifest.get("database"), manifest.get("format")
    if form != FORMAT or kind != db.engine.dialect.name or database_copy.name() not in manifest["parts"]:
        raise ValueError(
            f"{file} is of format {form} for {kind}, this portal runs on {db.engine.dialect.name}; "
            "export-all and import-all lead from one database to the other"
        )
    if str(manifest.get("revision")) not in migrate.known_revisions():
        raise ValueError(
            f"the backup is of schema {manifest.get('revision')}, which this version does not know"
        )
    return manifest


def _looked_at_beside(folder: Path, settings: Settings, checks: Checks) -> list[str] | None:
    """Bring the copy up to this version and look at it as a portal would; what was noticed, None where it cannot be.

    ValueError when it is not whole.
    """
    with database_copy.beside(folder / database_copy.name()) as url:
        if url is None:
            return None
        portal = Flask("restore")
        portal.config.from_mapping(replace(settings, instance=folder, database_url=url).for_flask())
        portal.secret_key = keyed(current_app._get_current_object())  # type: ignore[attr-defined]  # the app behind the proxy
        db.init_app(portal)
        reference.init_app(portal)
        with portal.app_context():
            try:
                migrate.upgrade()
                return list(_noticed(checks))
            finally:
                db.session.remove()
                db.engine.dispose()


def _noticed(checks: Checks) -> Iterator[str]:
    if fault := next(checks.broken(), None):
        raise ValueError(f"the backup is not whole: {fault}")
    yield from _mended(checks)
    yield from checks.untidy()


def _mended(checks: Checks) -> Iterator[str]:
    """An index says nothing that is not in the texts: it is no reason to be without one's data."""
    if fault := next(checks.unfindable(), None):
        db.session.rollback()
        with db.write():
            checks.rebuild_indexes()
        yield f"{fault}; the search indexes were made anew"


def _looked_at_in_place(kept: Path, instance: Path, checks: Checks) -> list[str]:
    try:
        return list(_noticed(checks))
    except ValueError as error:
        _put_back(kept, instance)
        raise ValueError(f"{error}; what was there before is back") from error


def _keep_present(kept: Path, instance: Path) -> None:
    """A copy of database and seal, and a second name for every attachment, so that cleaning takes none of them."""
    kept.mkdir(mode=0o700)
    if _has_schema():
        database_copy.copy(kept / database_copy.name())
    if (instance / SEAL).exists():
        shutil.copyfile(instance / SEAL, kept / SEAL)
    for path in (instance / "files").glob("??/*"):
        (kept / "files" / path.parent.name).mkdir(parents=True, exist_ok=True)
        os.link(path, kept / "files" / path.parent.name / path.name)


def _switch(folder: Path, instance: Path) -> None:
    """Attachments first, which disturbs nobody; then the database as one transaction; then its seal."""
    for path in (folder / "files").glob("??/*"):
        target = files.path_of(path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    database_copy.load(folder / database_copy.name())
    if (folder / SEAL).exists():
        (folder / SEAL).replace(instance / SEAL)
    else:
        (instance / SEAL).unlink(missing_ok=True)


def _begin_anew(before: int, file: Path, manifest: dict[str, Any]) -> None:
    """End every login; have every process read people and figures anew, by a generation that none has seen.

    The workers of then are gone, and the backup in place is the last one that was taken: it was not noted in itself.
    """
    with db.write():
        db.session.execute(sa.delete(Worker))
        taken = datetime.fromisoformat(manifest["made_at"])
        runs.note_of(taken, runs.BACKUP, {"file": file.name, "size": file.stat().st_size})
        head = db.session.execute(sa.select(Head.last_id, Head.seal)).one()
        db.session.execute(sa.delete(Session))
        newer = max(_generation(), before) + 1
        db.session.execute(sa.update(Reference).values(generation=newer))
        reference.changed()
    history.write_seal(head.last_id, head.seal)


def _put_back(kept: Path, instance: Path) -> None:
    if (kept / database_copy.name()).exists():
        database_copy.load(kept / database_copy.name())
    if (kept / SEAL).exists():
        shutil.copyfile(kept / SEAL, instance / SEAL)


# -- the present data --------------------------------------------------------------------------------------------------


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


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
