"""Where a text still stands: every table and column, the search indexes, the files; nothing is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.retention import actions, queries
from portal.blueprints.reception.retention.queries import Found
from portal.blueprints.reception.traces import Person
from portal.i18n import speaking
from portal.kernel import clock, search
from portal.kernel.db import db, is_sqlite
from tests import factories

INDEXES = ("visit", "customer", "question", "case", "log")


def everywhere(app: Flask, *markers: str) -> list[str]:
    """Each place in which one of the texts stands, as itself, as JSON writes it, or in pieces of an index."""
    folder = app.config["SETTINGS"].instance
    files = [
        path for path in folder.rglob("*") if path.is_file()
    ]  # the embedded database with its log among them
    found = [path.name for path in files if _has(path.read_bytes(), markers)]
    with app.app_context():
        found += [*_columns(markers), *_indexes(markers)]
        db.session.remove()
    return found


def _spellings(marker: str) -> set[str]:
    return {marker, json.dumps(marker)[1:-1]}


def _has(value: Any, markers: tuple[str, ...]) -> bool:
    texts = [spelling for marker in markers for spelling in _spellings(marker)]
    if isinstance(value, bytes):
        return any(text.encode() in value for text in texts)
    return any(text in str(value) for text in texts)


def _columns(markers: tuple[str, ...]) -> Iterator[str]:
    """By reflection, so that a table that no model names is looked at too."""
    connection = db.session.connection()
    names = set(sa.inspect(connection).get_table_names())
    if is_sqlite():
        names -= {
            f"search_{kind}" for kind in INDEXES
        }  # contentless: what they know lies in the tables beside them
    for name in sorted(names):
        for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')).mappings():  # its own names
            yield from (f"{name}.{column}" for column, value in row.items() if _has(value, markers))


def _indexes(markers: tuple[str, ...]) -> Iterator[str]:
    connection = db.session.connection()
    for kind in INDEXES:
        for marker in markers:
            if db.session.scalars(search.matching(kind, marker)).all():
                yield f"search_{kind}"
        if not is_sqlite():
            continue  # there the pieces are a column like others
        # Pieces are kept without what they share with their neighbours: the last sign of a name is there or is not.
        blocks = (
            connection.exec_driver_sql(f"SELECT block FROM search_{kind}_data").scalars().all()
        )  # as above
        signs = [marker[-1].encode() for marker in markers if not marker.isascii()]
        if any(sign in block for sign in signs for block in blocks):
            yield f"search_{kind}_data"


def taken_out(app: Flask, name: str = "", phone: str = "") -> dict[str, Any]:
    """What reception hands over of a person."""
    with app.app_context(), speaking("en"):
        by = factories.viewer("office1")
        return actions.take_out(Person(name, phone), by=by, now=clock.now())


def removed(app: Flask, name: str = "", phone: str = "") -> tuple[int, int]:
    """Reception's part of a removal: how many things went, how many stay."""
    with app.app_context():
        by = factories.viewer("office1")
        return actions.remove(Person(name, phone), by=by, now=clock.now())


def traces(app: Flask, name: str = "", phone: str = "") -> Found:
    """What reception finds of a person."""
    with app.app_context():
        return queries.find(Person(name, phone))
