"""Training: the plan, sessions with attendance, quizzes and their papers, needs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quizzes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "company", "skills", "standards", "communication", name="topic", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("kinds", sa.String(length=80), nullable=False),
        sa.Column("chapters", sa.String(length=80), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column(
            "state", sa.Enum("open", "closed", name="quizstate", native_enum=False, length=24), nullable=False
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_quizzes_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes")),
        sa.UniqueConstraint("number", name=op.f("uq_quizzes_number")),
    )
    op.create_table(
        "training_plan_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "company", "skills", "standards", "communication", name="topic", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("trainer", sa.String(length=80), nullable=False),
        sa.Column("departments", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=80), nullable=False),
        sa.Column("posts", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "dropped", name="planstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_training_plan_lines_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan_lines")),
    )
    op.create_index(
        "ix_training_plan_lines_year", "training_plan_lines", ["year", "month", "id"], unique=False
    )
    op.create_table(
        "quiz_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "handed_in", name="attemptstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("right_answers", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retaken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_attempts_person_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_attempts_quiz_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempts")),
        sa.UniqueConstraint("number", name=op.f("uq_quiz_attempts_number")),
    )
    op.create_index(
        "ix_quiz_attempts_open",
        "quiz_attempts",
        ["quiz_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_quiz_attempts_person", "quiz_attempts", ["person_id", "id"], unique=False)
    op.create_table(
        "training_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column(
            "topic",
            sa.Enum(
                "company", "skills", "standards", "communication", name="topic", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("trainer", sa.String(length=80), nullable=False),
        sa.Column("trainer_id", sa.Integer(), nullable=True),
        sa.Column("material", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "held", "cancelled", name="sessionstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_training_sessions_by_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["training_plan_lines.id"], name=op.f("fk_training_sessions_plan_id")
        ),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_training_sessions_quiz_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["people.id"], name=op.f("fk_training_sessions_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sessions")),
        sa.UniqueConstraint("number", name=op.f("uq_training_sessions_number")),
    )
    op.create_index("ix_training_sessions_starts", "training_sessions", ["starts_at"], unique=False)
    op.create_table(
        "training_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "company", "skills", "standards", "communication", name="topic", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("source_kind", sa.String(length=24), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("source_number", sa.String(length=24), nullable=False),
        sa.Column("source_address", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "assigned", "done", "dropped", name="needstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_training_needs_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_needs_person_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_training_needs_quiz_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_needs_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_needs")),
        sa.UniqueConstraint("number", name=op.f("uq_training_needs_number")),
    )
    op.create_index(
        "ix_training_needs_open",
        "training_needs",
        ["source_kind", "source_id", "person_id", "topic"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'assigned')"),
        postgresql_where=sa.text("state IN ('open', 'assigned')"),
    )
    op.create_index("ix_training_needs_person", "training_needs", ["person_id", "id"], unique=False)
    op.create_table(
        "training_people",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "presence",
            sa.Enum("invited", "present", "late", "absent", name="presence", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reflection", sa.String(length=2000), nullable=False),
        sa.Column("reflected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_people_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_people_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["people.id"], name=op.f("fk_training_people_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_training_people")),
    )
    op.create_index("ix_training_people_person", "training_people", ["person_id", "session_id"], unique=False)


def downgrade() -> None:
    op.drop_table("training_people")
    op.drop_table("training_needs")
    op.drop_table("training_sessions")
    op.drop_table("quiz_attempts")
    op.drop_table("training_plan_lines")
    op.drop_table("quizzes")
