"""Links between things of two areas; a visit can be hidden from whom its complaint is about"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("kind_a", sa.String(length=24), nullable=False),
        sa.Column("id_a", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind_b", sa.String(length=24), nullable=False),
        sa.Column("id_b", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind_a", "id_a", "kind_b", "id_b", name=op.f("pk_links")),
    )
    op.create_index("ix_links_b", "links", ["kind_b", "id_b"])
    op.add_column("visits", sa.Column("barred_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visits") as visits:
        visits.drop_column("barred_id")
    op.drop_index("ix_links_b", table_name="links")
    op.drop_table("links")
