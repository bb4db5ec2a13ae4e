"""Limits of a kind by the time they began: the figures of the handbook's clauses read them so"""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_clocks_kind", "clocks", ["kind", "started_at"])


def downgrade() -> None:
    op.drop_index("ix_clocks_kind", table_name="clocks")
