"""Messages by robots, what people choose to hear, and messages that leave together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_robots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_robots")),
    )
    op.create_table(
        "message_choices",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quiet", sa.String(length=24), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_message_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_message_choices")),
    )
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("batch", sa.String(length=32), nullable=False, server_default=""))
        table.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_deliveries_person_id"), "people", ["person_id"], ["id"])
        table.create_index("ix_deliveries_taken", ["channel", "taken_at"])
    # Whose they are is known from what they tell.
    op.execute(
        "UPDATE deliveries SET person_id ="
        " (SELECT notices.person_id FROM notices WHERE notices.id = deliveries.notice_id)"
    )
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("urgent", server_default=None)
        table.alter_column("batch", server_default=None)


def downgrade() -> None:
    # What an older version neither sends nor can show.
    op.execute("DELETE FROM deliveries WHERE channel <> 'mail' OR fate IN ('dry', 'dropped')")
    with op.batch_alter_table("deliveries") as table:
        table.drop_index("ix_deliveries_taken")
        table.drop_constraint(op.f("fk_deliveries_person_id"), type_="foreignkey")
        table.drop_column("taken_at")
        table.drop_column("batch")
        table.drop_column("urgent")
        table.drop_column("person_id")
    op.drop_table("message_choices")
    op.drop_table("chat_robots")
