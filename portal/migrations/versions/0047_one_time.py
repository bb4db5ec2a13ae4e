"""A one-time password is good until a day; those that are out there stay as they are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("password_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "password_until")
