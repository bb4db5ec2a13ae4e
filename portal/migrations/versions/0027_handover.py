"""Duty: the shift log, what posts hold, handovers with counts, receipts and signatures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ACTS = ("note", "correct", "settle", "take-over", "consent")
CATEGORIES = ("routine", "visitor", "equipment", "fault", "incident", "other")
STANDINGS = ("done", "open", "running")
STATES = ("open", "counted", "signed", "refused")
GROUNDS = ("unclear_record", "dirty_place", "missing_property", "unfinished_repair")
SIDES = ("outgoing", "incoming")


def _codes(name: str, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, length=24)


def upgrade() -> None:
    long = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "duty_log",
        sa.Column("id", long, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("act", _codes("act", ACTS), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("category", _codes("category", CATEGORIES), nullable=False),
        sa.Column("standing", _codes("standing", STANDINGS), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("visit_number", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["duty_log.id"], name=op.f("fk_duty_log_about_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_duty_log_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_duty_log_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_log")),
        sa.UniqueConstraint("by_id", "idempotency_key", name=op.f("uq_duty_log_by_id_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_duty_log_number")),
    )
    op.create_index("ix_duty_log_about", "duty_log", ["about_id", "act"], unique=False)
    op.create_index("ix_duty_log_at", "duty_log", ["post_id", "at"], unique=False)
    op.create_index("ix_duty_log_post", "duty_log", ["post_id", "id"], unique=False)
    op.create_index(
        "ix_duty_log_settled",
        "duty_log",
        ["about_id"],
        unique=True,
        sqlite_where=sa.text("act = 'settle'"),
        postgresql_where=sa.text("act = 'settle'"),
    )
    op.create_table(
        "post_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_items_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_items")),
        sa.UniqueConstraint("post_id", "name", name=op.f("uq_post_items_post_id_name")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=False),
        sa.Column("incoming_id", sa.Integer(), nullable=False),
        sa.Column("changes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _codes("state", STATES), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("counted_round", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relieved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ground", _codes("ground", GROUNDS), nullable=True),
        sa.Column("refused_note", sa.String(length=400), nullable=False),
        sa.Column("defect", sa.String(length=400), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["incoming_id"], ["shifts.id"], name=op.f("fk_handovers_incoming_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_handovers_ordered_by_id")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["shifts.id"], name=op.f("fk_handovers_outgoing_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_handovers_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("incoming_id", name=op.f("uq_handovers_incoming_id")),
        sa.UniqueConstraint("number", name=op.f("uq_handovers_number")),
        sa.UniqueConstraint("outgoing_id", name=op.f("uq_handovers_outgoing_id")),
    )
    op.create_index("ix_handovers_post", "handovers", ["post_id", "changes_at"], unique=False)
    op.create_index("ix_handovers_state", "handovers", ["state", "id"], unique=False)
    op.create_table(
        "handover_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("should_be", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=400), nullable=False),
        sa.Column("explained_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["explained_by_id"], ["people.id"], name=op.f("fk_handover_counts_explained_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_counts_handover_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["post_items.id"], name=op.f("fk_handover_counts_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_counts")),
        sa.UniqueConstraint(
            "handover_id", "round", "item_id", name=op.f("uq_handover_counts_handover_id_round_item_id")
        ),
    )
    op.create_table(
        "handover_readings",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_handover_readings_by_id")),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_readings_handover_id")
        ),
        sa.PrimaryKeyConstraint("handover_id", "number", name=op.f("pk_handover_readings")),
    )
    op.create_table(
        "handover_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("side", _codes("side", SIDES), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_password", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_signatures_handover_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_handover_signatures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_signatures")),
        sa.UniqueConstraint(
            "handover_id",
            "round",
            "person_id",
            name=op.f("uq_handover_signatures_handover_id_round_person_id"),
        ),
        sa.UniqueConstraint(
            "handover_id", "round", "side", name=op.f("uq_handover_signatures_handover_id_round_side")
        ),
    )


def downgrade() -> None:
    op.drop_table("handover_signatures")
    op.drop_table("handover_readings")
    op.drop_table("handover_counts")
    op.drop_index("ix_handovers_state", table_name="handovers")
    op.drop_index("ix_handovers_post", table_name="handovers")
    op.drop_table("handovers")
    op.drop_table("post_items")
    op.drop_index("ix_duty_log_settled", table_name="duty_log")
    op.drop_index("ix_duty_log_post", table_name="duty_log")
    op.drop_index("ix_duty_log_at", table_name="duty_log")
    op.drop_index("ix_duty_log_about", table_name="duty_log")
    op.drop_table("duty_log")
