"""Places: who checked one, when, and which of the four points held; bookings by when they end"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_bookings_ends", "bookings", ["ends_at"], unique=False)
    op.create_table(
        "place_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("morning", "ready", name="checkkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tidy", sa.Boolean(), nullable=False),
        sa.Column("floor_air", sa.Boolean(), nullable=False),
        sa.Column("climate_light", sa.Boolean(), nullable=False),
        sa.Column("supplies", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_place_checks_by_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_checks_place_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_place_checks_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_checks")),
    )
    op.create_index("ix_place_checks_at", "place_checks", ["at", "place_id"], unique=False)
    op.create_index(
        "ix_place_checks_visit",
        "place_checks",
        ["visit_id"],
        unique=False,
        sqlite_where=sa.text("visit_id IS NOT NULL"),
        postgresql_where=sa.text("visit_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("place_checks")
    op.drop_index("ix_bookings_ends", "bookings")
