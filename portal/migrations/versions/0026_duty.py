"""Duty: posts, kinds of shifts, needs, qualifications, working limits, special days; rosters, shifts, wishes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("letter", sa.String(length=2), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_kinds")),
        sa.UniqueConstraint("code", name=op.f("uq_shift_kinds_code")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("around_the_clock", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_posts_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("code", name=op.f("uq_posts_code")),
    )
    op.create_table(
        "duty_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_duty_days_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_days")),
        sa.UniqueConstraint("day", name=op.f("uq_duty_days_day")),
    )
    op.create_table(
        "duty_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column(
            "day_kind",
            sa.Enum(
                "workday", "rest_day", "holiday", "make_up", name="daykind", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("under_weight", sa.Integer(), nullable=False),
        sa.Column("over_weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["shift_kinds.id"], name=op.f("fk_duty_needs_kind_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_duty_needs_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_needs")),
        sa.UniqueConstraint(
            "post_id", "kind_id", "day_kind", name=op.f("uq_duty_needs_post_id_kind_id_day_kind")
        ),
    )
    op.create_table(
        "qualifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_qualifications_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_qualifications_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualifications")),
        sa.UniqueConstraint("person_id", "post_id", name=op.f("uq_qualifications_person_id_post_id")),
    )
    op.create_index(op.f("ix_qualifications_post_id"), "qualifications", ["post_id"], unique=False)
    op.create_table(
        "rosters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", "closed", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("gap_reason", sa.String(length=400), nullable=False),
        sa.Column("gap_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("gap_confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("gap_digest", sa.String(length=64), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objective", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_rosters_created_by_id")),
        sa.ForeignKeyConstraint(["gap_asked_by_id"], ["people.id"], name=op.f("fk_rosters_gap_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["gap_confirmed_by_id"], ["people.id"], name=op.f("fk_rosters_gap_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_rosters_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint("number", name=op.f("uq_rosters_number")),
    )
    op.create_index("ix_rosters_state", "rosters", ["state", "starts_on"], unique=False)
    op.create_table(
        "wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["shift_kinds.id"], name=op.f("fk_wishes_kind_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wishes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_wishes_person_id_day")),
    )
    op.create_index("ix_wishes_day", "wishes", ["day"], unique=False)
    op.create_table(
        "work_limits",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("joins_on", sa.Date(), nullable=True),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column("least_week_minutes", sa.Integer(), nullable=False),
        sa.Column("most_week_minutes", sa.Integer(), nullable=False),
        sa.Column("least_in_a_row", sa.Integer(), nullable=False),
        sa.Column("most_in_a_row", sa.Integer(), nullable=False),
        sa.Column("least_days_off", sa.Integer(), nullable=False),
        sa.Column("most_weekends", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_work_limits_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_work_limits")),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["shift_kinds.id"], name=op.f("fk_shifts_kind_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_shifts_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_shifts_post_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_shifts_roster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("roster_id", "person_id", "day", name=op.f("uq_shifts_roster_id_person_id_day")),
    )
    op.create_index("ix_shifts_person", "shifts", ["person_id", "starts_at"], unique=False)
    op.create_index("ix_shifts_post", "shifts", ["post_id", "starts_at"], unique=False)
    op.create_index("ix_shifts_roster", "shifts", ["roster_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_shifts_roster", table_name="shifts")
    op.drop_index("ix_shifts_post", table_name="shifts")
    op.drop_index("ix_shifts_person", table_name="shifts")
    op.drop_table("shifts")
    op.drop_table("work_limits")
    op.drop_index("ix_wishes_day", table_name="wishes")
    op.drop_table("wishes")
    op.drop_index("ix_rosters_state", table_name="rosters")
    op.drop_table("rosters")
    op.drop_index(op.f("ix_qualifications_post_id"), table_name="qualifications")
    op.drop_table("qualifications")
    op.drop_table("duty_needs")
    op.drop_table("duty_days")
    op.drop_table("posts")
    op.drop_table("shift_kinds")
