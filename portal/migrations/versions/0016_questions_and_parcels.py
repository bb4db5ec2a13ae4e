"""The desk's books: the question log with its search, letters and parcels"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel import search

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_{table}_{column}"))
        for column in columns
    ]


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum("answered", "pending", "replied", "told", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=24), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("phrase_at", MOMENT, nullable=True),
        sa.Column("asker_name", sa.String(length=120), nullable=False),
        sa.Column("asker_pinyin", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_tail", sa.String(length=4), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("due_from", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_questions_department")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_questions_visit_id")),
        *_people("questions", "person_id", "replied_by_id", "told_by_id", "created_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("number", name=op.f("uq_questions_number")),
        sa.UniqueConstraint(
            "created_by_id", "idempotency_key", name=op.f("uq_questions_created_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_questions_state", "questions", ["state", "id"])
    op.create_index("ix_questions_department", "questions", ["department", "id"])
    op.create_index("ix_questions_created", "questions", ["created_at", "id"])
    known = sa.text("visit_id IS NOT NULL")
    op.create_index(
        "ix_questions_visit", "questions", ["visit_id"], sqlite_where=known, postgresql_where=known
    )
    search.create(op.get_bind(), "question")
    op.create_table(
        "parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "express", "parcel", "letter", "newspaper", name="parcelkind", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("waiting", "collected", "returned", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("tracking", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("collected_at", MOMENT, nullable=True),
        sa.Column("collected_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", MOMENT, nullable=True),
        sa.Column("returned_reason", sa.String(length=200), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_parcels_department")),
        *_people("parcels", "recipient_id", "collected_by_id", "created_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("number", name=op.f("uq_parcels_number")),
        sa.UniqueConstraint(
            "created_by_id", "idempotency_key", name=op.f("uq_parcels_created_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_parcels_state", "parcels", ["state", "id"])
    op.create_index("ix_parcels_recipient", "parcels", ["recipient_id", "id"])
    op.create_index("ix_parcels_department", "parcels", ["department", "id"])


def downgrade() -> None:
    op.drop_table("parcels")
    search.drop(op.get_bind(), "question")
    op.drop_table("questions")
