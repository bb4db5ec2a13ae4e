"""What is stored: a register for a day, and the signed corrections of its entries."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.register.codes import Field, State
from portal.kernel.customers import masked
from portal.kernel.db import Model, UTCDateTime, short


class DailyRegister(Model):
    """One day's register. `digest` is that of the entries as they were reviewed; `figures` stay for ever."""

    __tablename__ = "daily_registers"
    history_kind = "daily_register"
    kind = "register"  # the workflow asks every subject for its kind

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    day: Mapped[str] = mapped_column(sa.String(10), unique=True)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    compiled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    compiled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: the portal
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    returned_note: Mapped[str] = mapped_column(sa.String(400), default="")
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    archived_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    figures: Mapped[str] = mapped_column(sa.Text, default="")  # JSON, as they were archived
    keep_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Correction(Model):
    """RC-17: how an entry of an archived register should read, signed; the entry itself stays as it is.

    Append-only: the database refuses every change but the erasure of the words (RC-20), see `guards_in_database`.
    """

    __tablename__ = "register_corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("daily_registers.id"), index=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    field: Mapped[Field] = mapped_column(short(Field))
    stood: Mapped[str] = mapped_column(sa.Text, default="")
    should_be: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)

    @property
    def shown(self) -> str:
        """How it should read, as pages and lists have it: a phone number in part (RC-20)."""
        return masked(self.should_be) if self.field is Field.PHONE else self.should_be
