"""Requests for one person's data; looks at what is masked; words of signed records can be emptied"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

LOOKS = sa.text(
    "replace(event, 'reveal', '') <> event OR replace(event, 'export', '') <> event"
    " OR replace(event, 'handed_over', '') <> event"
)
STILL_WAITING = sa.text("look_again_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "person_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("loose", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("wanted_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=400), nullable=False),
        sa.Column("look_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_requests_person_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_person_requests_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["wanted_by_id"], ["people.id"], name=op.f("fk_person_requests_wanted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_person_requests_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_person_requests_number")),
    )
    op.create_index(
        "ix_person_requests_waiting",
        "person_requests",
        ["look_again_at"],
        sqlite_where=STILL_WAITING,
        postgresql_where=STILL_WAITING,
    )
    op.create_index("ix_history_looks", "history", ["id"], sqlite_where=LOOKS, postgresql_where=LOOKS)


def downgrade() -> None:
    op.drop_index("ix_history_looks", table_name="history")
    op.drop_table("person_requests")
