"""Leave with its covers, takeovers of running shifts, absences, swaps; why a published shift is left to nobody"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

LEAVE_STATES = ("asked", "seeking", "accepted", "approved", "declined", "withdrawn", "lapsed")
KINDS = ("personal", "sick", "annual", "other")
ANSWERS = ("nobody", "waiting", "accepted", "declined")
SWAP_STATES = ("offered", "taken", "approved", "declined", "withdrawn", "lapsed")
OPEN = sa.text("state IN ('offered', 'taken')")


def _codes(name: str, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, length=24)


def _id(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _at(name: str, *, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("shifts") as table:
        table.add_column(sa.Column("gap_reason", sa.String(length=400), nullable=False, server_default=""))
    with op.batch_alter_table("shifts") as table:
        table.alter_column("gap_reason", server_default=None)
    op.create_table(
        "leaves",
        _id("id"),
        sa.Column("number", sa.String(length=24), nullable=False),
        _id("person_id"),
        _id("asked_by_id"),
        sa.Column("kind", _codes("leavekind", KINDS), nullable=False),
        _at("starts_at"),
        _at("ends_at"),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("state", _codes("state", LEAVE_STATES), nullable=False),
        _at("state_since"),
        _at("created_at"),
        _at("lapses_at"),
        _at("left_at", empty=True),
        sa.Column("gap_reason", sa.String(length=400), nullable=False),
        _id("decided_by_id", empty=True),
        _at("decided_at", empty=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        _id("version"),
        *(_to("leaves", column, "people") for column in ("person_id", "asked_by_id", "decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
        sa.UniqueConstraint("number", name=op.f("uq_leaves_number")),
    )
    op.create_index("ix_leaves_person", "leaves", ["person_id", "starts_at"])
    op.create_index("ix_leaves_state", "leaves", ["state", "lapses_at"])
    op.create_index("ix_leaves_span", "leaves", ["state", "ends_at"])
    op.create_table(
        "leave_covers",
        _id("id"),
        _id("leave_id"),
        _id("shift_id"),
        _id("substitute_id", empty=True),
        sa.Column("answer", _codes("answer", ANSWERS), nullable=False),
        _at("answered_at", empty=True),
        _to("leave_covers", "leave_id", "leaves"),
        _to("leave_covers", "shift_id", "shifts"),
        _to("leave_covers", "substitute_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_covers")),
        sa.UniqueConstraint("leave_id", "shift_id", name=op.f("uq_leave_covers_leave_id_shift_id")),
    )
    op.create_index("ix_leave_covers_substitute", "leave_covers", ["substitute_id"])
    op.create_table(
        "takeovers",
        _id("id"),
        _id("shift_id"),
        _id("from_id"),
        _id("to_id", empty=True),
        _at("at"),
        sa.Column("paper", sa.String(length=24), nullable=False),
        _to("takeovers", "shift_id", "shifts"),
        _to("takeovers", "from_id", "people"),
        _to("takeovers", "to_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeovers")),
    )
    op.create_index("ix_takeovers_shift", "takeovers", ["shift_id", "at"])
    op.create_table(
        "absences",
        _id("id"),
        sa.Column("number", sa.String(length=24), nullable=False),
        _id("shift_id"),
        _id("person_id"),
        _at("since"),
        _at("until"),
        _id("recorded_by_id", empty=True),
        _at("at"),
        sa.Column("note", sa.String(length=400), nullable=False),
        _to("absences", "shift_id", "shifts"),
        _to("absences", "person_id", "people"),
        _to("absences", "recorded_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("number", name=op.f("uq_absences_number")),
        sa.UniqueConstraint("shift_id", "person_id", name=op.f("uq_absences_shift_id_person_id")),
    )
    op.create_index("ix_absences_person", "absences", ["person_id", "since"])
    op.create_index("ix_absences_since", "absences", ["since"])
    op.create_table(
        "swaps",
        _id("id"),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", _codes("swapkind", ("give", "exchange")), nullable=False),
        _id("shift_id"),
        _id("other_id", empty=True),
        _id("giver_id", empty=True),
        _id("asked_by_id"),
        _id("to_id", empty=True),
        _id("taker_id", empty=True),
        _at("taken_at", empty=True),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("state", _codes("state", SWAP_STATES), nullable=False),
        _at("state_since"),
        _at("created_at"),
        _at("lapses_at"),
        _id("decided_by_id", empty=True),
        _at("decided_at", empty=True),
        _id("version"),
        _to("swaps", "shift_id", "shifts"),
        _to("swaps", "other_id", "shifts"),
        *(
            _to("swaps", column, "people")
            for column in ("giver_id", "asked_by_id", "to_id", "taker_id", "decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
        sa.UniqueConstraint("number", name=op.f("uq_swaps_number")),
    )
    op.create_index(
        "uq_swaps_open_shift", "swaps", ["shift_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_swaps_state", "swaps", ["state", "lapses_at"])
    op.create_index("ix_swaps_giver", "swaps", ["giver_id"])
    op.create_index("ix_swaps_taker", "swaps", ["taker_id"])


def downgrade() -> None:
    for table in ("swaps", "absences", "takeovers", "leave_covers", "leaves"):
        op.drop_table(table)
    with op.batch_alter_table("shifts") as shifts:
        shifts.drop_column("gap_reason")
