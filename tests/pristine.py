"""A PostgreSQL database brought back to how it was made, in a tenth of the time that a copy of its template takes.

pristine = Pristine(url)    # when it was just made
pristine.restore(others=1)  # False when it has to be made anew
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import psycopg
from psycopg import sql

OFTEN = 120  # deleted rows stay in the files, as nothing vacuums: after so many times a copy is quicker again
TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
COLUMNS = """SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"""
SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), start_value, last_value FROM pg_sequences"
# Whatever changes a table, a trigger, a function or an index writes rows of these, and each row says which
# transaction wrote it.
SHAPE = " UNION ALL ".join(
    f"SELECT '{table}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {table}"
    for table in (
        *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc"),
        *("pg_type", "pg_namespace", "pg_extension", "pg_statistic", "pg_db_role_setting", "pg_policy"),
    )
)
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


class Pristine:
    """What a database holds now: its rows, its sequences, its shape."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._times = 0
        self._shape = self._connection.execute(SHAPE).fetchall()
        self._tables = [name for (name,) in self._connection.execute(TABLES)]
        found = {name: self._read(name) for name in self._tables}
        self._rows = {name: (self._copy(name, "FROM STDIN"), rows) for name, rows in found.items() if rows}
        self._marks = self._marks_of(self._rows)
        self._sequences = self._connection.execute(SEQUENCES).fetchall()

    def restore(self, others: int) -> bool:
        """Bring rows and sequences back; False where more than that was changed, where more than `others` are
        connected, or where somebody holds on to a row."""
        self._times += 1
        try:
            with self._connection.transaction():
                return self._times <= OFTEN and self._untouched(others) and self._put_back()
        except psycopg.Error:
            return False

    def close(self) -> None:
        """Let go of the database."""
        with suppress(psycopg.Error):
            self._connection.close()

    def _untouched(self, others: int) -> bool:
        connected = self._connection.execute(CONNECTED).fetchone()
        return connected == (others + 1,) and self._connection.execute(SHAPE).fetchall() == self._shape

    def _put_back(self) -> bool:
        # As a replica does it: no trigger refuses, no foreign key asks for an order.
        before = ["SET LOCAL lock_timeout = '500ms'", "SET LOCAL session_replication_role = 'replica'"]
        if self._rows:  # whoever holds on to one of their rows is waited for, and then given up on
            before.append(f"LOCK TABLE {', '.join(self._rows)} IN SHARE ROW EXCLUSIVE MODE")
        self._connection.execute("; ".join(before))
        # Whatever writes a row leaves its transaction in it; what nobody wrote in, hundreds of texts, stays.
        kept = {name for name, mark in self._marks_of(self._rows).items() if mark == self._marks[name]}
        if emptied := [f"DELETE FROM {name}" for name in self._tables if name not in kept]:
            self._connection.execute("; ".join(emptied))
        written = [name for name in self._rows if name not in kept]
        for name in written:
            statement, rows = self._rows[name]
            with self._connection.cursor().copy(statement) as copy:
                copy.write(rows)
        self._marks |= self._marks_of(written)
        values = [
            sql.SQL("setval({}, {}, {})").format(name, last or start, last is not None)
            for name, start, last in self._sequences
        ]
        if values:
            self._connection.execute(sql.SQL("SELECT ") + sql.SQL(", ").join(values))
        return True

    def _marks_of(self, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Table -> how many rows it has and which transactions wrote them."""
        asked = [
            f"SELECT '{name}', count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM {name}"
            for name in names
        ]
        found = self._connection.execute(" UNION ALL ".join(asked)) if asked else ()
        return {name: (count, wrote) for name, count, wrote in found}

    def _read(self, name: str) -> bytes:
        with self._connection.cursor().copy(self._copy(name, "TO STDOUT")) as copy:
            return b"".join(bytes(block) for block in copy)

    def _copy(self, name: str, way: str) -> sql.Composed:
        columns = [sql.Identifier(column) for (column,) in self._connection.execute(COLUMNS, (name,))]
        return sql.SQL(f"COPY {name} ({{}}) {way}").format(sql.SQL(", ").join(columns))
