"""Rosters: drafts that were discarded, days off that solving leaves alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rosters", sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rosters", sa.Column("pinned_off", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("rosters", "pinned_off")
    op.drop_column("rosters", "discarded_at")
