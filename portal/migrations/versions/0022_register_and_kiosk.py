"""Reception: the daily register with its signed corrections, kiosks and what visitors agreed to there"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = ("open", "compiled", "returned", "reviewed", "archived")
FIELDS = (
    "visitor_name", "company", "phone", "party_size", "category", "host", "department", "purpose", "place",
    "arrived_at", "left_at", "remark",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "daily_registers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="state", native_enum=False, length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compiled_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_note", sa.String(length=400), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["archived_by_id"], ["people.id"], name=op.f("fk_daily_registers_archived_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["compiled_by_id"], ["people.id"], name=op.f("fk_daily_registers_compiled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["people.id"], name=op.f("fk_daily_registers_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_registers")),
        sa.UniqueConstraint("day", name=op.f("uq_daily_registers_day")),
        sa.UniqueConstraint("number", name=op.f("uq_daily_registers_number")),
    )
    op.create_table(
        "register_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.Enum(*FIELDS, name="field", native_enum=False, length=24), nullable=False),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.Column("should_be", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_register_corrections_by_id")),
        sa.ForeignKeyConstraint(
            ["register_id"], ["daily_registers.id"], name=op.f("fk_register_corrections_register_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_register_corrections_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_corrections")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_register_corrections_idempotency_key")),
    )
    for column in ("register_id", "visit_id"):
        op.create_index(op.f(f"ix_register_corrections_{column}"), "register_corrections", [column])
    op.create_table(
        "kiosks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_kiosks_created_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_kiosks_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_kiosks_key_digest")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_kiosks_link_digest")),
    )
    op.create_table(
        "kiosk_visits",
        sa.Column(
            "visit_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kiosk_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_for", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_kiosk_visits_kiosk_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["policies.id"], name=op.f("fk_kiosk_visits_notice_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_kiosk_visits_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_kiosk_visits")),
    )


def downgrade() -> None:
    op.drop_table("kiosk_visits")
    op.drop_table("kiosks")
    op.drop_table("register_corrections")
    op.drop_table("daily_registers")
