"""Four digits are a piece by which a text is found: every index is made anew"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic import op

from portal.kernel import cutting, search

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

CARD_THERE = "merged_into_id IS NULL AND anonymised_at IS NULL"
# Kind of index -> table, which of its rows, and the columns that it is of.
INDEXED = {
    "case": (
        "cases", "1 = 1",
        "number notice_number customer_name customer_pinyin customer_phone customer_address content demand",
    ),
    "visit": ("visits", "1 = 1", "number visitor_name visitor_pinyin company phone purpose"),
    "question": ("questions", "1 = 1", "number question answer asker_name asker_pinyin phone_tail"),
    "customer": ("customers", CARD_THERE, "name pinyin company phone"),
    "log": ("duty_log", "1 = 1", "number text case_number visit_number equipment_code"),
}  # fmt: skip


def upgrade() -> None:
    _make_anew(cutting.terms)


def downgrade() -> None:
    _make_anew(_without_fours)


def _without_fours(text: str) -> str:
    """The pieces as they were before: no four digits among them."""
    return " ".join(
        piece for piece in cutting.terms(text).split() if not (len(piece) == 4 and piece.isdecimal())
    )


def _make_anew(pieces: Callable[[str], str]) -> None:
    connection = op.get_bind()
    for kind, (table, which, columns) in INDEXED.items():
        search.drop(connection, kind)
        search.create(connection, kind)
        search.fill(connection, kind, _texts(connection, table, which, columns.split()), pieces)


def _texts(
    connection: sa.Connection, table: str, which: str, columns: list[str]
) -> Iterator[tuple[int, str]]:
    """Id and text of every row, some at a time."""
    source = sa.table(table, sa.column("id"), *map(sa.column, columns))
    last = 0
    some = sa.select(source).where(sa.text(which)).order_by(source.c.id).limit(1_000)
    while rows := connection.execute(some.where(source.c.id > last)).all():
        for number, *texts in rows:
            yield number, "\n".join(text or "" for text in texts)
        last = rows[-1].id
