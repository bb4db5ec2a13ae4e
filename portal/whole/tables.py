"""Every table as lines of JSON and back: which tables, which columns are secret, how each type is written.

A file of an older version is loaded into that version's schema, whose tables are read from the database, and is then
brought up. Lines come in the order of the key and name their columns in the order of the alphabet; both databases write
the same bytes for the same data.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import IO, Any, TypeAlias

import sqlalchemy as sa

from portal.kernel.db import Base

Row: TypeAlias = dict[str, Any]

AT_ONCE = 1_000  # rows read or written together
LONGEST_LINE = 32 * 1024 * 1024  # bytes; a form holds a quarter of it at most
NOT_OURS = re.compile(r"alembic_version|sqlite_.*|search_.*|huey_.*")  # made again, or the worker's own
# What a portal would not take over: logins end with a move, the last one is only a mark for this portal's processes.
LEFT_OUT = {"sessions", "login_steps", "login_failures", "reference"}
# What would let somebody in, or be tried at leisure; in the file only when that is asked for.
SECRETS = {
    ("people", "password"),
    ("duty_feeds", "key_digest"),
    ("intake_tokens", "key_digest"),
    ("kiosks", "key_digest"),
    ("kiosks", "link_digest"),
    ("identity_invitations", "key_digest"),
    ("known_browsers", "key_digest"),
    ("second_factors", "secret"),
    ("wall_screens", "token_digest"),
}


@cache
def of_this_version() -> dict[str, sa.Table]:
    """Every table of the models, parents before their children, with the plain types that the database keeps."""
    metadata = sa.MetaData()
    copies = [table.to_metadata(metadata) for table in Base.metadata.sorted_tables]
    for table in copies:
        for column in table.columns:
            column.type = _plain(column.type)
    return {table.name: table for table in copies}


def _plain(type_: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(type_, sa.types.TypeDecorator):
        return type_.impl_instance
    return sa.String(type_.length) if isinstance(type_, sa.Enum) else type_


def found(connection: sa.Connection) -> dict[str, sa.Table]:
    """Every table of another version, as the database has it, parents before their children."""
    metadata = sa.MetaData()
    names = [name for name in sa.inspect(connection).get_table_names() if not NOT_OURS.fullmatch(name)]
    metadata.reflect(connection, only=names)
    return {table.name: table for table in metadata.sorted_tables}


def carried(tables: dict[str, sa.Table]) -> dict[str, sa.Table]:
    """Those of them that an export holds."""
    return {name: table for name, table in tables.items() if name not in LEFT_OUT}


def is_secret(column: sa.Column[Any]) -> bool:
    """True for what would let somebody in."""
    return (column.table.name, column.name) in SECRETS


def kind(column: sa.Column[Any]) -> str:
    """What a column holds, for the manifest: moment, day, truth, number or text; ValueError for anything else."""
    for name, types in KINDS.items():
        if isinstance(column.type, types):
            return name
    raise ValueError(
        f"{column.table.name}.{column.name} is of a type that cannot be exported: {column.type!r}"
    )


KINDS: dict[str, type[Any]] = {
    "moment": sa.DateTime,  # with its offset, in UTC
    "day": sa.Date,
    "truth": sa.Boolean,
    "number": sa.Integer,  # amounts of money are whole hundredths
    "text": sa.String,
}


# -- out ---------------------------------------------------------------------------------------------------------------


def lines(connection: sa.Connection, table: sa.Table, with_secrets: bool) -> Iterator[bytes]:
    """The rows of a table, a line each, without holding more than a thousand of them."""
    columns = sorted(table.columns, key=lambda column: column.name)
    shown = [(column.name, _out_of(column, with_secrets)) for column in columns]
    rows = connection.execution_options(yield_per=AT_ONCE).execute(
        sa.select(*columns).order_by(*(_key(column, connection) for column in table.primary_key))
    )
    for row in rows:
        told = {name: out(value) for (name, out), value in zip(shown, row, strict=True)}
        yield _json(told).encode() + b"\n"


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _key(column: sa.Column[Any], connection: sa.Connection) -> sa.ColumnElement[Any]:
    """The column to order by: texts by their bytes, whatever language the server sorts in."""
    if connection.dialect.name == "postgresql" and isinstance(column.type, sa.String):
        return sa.collate(column, "C")
    return column


def _out_of(column: sa.Column[Any], with_secrets: bool) -> Callable[[Any], Any]:
    if is_secret(column) and not with_secrets:
        return lambda _value: None
    return {"moment": _moment_out, "day": _day_out}.get(kind(column), lambda value: value)


def _moment_out(value: datetime | None) -> str | None:
    if value is None:
        return None
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat()


def _day_out(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


# -- in ----------------------------------------------------------------------------------------------------------------


def rows(stream: IO[bytes], table: sa.Table, naive: bool) -> Iterator[list[Row]]:
    """What a table's file holds, a thousand rows at a time, each value of its column's type; ValueError with the line.

    `naive` is true on SQLite, which keeps moments without their zone and numbers of any size.
    """
    readers = {column.name: _into(column, naive) for column in table.columns}
    some: list[Row] = []
    for number, row in enumerate(_objects(stream, table.name), 1):
        if row.keys() != readers.keys():
            odd = sorted(row.keys() ^ readers.keys())
            raise ValueError(f"{table.name}, line {number}: the columns are others: {', '.join(odd)[:200]}")
        for name, reader in readers.items():
            try:
                row[name] = reader(row[name])
            except (ValueError, TypeError, OverflowError) as error:
                raise ValueError(f"{table.name}, line {number}, {name}: {error}") from error
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _objects(stream: IO[bytes], name: str) -> Iterator[Row]:
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        try:
            if not line.endswith(b"\n"):
                raise ValueError("it does not end, or is longer than any row")
            row = json.loads(
                line.decode(), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_no_number
            )
            if not isinstance(row, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{name}, line {number} cannot be read: {str(error)[:200]}") from error
        yield row


def _once(pairs: Iterable[tuple[str, Any]]) -> Row:
    given = list(pairs)
    row = dict(given)
    if len(row) != len(given):
        raise ValueError("a column stands twice")
    return row


def _no_number(written: str) -> Any:
    raise ValueError(f"{written[:40]} is in no column")


def _into(column: sa.Column[Any], naive: bool) -> Callable[[Any], Any]:
    """What reads a value of this column, strictly; ValueError says what is wrong with it."""
    what = kind(column)
    read: Callable[[Any], Any] = {
        "moment": lambda value: _moment_in(value, naive),
        "day": _day_in,
        "truth": _truth_in,
        "number": lambda value: _number_in(value, 64 if naive else _bits(column.type)),
        "text": lambda value: _text_in(value, column.type),
    }[what]

    def reader(value: Any) -> Any:
        if value is not None:
            return read(value)
        if not is_secret(column):
            if not column.nullable:
                raise ValueError("must not be empty")
            return None
        # An account without a password, a key that nobody has.
        if column.nullable:
            return None
        return "" if column.name == "password" else secrets.token_hex(32)

    return reader


def _moment_in(value: Any, naive: bool) -> datetime:
    moment = datetime.fromisoformat(_written(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None) if naive else moment


def _day_in(value: Any) -> date:
    return date.fromisoformat(_written(value))


def _truth_in(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _bits(type_: sa.types.TypeEngine[Any]) -> int:
    return 64 if isinstance(type_, sa.BigInteger) else 16 if isinstance(type_, sa.SmallInteger) else 32


def _number_in(value: Any, bits: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a whole number")
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise ValueError("a number too large for its column")
    return value


def _text_in(value: Any, type_: sa.types.TypeEngine[Any]) -> str:
    text = _written(value)
    text.encode()  # half a character is refused
    if "\x00" in text:
        raise ValueError("a text with the sign NUL")
    longest = getattr(type_, "length", None)
    if longest is not None and len(text) > longest:
        raise ValueError(f"longer than {longest} characters")
    return text


def _written(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
