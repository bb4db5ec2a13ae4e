"""What the check of customer texts caught"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taboo_hits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("scope", sa.String(length=24), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_taboo_hits_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taboo_hits")),
    )
    op.create_index("ix_taboo_hits_at", "taboo_hits", ["at", "rule"])
    op.create_index("ix_taboo_hits_person", "taboo_hits", ["person_id", "at"])
    op.create_index("ix_taboo_hits_department", "taboo_hits", ["department", "at"])


def downgrade() -> None:
    op.drop_table("taboo_hits")
