"""Visits of an old register: what each was called there, which is there once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TAKEN_OVER = sa.text("taken_over != ''")


def upgrade() -> None:
    op.add_column("visits", sa.Column("taken_over", sa.String(length=200), nullable=False, server_default=""))
    op.create_index(
        "ix_visits_taken_over",
        "visits",
        ["taken_over"],
        unique=True,
        sqlite_where=TAKEN_OVER,
        postgresql_where=TAKEN_OVER,
    )


def downgrade() -> None:
    op.drop_index("ix_visits_taken_over", table_name="visits")
    op.drop_column("visits", "taken_over")
