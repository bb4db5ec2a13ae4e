"""What is stored: one row for each piece of equipment."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.duty.systems import System
from portal.kernel.db import Model, UTCDateTime, short


class Equipment(Model):
    """A piece of equipment with whoever answers for it (DR-13). What is out of use stays, for its history does.

    `post_id` is the post in whose log a breakdown of it is written.
    """

    __tablename__ = "equipment"
    __table_args__ = (
        sa.UniqueConstraint("created_by_id", "idempotency_key"),
        # DR-13: what is important has a contingency plan, whoever writes the row.
        sa.CheckConstraint("NOT important OR contingency != ''", name="contingency_planned"),
    )
    history_kind = "equipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    system: Mapped[System] = mapped_column(short(System))
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id"))
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    important: Mapped[bool] = mapped_column(default=False)
    contingency: Mapped[str] = mapped_column(sa.Text, default="")
    bought_on: Mapped[date | None] = mapped_column(sa.Date)
    warranty_until: Mapped[date | None] = mapped_column(sa.Date)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What it is called in lists of many kinds of things."""
        return self.code
