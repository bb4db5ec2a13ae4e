"""What is stored: the service order, and what was put down on the way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders.codes import EntryKind, Fate, OrderKind, OrderState
from portal.kernel.db import Model, UTCDateTime, short

HUNDRED = Decimal(100)


class Hundredths(sa.types.TypeDecorator[Decimal]):
    """An exact amount with two places, kept as whole hundredths: fen on both databases, never a float."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        if value is None:
            return None
        whole = value * HUNDRED
        if whole != whole.to_integral_value():
            raise ValueError(f"more than two places: {value}")
        return int(whole)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


class Order(Model):
    """A repair or an installation for the customer of a case, from the request to the customer's acceptance (CP-30)."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.UniqueConstraint("asked_by_id", "idempotency_key"),
        sa.Index("ix_orders_case", "case_id"),
        sa.Index("ix_orders_state", "state", "id"),
        sa.Index("ix_orders_department", "department", "id"),
        sa.Index("ix_orders_technician", "technician_id", "id"),
    )
    history_kind = "order"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    kind: Mapped[OrderKind] = mapped_column(short(OrderKind))
    urgent: Mapped[bool] = mapped_column(default=False)
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    state: Mapped[OrderState] = mapped_column(short(OrderState))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)

    customer_name: Mapped[str] = mapped_column(sa.String(120))
    customer_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    customer_address: Mapped[str] = mapped_column(sa.String(300), default="")
    contact: Mapped[str] = mapped_column(sa.String(120), default="")  # whom to ask for, if not the customer
    model: Mapped[str] = mapped_column(sa.String(120), default="")
    purchased_on: Mapped[date | None] = mapped_column()
    warranty_until: Mapped[date | None] = mapped_column()
    reported_on: Mapped[date] = mapped_column()  # the day of the case: what the warranty is measured by
    fault: Mapped[str] = mapped_column(sa.Text)

    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(_person())
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(_person())
    planned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    technician_id: Mapped[int | None] = mapped_column(_person())

    outside_asked: Mapped[bool] = mapped_column(default=False)  # waits for the manager's consent
    outside_asked_by_id: Mapped[int | None] = mapped_column(_person())
    outside_wanted: Mapped[str] = mapped_column(sa.String(120), default="")
    outside_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    outside_company: Mapped[str] = mapped_column(sa.String(120), default="")  # consented to
    outside_by_id: Mapped[int | None] = mapped_column(_person())

    works: Mapped[int] = mapped_column(default=0)
    things: Mapped[int] = mapped_column(default=0)  # taken in so far: numbers the receipts
    things_out: Mapped[int] = mapped_column(default=0)  # not given back yet
    hours: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    charge: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))  # what `rules.charge` says today
    paid: Mapped[Decimal | None] = mapped_column(Hundredths)  # taken on site
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(_person())
    result: Mapped[str] = mapped_column(sa.Text, default="")
    invoice_number: Mapped[str] = mapped_column(sa.String(40), default="")
    invoiced: Mapped[Decimal | None] = mapped_column(Hundredths)
    invoiced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handed_in_by_id: Mapped[int | None] = mapped_column(_person())
    handed_in_to: Mapped[str] = mapped_column(sa.String(80), default="")
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by: Mapped[str] = mapped_column(sa.String(120), default="")  # the customer's name

    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class Entry(Model):
    """Something put down on the way: parts and hours, a thing taken in against a receipt, a device swapped."""

    __tablename__ = "order_entries"
    __table_args__ = (sa.Index("ix_order_entries_order", "order_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    kind: Mapped[EntryKind] = mapped_column(short(EntryKind))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    what: Mapped[str] = mapped_column(sa.String(300), default="")  # the part, the thing, the device
    note: Mapped[str] = mapped_column(sa.Text, default="")
    quantity: Mapped[int] = mapped_column(default=0)
    price: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    hours: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    receipt: Mapped[str] = mapped_column(sa.String(32), default="")
    old_number: Mapped[str] = mapped_column(sa.String(80), default="")
    new_number: Mapped[str] = mapped_column(sa.String(80), default="")
    fate: Mapped[Fate | None] = mapped_column(short(Fate))  # of a thing taken in; None: it is still here
    back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    back_by_id: Mapped[int | None] = mapped_column(_person())
    back_to: Mapped[str] = mapped_column(sa.String(120), default="")

    @property
    def amount(self) -> Decimal:
        """What the part costs in all."""
        return self.price * self.quantity
