"""Improvement cases, what recurs, retention classes and errata"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "improvements",
        _id(),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        _moment("state_since", False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=True),
        sa.Column("changes", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=True),
        _moment("raised_at", False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        _moment("target_at"),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        _moment("carried_out_at"),
        sa.Column("carried_out_by_id", sa.Integer(), nullable=True),
        _moment("effect_from"),
        sa.Column("evaluation", sa.Text(), nullable=False),
        _moment("evaluated_at"),
        sa.Column("evaluated_by_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        _moment("due_at"),
        _moment("due_from"),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_improvements_department")
        ),
        sa.ForeignKeyConstraint(["raised_by_id"], ["people.id"], name=op.f("fk_improvements_raised_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_improvements_owner_id")),
        sa.ForeignKeyConstraint(
            ["carried_out_by_id"], ["people.id"], name=op.f("fk_improvements_carried_out_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluated_by_id"], ["people.id"], name=op.f("fk_improvements_evaluated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvements")),
        sa.UniqueConstraint("number", name=op.f("uq_improvements_number")),
        sa.UniqueConstraint(
            "raised_by_id", "idempotency_key", name=op.f("uq_improvements_raised_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_improvements_state", "improvements", ["state", "id"])
    op.create_index("ix_improvements_department", "improvements", ["department", "id"])
    op.create_index("ix_improvements_owner", "improvements", ["owner_id", "id"])
    op.create_table(
        "improvement_cases",
        sa.Column("improvement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvements.id"], name=op.f("fk_improvement_cases_improvement_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_improvement_cases_case_id")),
        sa.PrimaryKeyConstraint("improvement_id", "case_id", name=op.f("pk_improvement_cases")),
    )
    op.create_index("ix_improvement_cases_case", "improvement_cases", ["case_id"])
    op.create_table(
        "recurrence_dismissals",
        _id(),
        sa.Column("origin", sa.String(length=24), nullable=False),
        _moment("at", False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_recurrence_dismissals_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurrence_dismissals")),
    )
    op.create_table(
        "recurrence_dismissed_cases",
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dismissal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_recurrence_dismissed_cases_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["dismissal_id"],
            ["recurrence_dismissals.id"],
            name=op.f("fk_recurrence_dismissed_cases_dismissal_id"),
        ),
        sa.PrimaryKeyConstraint("origin", "case_id", name=op.f("pk_recurrence_dismissed_cases")),
    )
    op.create_index("ix_recurrence_dismissed_cases_dismissal", "recurrence_dismissed_cases", ["dismissal_id"])
    op.create_table(
        "retentions",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retention_class", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        _moment("set_at", False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_retentions_case_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["people.id"], name=op.f("fk_retentions_set_by_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_retentions")),
    )
    op.create_table(
        "errata",
        _id(),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        _moment("asked_at", False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        _moment("decided_at"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_errata_case_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_errata_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_errata_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errata")),
    )
    op.create_index("ix_errata_case", "errata", ["case_id", "id"])
    op.create_index(
        "uq_errata_open",
        "errata",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_errata_open",
        table_name="errata",
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_index("ix_errata_case", table_name="errata")
    op.drop_table("errata")
    op.drop_table("retentions")
    op.drop_index("ix_recurrence_dismissed_cases_dismissal", table_name="recurrence_dismissed_cases")
    op.drop_table("recurrence_dismissed_cases")
    op.drop_table("recurrence_dismissals")
    op.drop_index("ix_improvement_cases_case", table_name="improvement_cases")
    op.drop_table("improvement_cases")
    op.drop_index("ix_improvements_owner", table_name="improvements")
    op.drop_index("ix_improvements_department", table_name="improvements")
    op.drop_index("ix_improvements_state", table_name="improvements")
    op.drop_table("improvements")
