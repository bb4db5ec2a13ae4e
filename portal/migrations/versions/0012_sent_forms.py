"""A verb's form that was taken is kept in a table of its own, whatever the verb does"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ONCE = "uq_dealings_by_id_idempotency_key"


def upgrade() -> None:
    op.create_table(
        "sent_forms",
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_sent_forms_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sent_forms_case_id")),
        sa.PrimaryKeyConstraint("by_id", "key", name=op.f("pk_sent_forms")),
    )
    op.create_index(op.f("ix_sent_forms_case_id"), "sent_forms", ["case_id"])
    op.execute(
        "INSERT INTO sent_forms (by_id, key, case_id, digest, at)"
        " SELECT by_id, idempotency_key, case_id, fields_digest, at FROM dealings"
        " WHERE idempotency_key IS NOT NULL AND fields_digest != ''"
    )
    with op.batch_alter_table("dealings") as dealings:
        dealings.drop_constraint(ONCE, type_="unique")
        dealings.drop_column("idempotency_key")
        dealings.drop_column("fields_digest")


def downgrade() -> None:
    with op.batch_alter_table("dealings") as dealings:
        dealings.add_column(sa.Column("idempotency_key", sa.String(length=64)))
        dealings.add_column(
            sa.Column("fields_digest", sa.String(length=64), nullable=False, server_default="")
        )
        dealings.create_unique_constraint(ONCE, ["by_id", "idempotency_key"])
    op.drop_index(op.f("ix_sent_forms_case_id"), "sent_forms")
    op.drop_table("sent_forms")
