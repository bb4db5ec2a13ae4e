"""Service orders: repairs and installations for the customer of a case"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "orders",
        sa.Column("id", number, nullable=False),
        _text("number", 24),
        sa.Column("case_id", number, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("repair", "installation", name="orderkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        _text("department", 24),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "approved",
                "assigned",
                "done",
                "accepted",
                "cancelled",
                name="orderstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        _moment("state_since", nullable=False),
        _text("customer_name", 120),
        _text("customer_phone", 40),
        _text("customer_address", 300),
        _text("contact", 120),
        _text("model", 120),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        _moment("asked_at", nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        _moment("approved_at"),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        _moment("planned_at"),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("outside_asked", sa.Boolean(), nullable=False),
        sa.Column("outside_asked_by_id", sa.Integer(), nullable=True),
        _text("outside_wanted", 120),
        _text("outside_reason", 400),
        _text("outside_company", 120),
        sa.Column("outside_by_id", sa.Integer(), nullable=True),
        sa.Column("works", sa.Integer(), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("things_out", sa.Integer(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("charge", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        _moment("done_at"),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        _text("invoice_number", 40),
        sa.Column("invoiced", sa.BigInteger(), nullable=True),
        _moment("invoiced_at"),
        _moment("handed_in_at"),
        sa.Column("handed_in_by_id", sa.Integer(), nullable=True),
        _text("handed_in_to", 80),
        _moment("accepted_at"),
        _text("accepted_by", 120),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        _text("fields_digest", 64),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_orders_case_id")),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_orders_department")),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_orders_{name}"))
            for name in (
                "asked_by_id",
                "approved_by_id",
                "technician_id",
                "outside_asked_by_id",
                "outside_by_id",
                "done_by_id",
                "handed_in_by_id",
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
        sa.UniqueConstraint(
            "asked_by_id", "idempotency_key", name=op.f("uq_orders_asked_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_orders_case", "orders", ["case_id"], unique=False)
    op.create_index("ix_orders_state", "orders", ["state", "id"], unique=False)
    op.create_index("ix_orders_department", "orders", ["department", "id"], unique=False)
    op.create_index("ix_orders_technician", "orders", ["technician_id", "id"], unique=False)
    op.create_table(
        "order_entries",
        sa.Column("id", number, nullable=False),
        sa.Column("order_id", number, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("work", "taken", "swap", name="entrykind", native_enum=False, length=24),
            nullable=False,
        ),
        _moment("at", nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        _text("what", 300),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        _text("receipt", 32),
        _text("old_number", 80),
        _text("new_number", 80),
        sa.Column(
            "fate", sa.Enum("returned", "swapped", name="fate", native_enum=False, length=24), nullable=True
        ),
        _moment("back_at"),
        sa.Column("back_by_id", sa.Integer(), nullable=True),
        _text("back_to", 120),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        _text("fields_digest", 64),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_entries_order_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_order_entries_by_id")),
        sa.ForeignKeyConstraint(["back_by_id"], ["people.id"], name=op.f("fk_order_entries_back_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_entries")),
        sa.UniqueConstraint("by_id", "idempotency_key", name=op.f("uq_order_entries_by_id_idempotency_key")),
    )
    op.create_index("ix_order_entries_order", "order_entries", ["order_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("order_entries")
    op.drop_table("orders")
