"""What is stored besides the card itself: each greeting, contact, sympathy or wanted item."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.customers.codes import CareKind
from portal.kernel.db import Model, UTCDateTime, short


class CareNote(Model):
    """One act of care for one customer (CU-02). `occasion` makes each once: a year, a festival, a form's key."""

    __tablename__ = "care_notes"
    __table_args__ = (
        sa.UniqueConstraint("customer_id", "kind", "occasion"),
        sa.Index("ix_care_notes_customer", "customer_id", "id"),
    )
    history_kind = "care"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customers.id"))
    kind: Mapped[CareKind] = mapped_column(short(CareKind))
    occasion: Mapped[str] = mapped_column(sa.String(64))
    due_on: Mapped[date | None] = mapped_column(sa.Date)  # None: an item that has not arrived
    note: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: by the calendar
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the wanted item
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    result: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def number(self) -> str:
        """The card it belongs to."""
        return f"KH-{self.customer_id}"
