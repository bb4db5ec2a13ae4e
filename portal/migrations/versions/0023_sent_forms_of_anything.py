"""Forms that were taken are kept for whatever they are about, visits as well as cases"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CASE_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("sent_forms") as forms:
        forms.drop_index("ix_sent_forms_case_id")
        forms.drop_constraint("fk_sent_forms_case_id", type_="foreignkey")
        forms.alter_column(
            "case_id", new_column_name="subject_id", existing_type=CASE_ID, type_=sa.BigInteger()
        )
        forms.add_column(
            sa.Column("subject_kind", sa.String(length=24), nullable=False, server_default="case")
        )
    with op.batch_alter_table("sent_forms") as forms:
        forms.alter_column("subject_kind", existing_type=sa.String(length=24), server_default=None)
        forms.create_index("ix_sent_forms_subject", ["subject_kind", "subject_id"])


def downgrade() -> None:
    op.execute("DELETE FROM sent_forms WHERE subject_kind != 'case'")
    with op.batch_alter_table("sent_forms") as forms:
        forms.drop_index("ix_sent_forms_subject")
        forms.drop_column("subject_kind")
        forms.alter_column(
            "subject_id", new_column_name="case_id", existing_type=sa.BigInteger(), type_=CASE_ID
        )
    with op.batch_alter_table("sent_forms") as forms:
        forms.create_foreign_key("fk_sent_forms_case_id", "cases", ["case_id"], ["id"])
        forms.create_index("ix_sent_forms_case_id", ["case_id"])
