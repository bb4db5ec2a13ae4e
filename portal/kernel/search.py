"""Search in Chinese and Latin text by short pieces of it, in an index of its own for each kind of thing.

Two Chinese characters are the commonest word, so a text is cut into overlapping pairs; words of letters and
digits are cut into pairs and triples, so that a number is found by its beginning, by its end and whole. Every
piece that a query needs must be there; a word longer than a piece is looked for again in the text itself, see
`recheck`.

The index is written in the transaction of the change. SQLite: a contentless FTS5 table that keeps only which
row has which piece. PostgreSQL: an array of the pieces with a GIN index.
"""

# The only name put into a statement is that of an index, which `_name` checks; values are bound.
# ruff: noqa: S608

from __future__ import annotations

import operator
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, reduce
from itertools import islice, pairwise
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection

from portal.kernel.db import db, is_sqlite

Texts: TypeAlias = Iterable[tuple[int, str]]

MOST_CHARACTERS = 20_000  # of one text: the pieces of the rest are not kept
MOST_WORDS = 200  # characters of a query that are looked at
MOST_PIECES = 32  # of a query: the rest is left to `recheck`
AT_ONCE = 1_000  # rows written with one statement
_NUMBER = re.compile(r"[a-z0-9]+(?:[-./_@:][a-z0-9]+)+")
_KIND = re.compile(r"[a-z]{1,16}")
_SIGNS_BEGIN = "\u2e80"  # from here on writing without blanks: Chinese, Japanese, Korean, pictures


# -- cutting: pure -------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """The text as it is compared: compatible forms of a character made one (１ is 1), small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def terms(text: str) -> str:
    """The pieces under which `text` is found, each once, blanks between; of its first 20,000 characters."""
    found: dict[str, None] = {}
    for run in _runs(plain(text[:MOST_CHARACTERS])):
        found.update(dict.fromkeys(_pieces(run)))
    return " ".join(found)


def asked(words: str) -> list[str]:
    """The pieces that a text must have, all of them, to answer the query; none when it asks for nothing.

    Pieces hold letters, digits and signs only, so they are safe inside any query. Two Chinese characters are
    one piece; a single letter or digit stands for itself alone (`3` finds 3楼, not 13楼).
    """
    found: dict[str, None] = {}
    for run in _runs(plain(words[:MOST_WORDS])):
        found.update(dict.fromkeys(_needed(run)))
    return list(islice(found, MOST_PIECES))


def rest(words: str) -> list[str]:
    """The parts of a query longer than a piece: a text that has every piece may still have them apart.

    A number such as `TS-20261121-0001` is one part, its hyphens included.
    """
    wanted = parts(words)
    pieces = {part: [piece for run in _runs(part) for piece in _needed(run)] for part in wanted}
    beyond = sum(map(len, pieces.values())) > MOST_PIECES
    return [part for part in wanted if beyond or len(pieces[part]) > 1]


def answers(words: str, *texts: str) -> bool:
    """True when every part of the query stands in one of the texts, as `recheck` asks it of the database."""
    compared = [plain(text) for text in texts]
    return all(any(part in text for text in compared) for part in parts(words))


def parts(words: str) -> list[str]:
    """A query's numbers with their punctuation, and the runs of everything else."""
    found: dict[str, None] = {}
    for word in plain(words[:MOST_WORDS]).split():
        found.update(dict.fromkeys([word] if _NUMBER.fullmatch(word) else _runs(word)))
    return list(found)


def _is_sign(character: str) -> bool:
    """A character that is a word by itself, not a letter of one."""
    return character >= _SIGNS_BEGIN or not character.isalnum()


def _runs(text: str) -> list[str]:
    """What stands between blanks, punctuation and control characters."""
    kept = "".join(c if c.isalnum() or _stands(c) else " " for c in text)
    return list(dict.fromkeys(kept.split()))


def _stands(character: str) -> bool:
    """A mark or a symbol beyond ASCII, such as ℃ or a picture, is looked for too."""
    return character > "\x7f" and unicodedata.category(character)[0] in "MS"


def _segments(run: str) -> Iterator[str]:
    """A run as signs, one each, and the words of letters and digits between them."""
    word = ""
    for character in run:
        if not _is_sign(character):
            word += character
            continue
        if word:
            yield word
            word = ""
        yield character
    if word:
        yield word


def _pieces(run: str) -> Iterator[str]:
    for segment in _segments(run):
        if len(segment) == 1:
            yield segment
        yield from (segment[at : at + 3] for at in range(len(segment) - 2))
    yield from (first + second for first, second in pairwise(run))


def _needed(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
        return
    for segment in _segments(run):
        if len(segment) > 2:
            yield from (segment[at : at + 3] for at in range(len(segment) - 2))
        elif len(segment) == 2:
            yield segment
    yield from (first + second for first, second in pairwise(run) if _is_sign(first) or _is_sign(second))


# -- the index -----------------------------------------------------------------------------------------------


@event.listens_for(Engine, "connect")
def _teach(connection: DBAPIConnection, _record: object) -> None:
    # SQLite knows the small letters of ASCII only, and no compatible forms.
    if hasattr(connection, "create_function"):
        connection.create_function("plain", 1, lambda text: plain(text or ""), deterministic=True)


def _name(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise ValueError(f"not a kind of thing: {kind!r}")
    return f"search_{kind}"


def create(connection: Connection, kind: str) -> None:
    """Make the index of a kind; for migrations."""
    name = _name(kind)
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
    connection.exec_driver_sql(f"DROP TABLE {_name(kind)}")


def put(kind: str, subject_id: int, old: str | None, new: str | None) -> None:
    """Have the index of a kind follow a change of one row's text, inside the write of that change.

    `old` is the text it was put in with, None for a new row: the embedded database keeps no text and must be
    told what to take out. `new` is None for a row that goes.
    """
    if old == new:
        return
    name = _name(kind)
    if not is_sqlite():
        if new is None:
            db.session.execute(sa.text(f"DELETE FROM {name} WHERE id = :id"), {"id": subject_id})
        else:
            _write(db.session.connection(), name, [(subject_id, new)])
        return
    if old is not None:
        taken_out = _text(f"INSERT INTO {name} ({name}, rowid, terms) VALUES ('delete', :id, :terms)")
        db.session.connection().execute(taken_out, {"id": subject_id, "terms": terms(old)})
    if new is not None:
        _write(db.session.connection(), name, [(subject_id, new)])


def fill(connection: Connection, kind: str, rows: Texts) -> None:
    """Put id and text of rows that were there before into an index that is still empty; for migrations."""
    for some in _batches(rows):
        _write(connection, _name(kind), some)


def _write(connection: Connection, name: str, rows: list[tuple[int, str]]) -> None:
    if connection.dialect.name == "sqlite":
        statement = f"INSERT INTO {name} (rowid, terms) VALUES (:id, :terms)"
    else:
        statement = (
            f"INSERT INTO {name} (id, terms) VALUES (:id, string_to_array(:terms, ' '))"
            " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
        )
    pieces = [{"id": number, "terms": terms(text)} for number, text in rows]
    connection.execute(_text(statement), pieces)


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
    return is_sqlite(), bool(asked(words)), len(rest(words)), len(parts(words))


def parameters(words: str) -> dict[str, Any]:
    """The parameters of a query, for a statement that `join`, `recheck` and `scanned` made for another of its shape."""
    pieces = asked(words)
    given: dict[str, Any] = {"asked": _query(pieces)} if pieces else {}
    given |= {f"part_{place}": part for place, part in enumerate(rest(words))}
    return given | {f"scan_{place}": part for place, part in enumerate(parts(words))}


def _query(pieces: list[str]) -> str | list[str]:
    return " ".join(f'"{piece}"' for piece in pieces) if is_sqlite() else pieces


def matching(kind: str, words: str) -> sa.Select[int]:
    """The ids that have every piece of the query, newest first; `Case.id.in_(…)` reads all of them."""
    return _hits(kind, words).order_by(sa.desc("id"))


def sharing(kind: str, pieces: Iterable[str]) -> sa.Select[int]:
    """The ids that have any of these pieces of `terms`, 32 at most, the longest; how alike they are, the caller asks."""
    name, some = _name(kind), sorted(pieces, key=lambda piece: (-len(piece), piece))[:MOST_PIECES]
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
    name, pieces = _name(kind), asked(words)
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
        for place, word in enumerate(rest(words))
        if not (readings and word.isascii() and word.isalpha())
    ]
    return sa.and_(sa.true(), *(_stands_in(columns, word) for word in looked_for))


def scanned(words: str, *columns: Any) -> sa.ColumnElement[bool]:
    """Every part of the query stands in one of these columns: for tables so small that they need no index.

    Nothing is found when the query asks for nothing.
    """
    looked_for = [sa.bindparam(f"scan_{place}", word, sa.String) for place, word in enumerate(parts(words))]
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


# -- care ----------------------------------------------------------------------------------------------------


def rebuild(kind: str, rows: Texts) -> int:
    """Empty the index of a kind and fill it from `rows` of id and text; how many. Inside a write."""
    name = _name(kind)
    emptied = f"INSERT INTO {name} ({name}) VALUES ('delete-all')" if is_sqlite() else f"TRUNCATE {name}"
    db.session.execute(sa.text(emptied))
    count = 0
    for some in _batches(rows):
        _write(db.session.connection(), name, some)
        count += len(some)
    optimize(kind)
    return count


def optimize(kind: str) -> None:
    """Merge the index: faster, smaller, and what was taken out is gone from the file. Inside a write."""
    if is_sqlite():
        name = _name(kind)
        db.session.execute(sa.text(f"INSERT INTO {name} ({name}) VALUES ('optimize')"))


def faults(kind: str, rows: Callable[[], Texts]) -> Iterator[str]:
    """Where the index differs from the texts: a line for each id that lacks pieces or has too many.

    `rows` gives id and text of every row that should be found; it is called more than once. When very much
    differs, the first ids stand for the rest.
    """
    yield from _faults_of_pieces(_name(kind), rows) if is_sqlite() else _faults_of_rows(_name(kind), rows)


MOST_FAULTS = 200  # pieces that are looked into when they differ


def _faults_of_pieces(name: str, rows: Callable[[], Texts]) -> Iterator[str]:
    # How many rows have a piece and the sum of their ids, in one number because there are millions of additions.
    expected: defaultdict[str, int] = defaultdict(int)
    for number, text in rows():
        counted = _packed(1, number)
        for piece in terms(text).split():
            expected[piece] += counted
    look = db.session.connection().exec_driver_sql
    # The index tells its contents only through such a table, which belongs to the connection.
    look(f"CREATE VIRTUAL TABLE temp.search_places USING fts5vocab('main', '{name}', 'instance')")
    try:
        there = look("SELECT term, count(*), sum(doc) FROM temp.search_places GROUP BY term")
        kept_in = {piece: _packed(count, total) for piece, count, total in there}
        pieces = sorted(expected.keys() | kept_in.keys())
        wrong = [piece for piece in pieces if expected.get(piece) != kept_in.get(piece)]
        looked_into = wrong[:MOST_FAULTS]
        kept = {
            piece: {
                number for (number,) in look("SELECT doc FROM temp.search_places WHERE term = ?", (piece,))
            }
            for piece in looked_into
        }
    finally:
        look("DROP TABLE temp.search_places")
    yield from _told(name, kept, rows)
    if len(wrong) > len(looked_into):
        yield f"{name}: {len(wrong) - len(looked_into)} more pieces differ; rebuild the index"


def _packed(count: int, total: int) -> int:
    return (total << 40) + count


def _told(name: str, kept: dict[str, set[int]], rows: Callable[[], Texts]) -> Iterator[str]:
    lacking: defaultdict[int, int] = defaultdict(int)
    if not kept:
        return
    for number, text in rows():
        for piece in kept.keys() & set(terms(text).split()):
            if number in kept[piece]:
                kept[piece].discard(number)
            else:
                lacking[number] += 1
    stale: defaultdict[int, int] = defaultdict(int)
    for numbers in kept.values():
        for number in numbers:
            stale[number] += 1
    yield from (
        f"{name}: {number} cannot be found by {count} of its pieces"
        for number, count in sorted(lacking.items())
    )
    yield from (
        f"{name}: {number} is found by {count} pieces it does not have"
        for number, count in sorted(stale.items())
    )


def _faults_of_rows(name: str, rows: Callable[[], Texts]) -> Iterator[str]:
    seen: set[int] = set()
    for some in _batches(rows()):
        wanted = {number: set(terms(text).split()) for number, text in some}
        seen.update(wanted)
        statement = sa.text(f"SELECT id, terms FROM {name} WHERE id = ANY(:ids)")
        there = {number: set(kept) for number, kept in db.session.execute(statement, {"ids": list(wanted)})}
        for number, pieces in wanted.items():
            kept = there.get(number, set())
            if lacking := len(pieces - kept):
                yield f"{name}: {number} cannot be found by {lacking} of its pieces"
            if stale := len(kept - pieces):
                yield f"{name}: {number} is found by {stale} pieces it does not have"
    for (number,) in db.session.execute(sa.text(f"SELECT id FROM {name} ORDER BY id")):
        if number not in seen:
            yield f"{name}: {number} is found and does not exist"


def _batches(rows: Texts) -> Iterator[list[tuple[int, str]]]:
    following = iter(rows)
    while some := list(islice(following, AT_ONCE)):
        yield some
