"""A quarter's sample of solved matters with the check of each, and the plan of return visits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


RUNNING = "met_at IS NULL AND ended_at IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_clocks_running",
        "clocks",
        ["subject_kind", "kind", "due_at"],
        sqlite_where=sa.text(RUNNING),
        postgresql_where=sa.text(RUNNING),
    )
    op.create_table(
        "spot_samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("population", sa.String(length=24), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("rater", sa.String(length=24), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rater"], ["departments.code"], name=op.f("fk_spot_samples_rater")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_spot_samples_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_samples")),
        sa.UniqueConstraint("quarter", "population", name=op.f("uq_spot_samples_quarter_population")),
    )
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=True),
        sa.Column("responder_id", sa.Integer(), nullable=True),
        sa.Column("barred_id", sa.Integer(), nullable=True),
        sa.Column("worked_on", sa.String(length=400), nullable=False),
        sa.Column("rater", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("duty", sa.String(length=24), nullable=True),
        sa.Column("at_fault_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_note", sa.Text(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_by_id", sa.Integer(), nullable=True),
        sa.Column("task_department", sa.String(length=24), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sample_id"], ["spot_samples.id"], name=op.f("fk_spot_checks_sample_id")),
        *(
            sa.ForeignKeyConstraint([column], ["departments.code"], name=op.f(f"fk_spot_checks_{column}"))
            for column in ("department", "rater", "task_department")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_spot_checks_{column}"))
            for column in (
                "responder_id",
                "barred_id",
                "called_by_id",
                "at_fault_id",
                "rated_by_id",
                "settled_by_id",
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
        sa.UniqueConstraint("sample_id", "number", name=op.f("uq_spot_checks_sample_id_number")),
    )
    op.create_index("ix_spot_checks_number", "spot_checks", ["number"])
    op.create_table(
        "return_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("customer_name", sa.String(length=120), nullable=False),
        sa.Column("customer_phone", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visited_by_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(length=24), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_return_visits_department")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_return_visits_{column}"))
            for column in ("person_id", "planned_by_id", "visited_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_visits")),
        sa.UniqueConstraint("number", name=op.f("uq_return_visits_number")),
        sa.UniqueConstraint(
            "planned_by_id", "idempotency_key", name=op.f("uq_return_visits_planned_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_return_visits_due", "return_visits", ["state", "due_on", "id"])
    op.create_index("ix_return_visits_case_number", "return_visits", ["case_number"])


def downgrade() -> None:
    op.drop_index("ix_clocks_running", table_name="clocks")
    op.drop_table("return_visits")
    op.drop_table("spot_checks")
    op.drop_table("spot_samples")
