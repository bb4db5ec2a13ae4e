"""What is stored: the conversation that somebody is in, until it becomes something or a day is over."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime


class CallDraft(Model):
    """What one person has noted of the call or talk under way (PG-02): one customer at a time, so one row a person.

    It holds names and numbers of customers: it goes with the record that it becomes, and in any case after a day.
    """

    __tablename__ = "call_drafts"
    __table_args__ = (
        sa.Index("ix_call_drafts_at", "updated_at"),
        sa.Index("ix_call_drafts_phone", "phone"),
    )

    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(sa.String(64))  # of the record that it becomes
    caller: Mapped[str] = mapped_column(sa.String(120), default="")
    company: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    matter: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    demand: Mapped[str] = mapped_column(sa.Text, default="")
    transfer: Mapped[str] = mapped_column(sa.String(80), default="")
    read_back: Mapped[bool] = mapped_column(default=False)
    on_site: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
