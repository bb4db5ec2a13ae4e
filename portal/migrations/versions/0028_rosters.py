"""Rosters: no day in two published ones; how far solving is; the secret of somebody's calendar"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_solves",
        sa.Column("roster_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("objective", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_roster_solves_roster_id")),
        sa.PrimaryKeyConstraint("roster_id", name=op.f("pk_roster_solves")),
    )
    op.create_table(
        "duty_feeds",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duty_feeds_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_duty_feeds")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_duty_feeds_key_digest")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE rosters ADD CONSTRAINT ex_rosters_one_at_a_time EXCLUDE USING gist"
            " (daterange(starts_on, ends_on, '[]') WITH &&) WHERE (state <> 'draft')"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ex_rosters_one_at_a_time", "rosters")
    op.drop_table("duty_feeds")
    op.drop_table("roster_solves")
