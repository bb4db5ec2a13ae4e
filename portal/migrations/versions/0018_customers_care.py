"""Customers: the care around a card, and the index under which cards are found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel import search

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "care_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "birthday",
                "festival",
                "contact",
                "sympathy",
                "wanted",
                name="carekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_care_notes_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_care_notes_customer_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_care_notes_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_notes")),
        sa.UniqueConstraint(
            "customer_id", "kind", "occasion", name=op.f("uq_care_notes_customer_id_kind_occasion")
        ),
    )
    op.create_index("ix_care_notes_customer", "care_notes", ["customer_id", "id"], unique=False)
    op.create_index("ix_customers_name", "customers", ["name", "id"], unique=False)
    agreed = sa.text("care_consent_at IS NOT NULL")
    op.create_index(
        "ix_customers_care", "customers", ["id"], unique=False, sqlite_where=agreed, postgresql_where=agreed
    )
    search.create(op.get_bind(), "customer")


def downgrade() -> None:
    search.drop(op.get_bind(), "customer")
    op.drop_index("ix_customers_care", table_name="customers")
    op.drop_index("ix_customers_name", table_name="customers")
    op.drop_table("care_notes")
