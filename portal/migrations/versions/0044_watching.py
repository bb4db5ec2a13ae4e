"""Watching: regular work and workers as rows, jobs that tell how far they are and can be stopped"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("began_at", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("problem", sa.String(length=400), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_runs")),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("host", sa.String(length=80), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("doing", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "system_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("said", sa.String(length=24), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_states")),
        sa.UniqueConstraint("code", name=op.f("uq_system_states_code")),
    )
    op.add_column("jobs", sa.Column("stop", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("jobs", sa.Column("percent", sa.Integer()))
    op.add_column("jobs", sa.Column("worker", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("began_at", MOMENT))
    op.add_column("jobs", sa.Column("ended_at", MOMENT))
    op.drop_column("roster_solves", "stop")


def downgrade() -> None:
    op.add_column("roster_solves", sa.Column("stop", sa.Boolean(), nullable=False, server_default=sa.false()))
    # No such standing was known.
    op.execute("UPDATE jobs SET standing = 'failed' WHERE standing = 'stopped'")
    for name in ("ended_at", "began_at", "worker", "percent", "stop"):
        op.drop_column("jobs", name)
    for name in ("system_states", "workers", "runs"):
        op.drop_table(name)
