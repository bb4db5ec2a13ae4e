"""Counters of cases, and reports on periods"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.blueprints.complaints.figures import counters

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_counts",
        sa.Column("grain", sa.String(length=1), nullable=False),
        sa.Column("facet", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "grain",
            "facet",
            "since",
            "code",
            "kind",
            "department",
            "confidential",
            "about",
            name=op.f("pk_case_counts"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stood_out", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("notice_board", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name=op.f("fk_case_reports_drafted_by_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name=op.f("fk_case_reports_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reports")),
        sa.UniqueConstraint("period", name=op.f("uq_case_reports_period")),
    )
    op.create_table(
        "case_report_errata",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["case_reports.id"], name=op.f("fk_case_report_errata_report_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_case_report_errata_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_report_errata")),
    )
    op.create_index("ix_case_report_errata_report_id", "case_report_errata", ["report_id"])
    some = sa.text("customer_phone != ''")
    op.create_index(
        "ix_cases_customers",
        "cases",
        ["registered_at", "customer_phone", "department", "kind", "confidential", "person_concerned_id"],
        sqlite_where=some,
        postgresql_where=some,
    )
    counters.fill(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_cases_customers", table_name="cases")
    op.drop_table("case_report_errata")
    op.drop_table("case_reports")
    op.drop_table("case_counts")
