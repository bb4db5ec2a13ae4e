"""What is stored: the entries of the shift log."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.kernel.db import Model, UTCDateTime, short

SETTLED = sa.text("act = 'settle'")


class LogEntry(Model):
    """One entry (DR-02). The database refuses every change of it: what was wrong, a later entry corrects.

    `about_id` is the entry of which this one speaks; the number of a case or a visit and the code of equipment are kept
    as they were typed. Its pictures come with it, and none later.
    """

    __tablename__ = "duty_log"
    __table_args__ = (
        sa.UniqueConstraint("by_id", "idempotency_key"),
        sa.Index("ix_duty_log_post", "post_id", "id"),
        sa.Index("ix_duty_log_at", "post_id", "at"),
        sa.Index("ix_duty_log_about", "about_id", "act"),
        # Of two who settle a matter at once, one does.
        sa.Index(
            "ix_duty_log_settled", "about_id", unique=True, sqlite_where=SETTLED, postgresql_where=SETTLED
        ),
    )
    history_kind = "duty_log"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    act: Mapped[Act] = mapped_column(short(Act))
    about_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("duty_log.id"))
    category: Mapped[Category] = mapped_column(short(Category))
    standing: Mapped[Standing] = mapped_column(short(Standing))
    text: Mapped[str] = mapped_column(sa.Text)
    major: Mapped[bool] = mapped_column(default=False)
    case_number: Mapped[str] = mapped_column(sa.String(24), default="")
    visit_number: Mapped[str] = mapped_column(sa.String(24), default="")
    equipment_code: Mapped[str] = mapped_column(sa.String(24), default="", server_default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
