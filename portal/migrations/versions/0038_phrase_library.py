"""Phrases: who used which on which day, whose favourites"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrase_uses",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_phrase_uses_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_phrase_uses_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "document_id", "day", name=op.f("pk_phrase_uses")),
    )
    op.create_index("ix_phrase_uses_day", "phrase_uses", ["day"])
    op.create_table(
        "phrase_favourites",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_phrase_favourites_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_phrase_favourites_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "document_id", name=op.f("pk_phrase_favourites")),
    )


def downgrade() -> None:
    op.drop_table("phrase_favourites")
    op.drop_table("phrase_uses")
