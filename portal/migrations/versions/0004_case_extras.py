"""What belongs to a case beside its main path: visits, linked cases, the guide, authorities, published suggestions"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def columns() -> tuple[sa.Column[Any], ...]:
    """The new columns of a case; a column belongs to one table, so each use makes them anew."""
    return (
        sa.Column("visits", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("links", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ticks", sa.String(length=400), nullable=False, server_default=""),
        sa.Column("external_party", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("external_contact", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("phrase_at", sa.DateTime(timezone=True)),
        sa.Column("published_at", sa.DateTime(timezone=True)),
    )


def upgrade() -> None:
    for column in columns():
        op.add_column("cases", column)
    op.execute(sa.text("UPDATE cases SET visits = 1 WHERE channel = 'onsite'"))
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_links_other_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_case_links_by_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_links")),
    )
    op.create_table(
        "published_suggestions",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_published_suggestions_case_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_published_suggestions_by_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_published_suggestions")),
    )
    op.create_index(op.f("ix_published_suggestions_at"), "published_suggestions", ["at"])


def downgrade() -> None:
    op.drop_table("published_suggestions")
    op.drop_table("case_links")
    for column in reversed(columns()):
        op.drop_column("cases", column.name)
