"""What is stored: one row for each thing that was taken in for somebody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.parcels.codes import ParcelKind, State
from portal.kernel.db import Model, UTCDateTime, short


class Parcel(Model):
    """A letter, parcel or newspaper from its arrival to the signature (RC-29)."""

    __tablename__ = "parcels"
    __table_args__ = (
        sa.UniqueConstraint("created_by_id", "idempotency_key"),
        sa.Index("ix_parcels_state", "state", "id"),
        sa.Index("ix_parcels_recipient", "recipient_id", "id"),
        sa.Index("ix_parcels_department", "department", "id"),
    )
    history_kind = "parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[ParcelKind] = mapped_column(short(ParcelKind))
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: for the department
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    sender: Mapped[str] = mapped_column(sa.String(120), default="")
    tracking: Mapped[str] = mapped_column(sa.String(60), default="")
    place: Mapped[str] = mapped_column(sa.String(80), default="")  # where it is kept
    pieces: Mapped[int] = mapped_column(default=1)
    collected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    collected_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who took it
    returned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned_reason: Mapped[str] = mapped_column(sa.String(200), default="")

    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)  # its arrival
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # who took it in
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
