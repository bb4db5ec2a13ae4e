"""Entries of service orders keep no key and digest of their own: forms that were taken are noted in one table"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_entries") as entries:
        entries.drop_constraint("uq_order_entries_by_id_idempotency_key", type_="unique")
        entries.drop_column("idempotency_key")
        entries.drop_column("fields_digest")


def downgrade() -> None:
    with op.batch_alter_table("order_entries") as entries:
        entries.add_column(sa.Column("idempotency_key", sa.String(length=64), nullable=True))
        entries.add_column(
            sa.Column("fields_digest", sa.String(length=64), nullable=False, server_default="")
        )
    with op.batch_alter_table("order_entries") as entries:
        entries.alter_column("fields_digest", existing_type=sa.String(length=64), server_default=None)
        entries.create_unique_constraint(
            "uq_order_entries_by_id_idempotency_key", ["by_id", "idempotency_key"]
        )
