"""The notice board; penalties, what is owed of them, and the bonuses it is taken from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "board_notices",
        sa.Column("id", _id(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        _at("written_at", nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        _at("published_at"),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        _at("until"),
        _at("withdrawn_at"),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("corrects_id", _id(), nullable=True),
        sa.Column("source_kind", sa.String(length=24), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references("board_notices", "people", "written_by_id", "published_by_id", "withdrawn_by_id"),
        *_references("board_notices", "board_notices", "corrects_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_notices")),
        sa.UniqueConstraint("number", name=op.f("uq_board_notices_number")),
    )
    op.create_index("ix_board_notices_state", "board_notices", ["state", "id"])
    op.create_index("ix_board_notices_source", "board_notices", ["source_kind", "source_id"])
    op.create_index(op.f("ix_board_notices_corrects_id"), "board_notices", ["corrects_id"])
    op.create_table(
        "board_reads",
        sa.Column("notice_id", _id(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _at("read_at", nullable=False),
        *_references("board_reads", "board_notices", "notice_id"),
        *_references("board_reads", "people", "person_id"),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_board_reads")),
    )
    op.create_table(
        "penalties",
        sa.Column("id", _id(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("case_id", _id(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=24), nullable=False),
        sa.Column("ground", sa.String(length=24), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        _at("state_since", nullable=False),
        _at("proposed_at", nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        _at("released_at"),
        sa.Column("summary", sa.Text(), nullable=False),
        _at("statement_until"),
        _at("stated_at"),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("demerit", sa.Boolean(), nullable=False),
        _at("decided_at"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _at("published_at"),
        _at("appeal_until"),
        _at("appealed_at"),
        sa.Column("appeal", sa.Text(), nullable=False),
        _at("ruled_at"),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.Column("ruling", sa.String(length=24), nullable=True),
        sa.Column("ruling_reason", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_references("penalties", "cases", "case_id"),
        *_references("penalties", "people", "person_id", "proposed_by_id", "decided_by_id", "ruled_by_id"),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_penalties_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalties")),
        sa.UniqueConstraint("number", name=op.f("uq_penalties_number")),
        sa.UniqueConstraint(
            "proposed_by_id", "idempotency_key", name=op.f("uq_penalties_proposed_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_penalties_case", "penalties", ["case_id"])
    op.create_index("ix_penalties_person", "penalties", ["person_id", "id"])
    op.create_index("ix_penalties_department", "penalties", ["department", "id"])
    op.create_table(
        "penalty_shares",
        sa.Column("id", _id(), nullable=False),
        sa.Column("penalty_id", _id(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        *_references("penalty_shares", "penalties", "penalty_id"),
        *_references("penalty_shares", "people", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_shares")),
        sa.UniqueConstraint("penalty_id", "person_id", name=op.f("uq_penalty_shares_penalty_id_person_id")),
    )
    op.create_index("ix_penalty_shares_person", "penalty_shares", ["person_id"])
    op.create_table(
        "penalty_instalments",
        sa.Column("share_id", _id(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _at("taken_at"),
        *_references("penalty_instalments", "penalty_shares", "share_id"),
        sa.PrimaryKeyConstraint("share_id", "month", name=op.f("pk_penalty_instalments")),
    )
    op.create_index("ix_penalty_instalments_month", "penalty_instalments", ["month"])
    op.create_table(
        "penalty_bonuses",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        *_references("penalty_bonuses", "people", "person_id"),
        sa.PrimaryKeyConstraint("person_id", "month", name=op.f("pk_penalty_bonuses")),
    )
    op.create_table(
        "penalty_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        _at("taken_at", nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        *_references("penalty_sheets", "people", "taken_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_sheets")),
        sa.UniqueConstraint("month", name=op.f("uq_penalty_sheets_month")),
    )


def _references(table: str, to: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
        for column in columns
    ]


def downgrade() -> None:
    for table in (
        "penalty_sheets",
        "penalty_bonuses",
        "penalty_instalments",
        "penalty_shares",
        "penalties",
        "board_reads",
        "board_notices",
    ):
        op.drop_table(table)
