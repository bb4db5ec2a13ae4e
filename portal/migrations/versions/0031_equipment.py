"""Duty: the ledger of equipment, inspection plans and rounds, repair orders; the log names equipment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "equipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "system",
            sa.Enum(
                "lift",
                "doors",
                "cameras",
                "network",
                "power",
                "water",
                "fire",
                "climate",
                "office",
                "other",
                name="system",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("contingency", sa.Text(), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT important OR contingency != ''", name=op.f("ck_equipment_contingency_planned")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_equipment_created_by_id")),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_equipment_department")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_equipment_post_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["people.id"], name=op.f("fk_equipment_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("code", name=op.f("uq_equipment_code")),
        sa.UniqueConstraint(
            "created_by_id", "idempotency_key", name=op.f("uq_equipment_created_by_id_idempotency_key")
        ),
    )
    op.create_table(
        "inspection_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "round",
                "fire",
                "passages",
                "electricity",
                "training",
                "other",
                name="plankind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "rhythm",
            sa.Enum("day", "week", "month", name="rhythm", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("weekdays", sa.String(length=16), nullable=False),
        sa.Column("month_day", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(post_id IS NULL) != (person_id IS NULL)", name=op.f("ck_inspection_plans_post_or_person")
        ),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_inspection_plans_department")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inspection_plans_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_inspection_plans_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plans")),
    )
    op.create_table(
        "inspection_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("what_en", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_inspection_points_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["inspection_plans.id"], name=op.f("fk_inspection_points_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_points")),
    )
    op.create_index("ix_inspection_points_plan", "inspection_points", ["plan_id", "position"], unique=False)
    op.create_table(
        "inspection_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "done", "missed", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_inspection_rounds_department")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_inspection_rounds_done_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["inspection_plans.id"], name=op.f("fk_inspection_rounds_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_rounds")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_rounds_number")),
        sa.UniqueConstraint("plan_id", "day", name=op.f("uq_inspection_rounds_plan_id_day")),
    )
    op.create_index(
        "ix_inspection_rounds_department", "inspection_rounds", ["department", "id"], unique=False
    )
    op.create_index("ix_inspection_rounds_state", "inspection_rounds", ["state", "id"], unique=False)
    op.create_table(
        "repairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "assigned",
                "done",
                "rechecked",
                "accepted",
                "cancelled",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("log_entry_id", sa.BigInteger(), nullable=True),
        sa.Column("round_number", sa.String(length=24), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("parts", sa.String(length=400), nullable=False),
        sa.Column("material", sa.String(length=400), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("rechecked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rechecked_by_id", sa.Integer(), nullable=True),
        sa.Column("recheck_note", sa.String(length=400), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accept_note", sa.String(length=400), nullable=False),
        sa.Column("cancelled_reason", sa.String(length=400), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["people.id"], name=op.f("fk_repairs_accepted_by_id")),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["people.id"], name=op.f("fk_repairs_assigned_by_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["people.id"], name=op.f("fk_repairs_assignee_id")),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_repairs_department")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_repairs_done_by_id")),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("fk_repairs_equipment_id")),
        sa.ForeignKeyConstraint(["log_entry_id"], ["duty_log.id"], name=op.f("fk_repairs_log_entry_id")),
        sa.ForeignKeyConstraint(["rechecked_by_id"], ["people.id"], name=op.f("fk_repairs_rechecked_by_id")),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["people.id"], name=op.f("fk_repairs_registered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
        sa.UniqueConstraint("log_entry_id", name=op.f("uq_repairs_log_entry_id")),
        sa.UniqueConstraint("number", name=op.f("uq_repairs_number")),
        sa.UniqueConstraint(
            "registered_by_id", "idempotency_key", name=op.f("uq_repairs_registered_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_repairs_department", "repairs", ["department", "state"], unique=False)
    op.create_index("ix_repairs_equipment", "repairs", ["equipment_id", "id"], unique=False)
    op.create_index("ix_repairs_state", "repairs", ["state", "id"], unique=False)
    op.create_table(
        "inspection_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("what_en", sa.String(length=200), nullable=False),
        sa.Column("fine", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("repair_number", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_inspection_lines_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["inspection_rounds.id"], name=op.f("fk_inspection_lines_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_lines")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_inspection_lines_round_id_position")),
    )
    op.create_index("ix_inspection_lines_equipment", "inspection_lines", ["equipment_id"], unique=False)
    op.add_column(
        "duty_log", sa.Column("equipment_code", sa.String(length=24), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("duty_log", "equipment_code")
    op.drop_index("ix_inspection_lines_equipment", table_name="inspection_lines")
    op.drop_table("inspection_lines")
    op.drop_index("ix_repairs_state", table_name="repairs")
    op.drop_index("ix_repairs_equipment", table_name="repairs")
    op.drop_index("ix_repairs_department", table_name="repairs")
    op.drop_table("repairs")
    op.drop_index("ix_inspection_rounds_state", table_name="inspection_rounds")
    op.drop_index("ix_inspection_rounds_department", table_name="inspection_rounds")
    op.drop_table("inspection_rounds")
    op.drop_index("ix_inspection_points_plan", table_name="inspection_points")
    op.drop_table("inspection_points")
    op.drop_table("inspection_plans")
    op.drop_table("equipment")
