"""Reports that the portal drafts by itself; until when an appeal is to be ruled on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_reports") as table:
        table.alter_column("drafted_by_id", existing_type=sa.Integer(), nullable=True)
    op.add_column("penalties", sa.Column("ruling_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("penalties", "ruling_until")
    # Whoever signed stands in for the portal, else the first person there is: the column asks for somebody.
    op.execute(
        "UPDATE case_reports SET drafted_by_id = coalesce(signed_by_id, (SELECT min(id) FROM people))"
        " WHERE drafted_by_id IS NULL"
    )
    with op.batch_alter_table("case_reports") as table:
        table.alter_column("drafted_by_id", existing_type=sa.Integer(), nullable=False)
