"""A dealing keeps a digest of the form that made it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dealings", sa.Column("fields_digest", sa.String(length=64), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("dealings", "fields_digest")
