"""The search's indexes looked after: made anew, merged, compared with the texts that they are of."""

# The only name put into a statement is that of an index, which `search.index_of` checks; values are bound.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from portal.kernel import cutting
from portal.kernel.db import db, is_sqlite
from portal.kernel.search import Texts, batches, index_of, write


def rebuild(kind: str, rows: Texts) -> int:
    """Empty the index of a kind and fill it from `rows` of id and text; how many. Inside a write."""
    name = index_of(kind)
    emptied = f"INSERT INTO {name} ({name}) VALUES ('delete-all')" if is_sqlite() else f"TRUNCATE {name}"
    db.session.execute(sa.text(emptied))
    count = 0
    for some in batches(rows):
        write(db.session.connection(), name, some)
        count += len(some)
    optimize(kind)
    return count


def optimize(kind: str) -> None:
    """Merge the index: faster, smaller, and what was taken out is gone from the file. Inside a write."""
    if is_sqlite():
        name = index_of(kind)
        db.session.execute(sa.text(f"INSERT INTO {name} ({name}) VALUES ('optimize')"))


def faults(kind: str, rows: Callable[[], Texts]) -> Iterator[str]:
    """Where the index differs from the texts: a line for each id that lacks pieces or has too many.

    `rows` gives id and text of every row that should be found; it is called more than once. When very much
    differs, the first ids stand for the rest.
    """
    yield from (
        _faults_of_pieces(index_of(kind), rows) if is_sqlite() else _faults_of_rows(index_of(kind), rows)
    )


MOST_FAULTS = 200  # pieces that are looked into when they differ


def _faults_of_pieces(name: str, rows: Callable[[], Texts]) -> Iterator[str]:
    # How many rows have a piece and the sum of their ids, in one number because there are millions of additions.
    expected: defaultdict[str, int] = defaultdict(int)
    for number, text in rows():
        counted = _packed(1, number)
        for piece in cutting.terms(text).split():
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
        for piece in kept.keys() & set(cutting.terms(text).split()):
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
    for some in batches(rows()):
        wanted = {number: set(cutting.terms(text).split()) for number, text in some}
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
