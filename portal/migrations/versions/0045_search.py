"""One search: the index of the shift log, and what a person looked for lately"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from portal.kernel import search

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

LOG = sa.table(
    "duty_log",
    *(sa.column(name) for name in ("id", "number", "text", "case_number", "visit_number", "equipment_code")),
)


def upgrade() -> None:
    connection = op.get_bind()
    search.create(connection, "log")
    search.fill(connection, "log", _entries(connection))
    op.create_table(
        "recent_searches",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recent_searches_person_id")),
        sa.PrimaryKeyConstraint("person_id", "words", name=op.f("pk_recent_searches")),
    )
    op.create_index("ix_recent_searches_at", "recent_searches", ["at"])


def _entries(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """Id and text of every entry, some at a time."""
    last = 0
    some = sa.select(LOG).order_by(LOG.c.id).limit(1_000)
    while rows := connection.execute(some.where(LOG.c.id > last)).all():
        for number, *texts in rows:
            yield number, "\n".join(texts)
        last = rows[-1].id


def downgrade() -> None:
    op.drop_table("recent_searches")
    search.drop(op.get_bind(), "log")
