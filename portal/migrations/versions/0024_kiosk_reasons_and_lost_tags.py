"""Reception: why somebody came to the kiosk, whose category is open; deposits given back without their tag"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("undecided", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("kiosk_visits", sa.Column("why", sa.String(length=24), nullable=True))
    op.add_column("tags", sa.Column("missing_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "deposits", sa.Column("untagged_reason", sa.String(length=400), nullable=False, server_default="")
    )


def downgrade() -> None:
    with op.batch_alter_table("deposits") as table:
        table.drop_column("untagged_reason")
    with op.batch_alter_table("tags") as table:
        table.drop_column("missing_at")
    with op.batch_alter_table("kiosk_visits") as table:
        table.drop_column("why")
    with op.batch_alter_table("visits") as table:
        table.drop_column("undecided")
