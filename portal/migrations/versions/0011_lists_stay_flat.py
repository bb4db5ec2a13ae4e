"""Indexes of the few: open cases, handed-up ones, agreed reporters, departments that help"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = "state != 'archived' AND state != 'not_upheld' AND state != 'withdrawn'"
# Name, table, columns, which rows; on SQLite if said otherwise there.
INDEXES: tuple[tuple[str, str, list[str], str, str], ...] = (
    ("ix_cases_open", "cases", ["id"], OPEN, OPEN),
    (
        "ix_cases_reporter",
        "cases",
        ["reporter_id", "id"],
        "reporter_id IS NOT NULL",
        "reporter_id IS NOT NULL",
    ),
    (
        "ix_cases_escalated",
        "cases",
        ["department", "id"],
        "escalated_at IS NOT NULL",
        "escalated_at IS NOT NULL",
    ),
    (
        "ix_case_departments_assisting",
        "case_departments",
        ["department", "case_id"],
        "assisting",
        "assisting = 1",
    ),
)


def upgrade() -> None:
    for name, table, columns, where, on_sqlite in INDEXES:
        op.create_index(
            name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(on_sqlite)
        )


def downgrade() -> None:
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)
