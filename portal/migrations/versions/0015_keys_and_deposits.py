"""Reception: tags and deposits, keys and their loans, goods passes"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUT = sa.text("returned_at IS NULL AND lost_at IS NULL")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _code(name: str, kind: str, *codes: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Enum(*codes, name=kind, native_enum=False, length=24), nullable=False)


def _points(table: str, column: str, where: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [where], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("number", name=op.f("uq_tags_number")),
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("number", 24),
        _text("opens", 80),
        _text("opens_en", 80),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
        sa.UniqueConstraint("number", name=op.f("uq_keys_number")),
    )
    op.create_table(
        "deposits",
        sa.Column("id", BIG, nullable=False),
        _text("number", 24),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", BIG, nullable=True),
        _text("name", 120),
        _code("thing", "thing", "umbrella", "bag", "luggage", "coat", "parcel", "other"),
        sa.Column("pieces", sa.Integer(), nullable=False),
        _text("note", 200),
        _moment("taken_at"),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        _moment("due_at"),
        _moment("returned_at", nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        _moment("lost_at", nullable=True),
        sa.Column("lost_by_id", sa.Integer(), nullable=True),
        _text("lost_reason", 400),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        _points("deposits", "lost_by_id", "people.id"),
        _points("deposits", "returned_by_id", "people.id"),
        _points("deposits", "tag_id", "tags.id"),
        _points("deposits", "taken_by_id", "people.id"),
        _points("deposits", "visit_id", "visits.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sa.UniqueConstraint("number", name=op.f("uq_deposits_number")),
        sa.UniqueConstraint(
            "taken_by_id", "idempotency_key", name=op.f("uq_deposits_taken_by_id_idempotency_key")
        ),
    )
    op.create_index(
        "ix_deposits_tag_out", "deposits", ["tag_id"], unique=True, sqlite_where=OUT, postgresql_where=OUT
    )
    op.create_index("ix_deposits_visit", "deposits", ["visit_id"], unique=False)
    op.create_table(
        "key_loans",
        sa.Column("id", BIG, nullable=False),
        _text("number", 24),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", BIG, nullable=True),
        sa.Column("borrower_id", sa.Integer(), nullable=True),
        _text("name", 120),
        _code(
            "document",
            "document",
            "id_card",
            "work_card",
            "driving_licence",
            "passport",
            "travel_permit",
        ),
        _text("purpose", 200),
        _moment("lent_at"),
        sa.Column("lent_by_id", sa.Integer(), nullable=False),
        _moment("due_at"),
        _moment("returned_at", nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        _moment("lost_at", nullable=True),
        sa.Column("lost_by_id", sa.Integer(), nullable=True),
        _text("lost_reason", 400),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(visit_id IS NULL) <> (borrower_id IS NULL)", name=op.f("ck_key_loans_one_borrower")
        ),
        _points("key_loans", "borrower_id", "people.id"),
        _points("key_loans", "key_id", "keys.id"),
        _points("key_loans", "lent_by_id", "people.id"),
        _points("key_loans", "lost_by_id", "people.id"),
        _points("key_loans", "returned_by_id", "people.id"),
        _points("key_loans", "visit_id", "visits.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_loans")),
        sa.UniqueConstraint("number", name=op.f("uq_key_loans_number")),
        sa.UniqueConstraint(
            "lent_by_id", "idempotency_key", name=op.f("uq_key_loans_lent_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_key_loans_borrower", "key_loans", ["borrower_id", "id"], unique=False)
    op.create_index(
        "ix_key_loans_key_out", "key_loans", ["key_id"], unique=True, sqlite_where=OUT, postgresql_where=OUT
    )
    op.create_index("ix_key_loans_visit", "key_loans", ["visit_id"], unique=False)
    op.create_table(
        "goods_passes",
        sa.Column("id", BIG, nullable=False),
        _text("number", 24),
        _code("direction", "direction", "in", "out"),
        _code("state", "passstate", "asked", "approved", "declined", "passed"),
        _moment("state_since"),
        _text("what", 300),
        _text("amount", 60),
        _text("carrier", 120),
        _text("company", 120),
        _text("department", 24),
        sa.Column("visit_id", BIG, nullable=True),
        _moment("asked_at"),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        _moment("decided_at", nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        _text("decision_note", 400),
        _moment("checked_at", nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        _text("check_note", 400),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _points("goods_passes", "asked_by_id", "people.id"),
        _points("goods_passes", "checked_by_id", "people.id"),
        _points("goods_passes", "decided_by_id", "people.id"),
        _points("goods_passes", "department", "departments.code"),
        _points("goods_passes", "visit_id", "visits.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_passes")),
        sa.UniqueConstraint("number", name=op.f("uq_goods_passes_number")),
        sa.UniqueConstraint(
            "asked_by_id", "idempotency_key", name=op.f("uq_goods_passes_asked_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_goods_passes_department", "goods_passes", ["department", "id"], unique=False)
    op.create_index("ix_goods_passes_state", "goods_passes", ["state", "id"], unique=False)
    op.create_index("ix_goods_passes_visit", "goods_passes", ["visit_id"], unique=False)


def downgrade() -> None:
    for table in ("goods_passes", "key_loans", "deposits", "keys", "tags"):
        op.drop_table(table)
