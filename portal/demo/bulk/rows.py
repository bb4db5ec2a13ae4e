"""Rows on their way into the tables: gathered, and written with one call of the driver."""

# The names put into statements are those of our own tables and columns; values are bound.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import Kind, State, Urgency
from portal.kernel.db import Model, db, is_sqlite

Row = tuple[Any, ...]


class Bulk:
    """The rows of one table, gathered and written with one call of the driver."""

    def __init__(self, model: type[Model]) -> None:
        self.table: sa.Table = sa.inspect(model).local_table  # type: ignore[assignment]  # a mapped class has a table
        self.usual = {column.name: _default(column) for column in self.table.columns}
        self.in_order = itemgetter(*self.usual)
        self.rows: list[Row] = []

    def add(self, **given: Any) -> None:
        """One row by the names of its columns; the others get their defaults."""
        self.rows.append(self.in_order({**self.usual, **given}))

    def write(self) -> None:
        """Write what was gathered. Inside a write."""
        write(self.table.name, self.usual, self.rows)
        self.rows = []


def _default(column: sa.Column[Any]) -> Any:
    told = column.default
    value = told.arg if isinstance(told, sa.ColumnDefault) and told.is_scalar else None
    return str(value) if isinstance(value, State | Kind | Urgency) else value


def write(table: str, names: Iterable[str], rows: Iterable[Row]) -> None:
    """Write rows with these columns, in this order, into a table. Inside a write."""
    raw: Any = db.session.connection().connection.driver_connection
    names = [f'"{name}"' for name in names]
    columns = ", ".join(names)
    if is_sqlite():
        holes = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def last_id(model: type[Model]) -> int:
    """The highest id of a table; 0 where it is empty."""
    return db.session.scalar(sa.select(sa.func.max(sa.inspect(model).primary_key[0]))) or 0
