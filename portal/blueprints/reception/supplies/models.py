"""What is stored: supplies, their movements, purchase requests with their lines."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.supplies.codes import MovementKind, PurchaseState, SupplyKind
from portal.kernel import reference
from portal.kernel.db import Model, UTCDateTime, short
from portal.kernel.rights import Position, Role


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


def _long() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Supply(Model):
    """A supply (RC-15). `on_hand` is the sum of its movements and never negative: the database refuses it."""

    __tablename__ = "supplies"
    __table_args__ = (
        sa.CheckConstraint("on_hand >= 0", name="never_negative"),
        sa.CheckConstraint("minimum >= 0", name="minimum"),
    )
    history_kind = "supply"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    kind: Mapped[SupplyKind] = mapped_column(short(SupplyKind))
    unit: Mapped[str] = mapped_column(sa.String(16))
    unit_en: Mapped[str] = mapped_column(sa.String(16), default="")
    minimum: Mapped[int] = mapped_column(default=0)
    on_hand: Mapped[int] = mapped_column(default=0)
    low_since: Mapped[datetime | None] = mapped_column(UTCDateTime)  # a use brought it below; told once
    active: Mapped[bool] = mapped_column(default=True)
    order: Mapped[int] = mapped_column("sort_order", default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What history and notices call it."""
        return self.code

    @property
    def low(self) -> bool:
        """True when there is less than the minimum."""
        return self.on_hand < self.minimum


class Movement(Model):
    """One movement of one supply; append-only, but for the note of a visit that is to be forgotten (RC-20)."""

    __tablename__ = "supply_movements"
    __table_args__ = (
        sa.Index("ix_supply_movements_supply", "supply_id", "id"),
        sa.Index(
            "ix_supply_movements_visit",
            "visit_id",
            sqlite_where=sa.text("visit_id IS NOT NULL"),
            postgresql_where=sa.text("visit_id IS NOT NULL"),
        ),
        sa.UniqueConstraint("by_id", "idempotency_key"),
        sa.CheckConstraint("amount != 0 OR kind = 'counted'", name="moves"),
        sa.CheckConstraint("on_hand >= 0", name="never_negative"),
    )

    id: Mapped[int] = mapped_column(_long(), primary_key=True)
    supply_id: Mapped[int] = mapped_column(sa.ForeignKey("supplies.id"))
    kind: Mapped[MovementKind] = mapped_column(short(MovementKind))
    amount: Mapped[int] = mapped_column()  # what came in is positive, what went out negative
    on_hand: Mapped[int] = mapped_column()  # what there was after it
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))
    purchase_id: Mapped[int | None] = mapped_column(sa.ForeignKey("purchases.id"))
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("supply_movements.id"), unique=True)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    by_id: Mapped[int] = mapped_column(_person())
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))


class Purchase(Model):
    """A purchase request: asked for, approved by another, bought by the purchaser, received into the stock (RC-15)."""

    __tablename__ = "purchases"
    __table_args__ = (
        sa.UniqueConstraint("asked_by_id", "idempotency_key"),
        sa.Index("ix_purchases_state", "state", "id"),
    )
    history_kind = "purchase"
    kind = ""  # the table of steps knows no kinds of purchase

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    state: Mapped[PurchaseState] = mapped_column(short(PurchaseState))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(_person())
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(_person())
    decision_note: Mapped[str] = mapped_column(sa.String(400), default="")
    bought_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bought_by_id: Mapped[int | None] = mapped_column(_person())
    supplier: Mapped[str] = mapped_column(sa.String(120), default="")
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_by_id: Mapped[int | None] = mapped_column(_person())
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def buyers(self) -> list[int]:
        """Who buys: the purchaser and the deputy; where the seat is empty, the general office."""
        staff = reference.staff()
        return staff.holding(Position.PURCHASER) or staff.with_role(Role.OFFICE)


class PurchaseLine(Model):
    """What is to be bought of one supply, and what of it came."""

    __tablename__ = "purchase_lines"
    __table_args__ = (
        sa.UniqueConstraint("purchase_id", "supply_id"),
        sa.Index("ix_purchase_lines_supply", "supply_id"),
        sa.CheckConstraint("amount > 0", name="something"),
        sa.CheckConstraint("received >= 0", name="received"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(sa.ForeignKey("purchases.id"))
    supply_id: Mapped[int] = mapped_column(sa.ForeignKey("supplies.id"))
    amount: Mapped[int] = mapped_column()
    received: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    @property
    def missing(self) -> int:
        """What is still to come."""
        return max(0, self.amount - self.received)
