"""What is stored: whom to call for which system."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.duty.systems import System
from portal.kernel.db import Model, UTCDateTime, short


class Contact(Model):
    """A maintainer or supplier (DR-15); never deleted, only retired."""

    __tablename__ = "contacts"
    __table_args__ = (sa.Index("ix_contacts_system", "system", "company"),)
    history_kind = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[System] = mapped_column(short(System))
    company: Mapped[str] = mapped_column(sa.String(120))
    person: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40))
    night_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    hours: Mapped[str] = mapped_column(sa.String(80), default="")
    contract: Mapped[str] = mapped_column(sa.String(400), default="")
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What history calls it."""
        return self.company[:24]
