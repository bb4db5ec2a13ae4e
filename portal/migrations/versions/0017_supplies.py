"""Supplies: stock by movement, purchase requests"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _code(name: str, kind: str, *codes: str) -> sa.Column[object]:
    return sa.Column(name, sa.Enum(*codes, name=kind, native_enum=False, length=24), nullable=False)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "supplies",
        _whole("id"),
        _text("code", 24),
        _text("name", 80),
        _text("name_en", 80),
        _code("kind", "supplykind", "general", "special"),
        _text("unit", 16),
        _text("unit_en", 16),
        _whole("minimum"),
        _whole("on_hand"),
        _moment("low_since"),
        sa.Column("active", sa.Boolean(), nullable=False),
        _whole("sort_order"),
        _whole("version"),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_supplies_never_negative")),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_supplies_minimum")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplies")),
        sa.UniqueConstraint("code", name=op.f("uq_supplies_code")),
    )
    op.create_table(
        "purchases",
        _whole("id"),
        _text("number", 24),
        _code("state", "purchasestate", "asked", "approved", "declined", "received", "cancelled"),
        _moment("state_since", nullable=False),
        _text("reason", 400),
        _moment("asked_at", nullable=False),
        _whole("asked_by_id"),
        _moment("decided_at"),
        _whole("decided_by_id", nullable=True),
        _text("decision_note", 400),
        _moment("bought_at"),
        _whole("bought_by_id", nullable=True),
        _text("supplier", 120),
        _moment("received_at"),
        _whole("received_by_id", nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        _text("fields_digest", 64),
        _whole("version"),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_purchases_{name}"))
            for name in ("asked_by_id", "decided_by_id", "bought_by_id", "received_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("number", name=op.f("uq_purchases_number")),
        sa.UniqueConstraint(
            "asked_by_id", "idempotency_key", name=op.f("uq_purchases_asked_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_purchases_state", "purchases", ["state", "id"], unique=False)
    op.create_table(
        "purchase_lines",
        _whole("id"),
        _whole("purchase_id"),
        _whole("supply_id"),
        _whole("amount"),
        _whole("received"),
        _text("note", 200),
        sa.CheckConstraint("amount > 0", name=op.f("ck_purchase_lines_something")),
        sa.CheckConstraint("received >= 0", name=op.f("ck_purchase_lines_received")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_lines_purchase_id")
        ),
        sa.ForeignKeyConstraint(["supply_id"], ["supplies.id"], name=op.f("fk_purchase_lines_supply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_lines")),
        sa.UniqueConstraint("purchase_id", "supply_id", name=op.f("uq_purchase_lines_purchase_id_supply_id")),
    )
    op.create_index("ix_purchase_lines_supply", "purchase_lines", ["supply_id"], unique=False)
    op.create_table(
        "supply_movements",
        sa.Column("id", number, nullable=False),
        _whole("supply_id"),
        _code("kind", "movementkind", "received", "used", "back", "counted", "written_off"),
        _whole("amount"),
        _whole("on_hand"),
        sa.Column("visit_id", number, nullable=True),
        sa.Column("undoes_id", number, nullable=True),
        _whole("purchase_id", nullable=True),
        _text("note", 400),
        _whole("by_id"),
        _moment("at", nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint("amount != 0 OR kind = 'counted'", name=op.f("ck_supply_movements_moves")),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_supply_movements_never_negative")),
        sa.ForeignKeyConstraint(["supply_id"], ["supplies.id"], name=op.f("fk_supply_movements_supply_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_supply_movements_visit_id")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_supply_movements_purchase_id")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["supply_movements.id"], name=op.f("fk_supply_movements_undoes_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_supply_movements_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_movements")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_supply_movements_undoes_id")),
        sa.UniqueConstraint(
            "by_id", "idempotency_key", name=op.f("uq_supply_movements_by_id_idempotency_key")
        ),
    )
    op.create_index("ix_supply_movements_supply", "supply_movements", ["supply_id", "id"], unique=False)
    of_visits = sa.text("visit_id IS NOT NULL")
    op.create_index(
        "ix_supply_movements_visit",
        "supply_movements",
        ["visit_id"],
        unique=False,
        sqlite_where=of_visits,
        postgresql_where=of_visits,
    )


def downgrade() -> None:
    op.drop_table("supply_movements")
    op.drop_table("purchase_lines")
    op.drop_table("purchases")
    op.drop_table("supplies")
