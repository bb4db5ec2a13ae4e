"""Duty: checklists, checks on duty, attendance, daily reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_attendance_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("person_id", "day", "round", name=op.f("uq_attendance_person_id_day_round")),
    )
    op.create_index("ix_attendance_day", "attendance", ["day"], unique=False)

    op.create_table(
        "attendance_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["people.id"], name=op.f("fk_attendance_months_closed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_months")),
        sa.UniqueConstraint("month", name=op.f("uq_attendance_months_month")),
    )
    op.create_table(
        "checklist_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum("start", "end", "closing", name="moment", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_checklist_versions_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_checklist_versions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_versions")),
        sa.UniqueConstraint(
            "post_id", "moment", "version", name=op.f("uq_checklist_versions_post_id_moment_version")
        ),
    )
    op.create_table(
        "daily_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "signed", "read", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("improvements", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["people.id"], name=op.f("fk_daily_reports_begun_by_id")),
        sa.ForeignKeyConstraint(
            ["department"], ["departments.code"], name=op.f("fk_daily_reports_department")
        ),
        sa.ForeignKeyConstraint(["read_by_id"], ["people.id"], name=op.f("fk_daily_reports_read_by_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name=op.f("fk_daily_reports_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_reports")),
        sa.UniqueConstraint("department", "day", name=op.f("uq_daily_reports_department_day")),
        sa.UniqueConstraint("number", name=op.f("uq_daily_reports_number")),
    )
    op.create_index("ix_daily_reports_day", "daily_reports", ["day"], unique=False)

    op.create_table(
        "duty_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.String(length=80), nullable=False),
        sa.Column("dealt", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "settled", "clean", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_note", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_duty_checks_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_duty_checks_post_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_duty_checks_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_checks")),
        sa.UniqueConstraint("number", name=op.f("uq_duty_checks_number")),
    )
    op.create_index("ix_duty_checks_post", "duty_checks", ["post_id", "id"], unique=False)
    op.create_index("ix_duty_checks_state", "duty_checks", ["state", "id"], unique=False)

    op.create_table(
        "attendance_sums",
        sa.Column("month_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("percent", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["month_id"], ["attendance_months.id"], name=op.f("fk_attendance_sums_month_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendance_sums_person_id")),
        sa.PrimaryKeyConstraint("month_id", "person_id", name=op.f("pk_attendance_sums")),
    )
    op.create_table(
        "daily_supplements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_daily_supplements_by_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["daily_reports.id"], name=op.f("fk_daily_supplements_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_supplements")),
    )
    op.create_index("ix_daily_supplements_report", "daily_supplements", ["report_id"], unique=False)

    op.create_table(
        "duty_check_people",
        sa.Column("check_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["check_id"], ["duty_checks.id"], name=op.f("fk_duty_check_people_check_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duty_check_people_person_id")),
        sa.PrimaryKeyConstraint("check_id", "person_id", name=op.f("pk_duty_check_people")),
    )
    op.create_table(
        "duty_check_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["done_id"], ["duty_checks.id"], name=op.f("fk_duty_check_proposals_done_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duty_check_proposals_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_duty_check_proposals_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_check_proposals")),
        sa.UniqueConstraint("week", "person_id", name=op.f("uq_duty_check_proposals_week_person_id")),
    )
    op.create_table(
        "checklists",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum("start", "end", "closing", name="moment", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("list_version", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["corrects_id"], ["checklists.id"], name=op.f("fk_checklists_corrects_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_checklists_post_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_checklists_shift_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name=op.f("fk_checklists_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_checklists_corrects_id")),
        sa.UniqueConstraint("number", name=op.f("uq_checklists_number")),
    )
    op.create_index(
        "ix_checklists_once",
        "checklists",
        ["shift_id", "moment"],
        unique=True,
        sqlite_where=sa.text("corrects_id IS NULL"),
        postgresql_where=sa.text("corrects_id IS NULL"),
    )
    op.create_index("ix_checklists_post", "checklists", ["post_id", "id"], unique=False)

    op.create_table(
        "checklist_answers",
        sa.Column("checklist_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("text_en", sa.String(length=200), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_checklist_answers_checklist_id")
        ),
        sa.PrimaryKeyConstraint("checklist_id", "place", name=op.f("pk_checklist_answers")),
    )
    op.create_table(
        "checklist_papers",
        sa.Column("checklist_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_checklist_papers_checklist_id")
        ),
        sa.PrimaryKeyConstraint("checklist_id", "number", name=op.f("pk_checklist_papers")),
    )


def downgrade() -> None:
    op.drop_table("checklist_papers")
    op.drop_table("checklist_answers")
    op.drop_table("checklists")
    op.drop_table("duty_check_proposals")
    op.drop_table("duty_check_people")
    op.drop_table("daily_supplements")
    op.drop_table("attendance_sums")
    op.drop_table("duty_checks")
    op.drop_table("daily_reports")
    op.drop_table("checklist_versions")
    op.drop_table("attendance_months")
    op.drop_table("attendance")
