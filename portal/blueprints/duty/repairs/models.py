"""What is stored: one row for each repair order."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.repairs.codes import State
from portal.kernel.db import Model, UTCDateTime, short


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


class Repair(Model):
    """A breakdown from the day it was registered to the signature under its acceptance (DR-13).

    `log_entry_id` is the entry of the shift log that stays open as long as the order does (DR-12).
    """

    __tablename__ = "repairs"
    __table_args__ = (
        sa.UniqueConstraint("registered_by_id", "idempotency_key"),
        sa.Index("ix_repairs_state", "state", "id"),
        sa.Index("ix_repairs_department", "department", "state"),
        sa.Index("ix_repairs_equipment", "equipment_id", "id"),
        sa.UniqueConstraint("log_entry_id"),  # of two who make an order of one entry at once, one does
    )
    history_kind = "repair"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    what: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    equipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("equipment.id"))
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    major: Mapped[bool] = mapped_column(default=False)
    log_entry_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("duty_log.id"))
    round_number: Mapped[str] = mapped_column(sa.String(24), default="")  # of the inspection that found it
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    registered_by_id: Mapped[int] = mapped_column(_person())
    assignee_id: Mapped[int | None] = mapped_column(_person())  # None and a firm: the firm's
    firm: Mapped[str] = mapped_column(sa.String(120), default="")
    assigned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    assigned_by_id: Mapped[int | None] = mapped_column(_person())
    parts: Mapped[str] = mapped_column(sa.String(400), default="")
    material: Mapped[str] = mapped_column(sa.String(400), default="")
    minutes: Mapped[int | None] = mapped_column()  # of work
    result: Mapped[str] = mapped_column(sa.Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(_person())
    rechecked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rechecked_by_id: Mapped[int | None] = mapped_column(_person())
    recheck_note: Mapped[str] = mapped_column(sa.String(400), default="")
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(_person())
    accept_note: Mapped[str] = mapped_column(sa.String(400), default="")
    cancelled_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    equipment: Mapped[Equipment | None] = relationship(lazy="joined")
    kind = "repair"  # the workflow asks every subject for its kind
