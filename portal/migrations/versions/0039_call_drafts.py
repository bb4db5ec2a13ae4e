"""Phrases: the notes of a call until it becomes something"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TEXTS = {"caller": 120, "company": 120, "phone": 40, "place": 300, "transfer": 80}


def upgrade() -> None:
    op.create_table(
        "call_drafts",
        sa.Column("by_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.String(length=most), nullable=False) for name, most in TEXTS.items()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("matter", "reason", "demand")),
        sa.Column("read_back", sa.Boolean(), nullable=False),
        sa.Column("on_site", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_call_drafts_by_id")),
        sa.PrimaryKeyConstraint("by_id", name=op.f("pk_call_drafts")),
    )
    op.create_index(op.f("ix_call_drafts_at"), "call_drafts", ["updated_at"])
    op.create_index(op.f("ix_call_drafts_phone"), "call_drafts", ["phone"])


def downgrade() -> None:
    op.drop_table("call_drafts")
