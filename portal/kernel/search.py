"""Search in Chinese and Latin text by short pieces of it, in an index of its own for each kind of thing.

What a text's and a query's pieces are says `cutting`. The index is written in the transaction of the change. SQLite: a
contentless FTS5 table that keeps only which row has which piece. PostgreSQL: an array of the pieces with a GIN index.
How an index is made anew and compared says `search_care`.
"""

# The only name put into a statement is that of an index, which `index_of` checks; values are bound.
# ruff: noqa: S608

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, reduce
from itertools import islice
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection

from portal.kernel import cutting
from portal.kernel.db import db, is_sqlite

Texts: TypeAlias = Iterable[tuple[int, str]]

AT_ONCE = 1_000  # rows written with one statement
_KIND = re.compile(r"[a-z]{1,16}")


@event.listens_for(Engine, "connect")
def _teach(connection: DBAPIConnection, _record: object) -> None:
    # SQLite knows the small letters of ASCII only, and no compatible forms.
    if hasattr(connection, "create_function"):
        connection.create_function("plain", 1, lambda text: cutting.plain(text or ""), deterministic=True)


def index_of(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise ValueError(f"not a kind of thing: {kind!r}")
    return f"search_{kind}"


def create(connection: Connection, kind: str) -> None:
    """Make the index of a kind; for migrations."""
    name = index_of(kind)
    if connection.dialect.name == "sqlite":
        # Each piece is matched alone, so neither places nor sizes are kept.
        options = "content='', detail=none, columnsize=0, tokenize='ascii'"
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {name} USING fts5(terms, {options})")
        return
    connection.exec_driver_sql(f"CREATE TABLE {name} (id bigint PRIMARY KEY, terms text[] NOT NULL)")
    connection.exec_driver_sql(
        f"CREATE INDEX ix_{name}_terms ON {name} USING gin (terms) WITH (fastupdate = off)"
    )
    # With the usual statistics every word but the commonest thousand is taken for one in two hundred rows, and the
    # index is passed over for a walk through the newest rows: 0.5 s instead of 1 ms at 200,000.
    connection.exec_driver_sql(f"ALTER TABLE {name} ALTER terms SET STATISTICS 1000")


def drop(connection: Connection, kind: str) -> None:
    """Take the index of a kind away; for migrations."""
    connection.exec_driver_sql(f"DROP TABLE {index_of(kind)}")


def put(kind: str, subject_id: int, old: str | None, new: str | None) -> None:
    """Have the index of a kind follow a change of one row's text, inside the write of that change.

    `old` is the text it was put in with, None for a new row: the embedded database keeps no text and must be
    told what to take out. `new` is None for a row that goes.
    """
    if old == new:
        return
    name = index_of(kind)
    if not is_sqlite():
        if new is None:
            db.session.execute(sa.text(f"DELETE FROM {name} WHERE id = :id"), {"id": subject_id})
        else:
            write(db.session.connection(), name, [(subject_id, new)])
        return
    if old is not None:
        taken_out = _text(f"INSERT INTO {name} ({name}, rowid, terms) VALUES ('delete', :id, :terms)")
        db.session.connection().execute(taken_out, {"id": subject_id, "terms": cutting.terms(old)})
    if new is not None:
        write(db.session.connection(), name, [(subject_id, new)])


def fill(
    connection: Connection, kind: str, rows: Texts, pieces: Callable[[str], str] = cutting.terms
) -> None:
    """Put id and text of rows that were there before into an index that is still empty; for migrations.

    `pieces` says under what a text is found, where an earlier release cut it otherwise.
    """
    for some in batches(rows):
        write(connection, index_of(kind), some, pieces)


def write(
    connection: Connection,
    name: str,
    rows: list[tuple[int, str]],
    pieces: Callable[[str], str] = cutting.terms,
) -> None:
    """Put id and text of rows into the index of that name, in one statement."""
    if connection.dialect.name == "sqlite":
        statement = f"INSERT INTO {name} (rowid, terms) VALUES (:id, :terms)"
    else:
        statement = (
            f"INSERT INTO {name} (id, terms) VALUES (:id, string_to_array(:terms, ' '))"
            " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
        )
    connection.execute(_text(statement), [{"id": number, "terms": pieces(text)} for number, text in rows])


_text = cache(sa.text)  # the same few statements again and again


def join(
    statement: sa.Select[Any], kind: str, words: str, id_column: Any
) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
    """The statement narrowed to the rows that have every piece of the query, and the column to order by.

    Ordered (`.order_by(key.desc())`) and paged (`.where(key < last)`) by that column and not by the table's
    own, the index hands out the newest rows first and stops at the limit: a common word costs what a rare one
    does. Nothing is found when the query asks for nothing. Add `recheck` for the words that are longer than a
    piece.
    """
    hit = _hits(kind, words).subquery("hit")
    return statement.join(hit, hit.c.id == id_column), hit.c.id


def shape(words: str) -> tuple[bool, bool, int, int]:
    """What of a query decides how its statement reads: statements of one shape differ in their parameters only."""
    return is_sqlite(), bool(cutting.asked(words)), len(cutting.rest(words)), len(cutting.parts(words))


def parameters(words: str) -> dict[str, Any]:
    """The parameters of a query, for a statement that `join`, `recheck` and `scanned` made for another of its shape."""
    pieces = cutting.asked(words)
    given: dict[str, Any] = {"asked": _query(pieces)} if pieces else {}
    given |= {f"part_{place}": part for place, part in enumerate(cutting.rest(words))}
    return given | {f"scan_{place}": part for place, part in enumerate(cutting.parts(words))}


def _query(pieces: list[str]) -> str | list[str]:
    return " ".join(f'"{piece}"' for piece in pieces) if is_sqlite() else pieces


def matching(kind: str, words: str) -> sa.Select[int]:
    """The ids that have every piece of the query, newest first; `Case.id.in_(…)` reads all of them."""
    return _hits(kind, words).order_by(sa.desc("id"))


def sharing(kind: str, pieces: Iterable[str]) -> sa.Select[int]:
    """The ids that have any of these pieces of `terms`, 32 at most, the longest; how alike they are, the caller asks."""
    name, some = index_of(kind), sorted(pieces, key=lambda piece: (-len(piece), piece))[: cutting.MOST_PIECES]
    if not some:
        return sa.select(sa.literal(0).label("id")).where(sa.false())
    if is_sqlite():
        table = sa.table(name, sa.column("rowid", sa.BigInteger))
        query = " OR ".join(f'"{piece}"' for piece in some)
        return sa.select(table.c.rowid.label("id")).where(
            sa.literal_column(name).op("MATCH")(sa.bindparam("some", query, sa.String))
        )
    kept: sa.ColumnClause[Any] = sa.column("terms", postgresql.ARRAY(sa.Text))
    table = sa.table(name, sa.column("id", sa.BigInteger), kept)
    return sa.select(table.c.id).where(kept.overlap(sa.bindparam("some", some, kept.type)))


def _hits(kind: str, words: str) -> sa.Select[int]:
    name, pieces = index_of(kind), cutting.asked(words)
    if is_sqlite():
        table = sa.table(name, sa.column("rowid", sa.BigInteger))
        hits = sa.select(table.c.rowid.label("id")).select_from(table)
        query = sa.bindparam("asked", _query(pieces), sa.String)
        return hits.where(sa.literal_column(name).op("MATCH")(query) if pieces else sa.false())
    kept: sa.ColumnClause[Any] = sa.column("terms", postgresql.ARRAY(sa.Text))
    table = sa.table(name, sa.column("id", sa.BigInteger), kept)
    wanted = sa.bindparam("asked", pieces, kept.type)
    return sa.select(table.c.id).where(kept.contains(wanted) if pieces else sa.false())


def recheck(words: str, *columns: Any, readings: bool = False) -> sa.ColumnElement[bool]:
    """Every word of the query that is longer than a piece stands, whole, in one of these columns.

    Without it `ABCD` would also find a text with ABC and BCD in two places. For shorter words it asks
    nothing. With `readings` the texts are also found by the pinyin of a name, which stands in no column: then
    words of Latin letters only are not looked for again.
    """
    looked_for = [
        sa.bindparam(f"part_{place}", word, sa.String)
        for place, word in enumerate(cutting.rest(words))
        if not (readings and word.isascii() and word.isalpha())
    ]
    return sa.and_(sa.true(), *(_stands_in(columns, word) for word in looked_for))


def scanned(words: str, *columns: Any) -> sa.ColumnElement[bool]:
    """Every part of the query stands in one of these columns: for tables so small that they need no index.

    Nothing is found when the query asks for nothing.
    """
    looked_for = [
        sa.bindparam(f"scan_{place}", word, sa.String) for place, word in enumerate(cutting.parts(words))
    ]
    if not looked_for:
        return sa.false()
    stands = _usually if is_sqlite() else _always
    return sa.and_(*(sa.or_(*(stands(column, word) for column in columns)) for word in looked_for))


def _stands_in(columns: Sequence[Any], word: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """True when the word stands in one of the columns."""
    if not is_sqlite():
        return sa.or_(*(_always(column, word) for column in columns))
    # The first ones decide nearly always and cost nothing; the last one calls out of the database, once a row.
    whole = reduce(operator.add, [part for each in columns for part in (sa.func.coalesce(each, ""), "\n")])
    return sa.or_(
        *(_usually(column, word) for column in columns), sa.func.instr(sa.func.plain(whole), word) > 0
    )


def _usually(column: Any, word: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return sa.func.instr(sa.func.lower(column), word) > 0


def _always(column: Any, word: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return sa.func.strpos(sa.func.lower(sa.func.normalize(column, sa.literal_column("NFKC"))), word) > 0


def batches(rows: Texts) -> Iterator[list[tuple[int, str]]]:
    """The rows, a statement's worth at a time."""
    following = iter(rows)
    while some := list(islice(following, AT_ONCE)):
        yield some
