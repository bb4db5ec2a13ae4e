"""`import-all`: an export into an empty portal, on either database; all of it or nothing.

The file is unpacked beside the data and compared with its manifest first. The rows go in with one transaction. What
then does not hold together as a portal (history, guards, references, words that this version does not know) is taken out
again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import migrate, setup, verification
from portal.kernel import database_copy, files, history, packed, reference
from portal.kernel.archive_file import SEAL
from portal.kernel.db import Base, db, is_sqlite
from portal.kernel.history import Head, Line
from portal.kernel.people import Person
from portal.kernel.reference import Reference
from portal.whole import tables
from portal.whole.going_out import FORMAT, README

_TABLE = re.compile(r"tables/[a-z][a-z0-9_]{0,62}\.jsonl")


def take_in(file: Path) -> Iterator[str]:
    """Put an export into this empty portal; what was done and what was noticed, a line each.

    ValueError says why the file is refused; then the portal is as empty as before.
    """
    instance: Path = current_app.config["SETTINGS"].instance
    instance.mkdir(parents=True, exist_ok=True)
    _refuse_unless_empty()
    database_copy.refuse_while_in_use()
    with packed.beside(instance, "importing-") as folder:
        manifest = packed.unpack(file, folder, _expected)
        ours = packed.is_ours(manifest)
        _check(file, manifest)
        contents = _place_contents(folder)
        changed = manifest["revision"] != migrate.revision()
        try:
            if changed:
                _make_schema(manifest["revision"])
            _load(folder, manifest["tables"], manifest["revision"])
            changed = True
            migrate.upgrade()
            noticed = list(_made_usable())
        except BaseException:
            db.session.rollback()
            for path in contents:
                path.unlink(missing_ok=True)
            if changed:
                _empty_again()
            raise
    rows = sum(table["rows"] for table in manifest["tables"].values())
    yield f"{file} of {manifest['made_at']} is in place: {len(manifest['tables'])} tables, {rows} rows"
    if not ours:
        yield "its signature is another portal's and could not be checked; the history's chain was"
    if not manifest["with_secrets"]:
        yield "it came without secrets: give everybody a password with `user reset-password`"
    yield from (f"noticed: {fault}" for fault in noticed)


def _expected(name: str) -> bool:
    return (
        name in {README, SEAL} or _TABLE.fullmatch(name) is not None or bool(packed.CONTENT.fullmatch(name))
    )


def _refuse_unless_empty() -> None:
    with db.engine.connect() as connection:
        for table in (Person.__table__, Line.__table__):
            if not sa.inspect(connection).has_table(table.name):  # type: ignore[attr-defined]  # it is a table
                continue
            if connection.execute(sa.select(sa.exists().select_from(table))).scalar():
                raise ValueError(
                    "this portal is in use: an export goes into an empty one only, "
                    "with a fresh PORTAL_DATABASE_URL and PORTAL_INSTANCE"
                )


def _check(file: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse what is no export, or one of a version that is not known here."""
    if manifest.get("format") != FORMAT:
        raise ValueError(f"{file} is no export of a portal: use restore for a backup")
    if str(manifest.get("revision")) not in migrate.known_revisions():
        raise ValueError(
            f"the export is of schema {manifest.get('revision')!r}, which this version does not know"
        )
    told, parts = manifest.get("tables"), manifest["parts"]
    if not isinstance(told, dict) or not all(
        isinstance(table, dict) and isinstance(table.get("rows"), int) for table in told.values()
    ):
        raise ValueError(f"{file} does not say what tables it holds")
    if {f"tables/{name}.jsonl" for name in told} != {name for name in parts if name.startswith("tables/")}:
        raise ValueError(f"{file} does not hold the tables that it names")
    if not isinstance(manifest.get("with_secrets"), bool) or not isinstance(manifest.get("made_at"), str):
        raise ValueError(f"{file} does not say how it was made")
    for name, part in parts.items():
        if name.startswith("files/") and not name.endswith(f"{part['sha256'][:2]}/{part['sha256']}"):
            raise ValueError(f"{file} was changed: {name} is not the content of that name")


def _place_contents(folder: Path) -> list[Path]:
    """Attachments first, which disturbs nobody: those that were not there before."""
    fresh = []
    for path in sorted((folder / "files").glob("??/*")):
        target = files.path_of(path.name)
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        fresh.append(target)
    return fresh


def _make_schema(revision: str) -> None:
    """The tables of that version; what was loaded into them is emptied before rows come."""
    if migrate.revision() is None:
        migrate.upgrade(to=revision)
        return
    migrate.upgrade()
    migrate.downgrade(revision)


def _load(folder: Path, told: Mapping[str, Any], revision: str) -> None:
    """Every row into its table, in one transaction that empties the tables first."""
    with db.turn(), migrate.unguarded() as connection:
        there = tables.of_this_version() if revision == migrate.head() else tables.found(connection)
        wanted = tables.carried(there)
        if told.keys() != wanted.keys():
            odd = sorted(told.keys() ^ wanted.keys())
            raise ValueError(f"the tables are not those of the schema: {', '.join(odd)[:200]}")
        _empty(connection, there)
        waiting = _let_rows_wait_for_each_other(connection, wanted)
        for name, table in wanted.items():
            with (folder / "tables" / f"{name}.jsonl").open("rb") as stream:
                count = 0
                for some in tables.rows(stream, table, naive=is_sqlite()):
                    count += len(some)
                    try:
                        connection.execute(sa.insert(table), some)
                    except sa.exc.DBAPIError as error:
                        raise ValueError(f"{name}, about line {count}: {str(error.orig)[:300]}") from error
            if count != told[name]["rows"]:
                raise ValueError(f"{name} has {count} rows, the manifest says {told[name]['rows']}")
            _move_sequence(connection, table)
        for statement in waiting:
            connection.exec_driver_sql(statement)
        mark = there[Reference.__tablename__]
        if not connection.execute(sa.select(sa.exists().select_from(mark))).scalar():
            connection.execute(sa.insert(mark), {"id": 1, "generation": 1})


def _let_rows_wait_for_each_other(connection: sa.Connection, wanted: Mapping[str, sa.Table]) -> list[str]:
    """A row may point to a later one of its own table: checked at the end; the statements that end it."""
    if connection.dialect.name == "sqlite":
        return []  # looked at whole at the end of the transaction
    name = connection.dialect.identifier_preparer.quote
    own = [
        (name(table.name), name(str(key.name)))
        for table in wanted.values()
        for key in table.foreign_key_constraints
        if key.referred_table is table
    ]
    for table, key in own:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED"
        )
    return ["SET CONSTRAINTS ALL IMMEDIATE"] + [
        f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE" for table, key in own
    ]


def _move_sequence(connection: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL counts on beyond the highest id; SQLite does by itself."""
    keys = list(table.primary_key)
    if connection.dialect.name == "sqlite" or len(keys) != 1 or not isinstance(keys[0].type, sa.Integer):
        return
    quoted = connection.dialect.identifier_preparer.quote(table.name)
    sequence = connection.execute(sa.func.pg_get_serial_sequence(quoted, keys[0].name).select()).scalar()
    highest = connection.execute(sa.select(sa.func.max(keys[0]))).scalar()
    if sequence and highest:
        connection.execute(sa.func.setval(sequence, highest).select())


def _made_usable() -> Iterator[str]:
    """Search indexes, the marks of this portal, then a look at everything; ValueError when it is no sound portal."""
    instance: Path = current_app.config["SETTINGS"].instance
    if fault := next(unknown_words(), None):
        raise ValueError(fault)
    with db.write():
        verification.rebuild_indexes()
        reference.changed()
        head = db.session.execute(sa.select(Head.last_id, Head.seal)).one_or_none()
    (instance / SEAL).unlink(missing_ok=True)
    if fault := next(verification.broken(), None):
        raise ValueError(f"the export is not whole: {fault}")
    if head is not None:
        history.write_seal(head.last_id, head.seal)
    yield from verification.untidy()


def unknown_words() -> Iterator[str]:
    """Words in columns of few words that this version does not know: any page about such a row would fail."""
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, sa.Enum):
                    written = sa.type_coerce(column, sa.String)
                    odd = sa.select(written).where(written.not_in(column.type.enums)).limit(1)
                    if word := connection.execute(odd).scalar():
                        yield f"{table.name}.{column.name} says {word!r}, which this version does not know"


def _empty(connection: sa.Connection, there: Mapping[str, sa.Table]) -> None:
    """Every table but the mark by which processes see that reference data changed."""
    for table in reversed(list(there.values())):
        if table.name != Reference.__tablename__:
            connection.execute(sa.delete(table))


def _empty_again() -> None:
    """Bring the schema and the reference data back to what `init-db` makes."""
    if migrate.is_current():
        with db.turn(), migrate.unguarded() as connection:
            there = tables.of_this_version()
            _empty(connection, there)
            connection.execute(sa.delete(there[Reference.__tablename__]))
    else:
        migrate.downgrade("base")
    setup.init_db()
    with db.write():
        verification.rebuild_indexes()
