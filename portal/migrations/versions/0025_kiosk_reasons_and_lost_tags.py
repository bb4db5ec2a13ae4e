"""Reception: why somebody came to the kiosk, and that the desk has yet to say of what category they are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("undecided", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("kiosk_visits", sa.Column("why", sa.String(length=24), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("kiosk_visits") as table:
        table.drop_column("why")
    with op.batch_alter_table("visits") as table:
        table.drop_column("undecided")
