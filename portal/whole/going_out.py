"""`export-all`: everything as it was at one moment, in a form that can be read without the portal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import migrate
from portal.kernel import clock, files, packed
from portal.kernel.archive_file import SEAL
from portal.kernel.db import db, is_sqlite
from portal.whole import tables

FORMAT = "portal export 1"
README = "README.txt"
SAID = """\
A front office portal, whole, as it was on {made_at} (UTC). Schema {revision}.

tables/NAME.jsonl   one table: UTF-8, a line a row, a JSON object a line, in the order of the table's key.
                    moment: ISO 8601 in UTC; day: ISO 8601; truth: true or false; an empty field: null.
                    Amounts of money are whole hundredths, durations whole minutes or as the column is named.
files/AB/ABC...     an attachment's content under its SHA-256; its name and what it belongs to: tables/attachments.jsonl.
history.seal        the signed copy of the end of the history's chain, when there was one.
manifest.json       of every file its digest and size, of every table its columns and number of rows, and a signature
                    under the portal's secret key, over all of the manifest but itself.

Where to begin: people, departments, positions; cases with dealings, clocks, history and history_texts (what happened to
what, `subject_kind` and `subject_id` name it); visits with bookings; shifts, handovers, duty_log; documents with
document_versions.

Left out: {left_out}.
{secrets}
It holds personal data and is to be kept as the portal itself.
"""
WITHOUT = "Empty on purpose, for they are secrets: {}."
WITH = "With its secrets: {}. Whoever has the file can try passwords at leisure."


def export(file: Path, with_secrets: bool) -> str:
    """Write everything into `file` (mode 600) while people work; what it holds, in one line.

    ValueError and OSError say why there is none; a half-written file is never left under that name.
    """
    if not migrate.is_current():
        raise ValueError("the database has another version's schema: run upgrade first")
    file, now = file.absolute(), clock.now()
    instance: Path = current_app.config["SETTINGS"].instance
    with packed.beside(file.parent, ".export-") as folder:
        (folder / "tables").mkdir()
        # The seal before the tables: they then have at least every line that the seal knows.
        if (instance / SEAL).exists():
            shutil.copyfile(instance / SEAL, folder / SEAL)
        told, contents = _write_tables(folder / "tables", with_secrets)
        about: dict[str, Any] = {
            "format": FORMAT,
            "revision": migrate.revision(),
            "with_secrets": with_secrets,
            "left_out": sorted(tables.LEFT_OUT),
            "tables": told,
        }
        (folder / README).write_text(_said(about, now.isoformat()), encoding="utf-8")
        parts = [(name, folder / name) for name in (README, SEAL) if (folder / name).exists()]
        parts += [(f"tables/{name}.jsonl", folder / "tables" / f"{name}.jsonl") for name in told]
        parts += [(f"files/{sha[:2]}/{sha}", files.path_of(sha)) for sha in contents]
        packed.pack(folder / "ready", parts, about, now)
        (folder / "ready").replace(file)
        files.sync(file.parent)
    rows = sum(table["rows"] for table in told.values())
    lacking = sum(not files.path_of(sha).exists() for sha in contents)
    missing = f"; the contents of {lacking} attachments are missing, see verify" if lacking else ""
    return (
        f"{file} holds {len(told)} tables with {rows} rows and {len(contents) - lacking} attachments{missing}"
    )


def _write_tables(folder: Path, with_secrets: bool) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Every table into a file of its own, all at one moment: what each holds, and which contents are pointed to."""
    told: dict[str, dict[str, Any]] = {}
    with _one_moment() as connection:
        known = tables.carried(tables.of_this_version())
        for name, table in sorted(known.items()):
            count = 0
            with (folder / f"{name}.jsonl").open("wb") as written:
                for line in tables.lines(connection, table, with_secrets):
                    written.write(line)
                    count += 1
            columns = {c.name: tables.kind(c) for c in sorted(table.columns, key=lambda column: column.name)}
            told[name] = {"rows": count, "columns": columns}
        attachments = known[files.Attachment.__tablename__]
        shas = connection.execute(sa.select(attachments.c.sha256).distinct().order_by(attachments.c.sha256))
        return told, list(shas.scalars())


@contextmanager
def _one_moment() -> Iterator[sa.Connection]:
    """A connection that sees the database as it was when it first asked."""
    db.session.rollback()
    with db.engine.connect() as connection:
        yield (connection if is_sqlite() else connection.execution_options(isolation_level="REPEATABLE READ"))


def _said(about: dict[str, Any], made_at: str) -> str:
    secret = ", ".join(sorted(".".join(each) for each in tables.SECRETS))
    return SAID.format(
        made_at=made_at,
        revision=about["revision"],
        left_out=", ".join(about["left_out"]),
        secrets=(WITH if about["with_secrets"] else WITHOUT).format(secret),
    )
