"""What is stored of the archive besides the cases: chosen retention classes, and errata."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.archive.codes import Correctable, RetentionClass
from portal.kernel.db import Model, UTCDateTime, short


class Retention(Model):
    """The class that the office chose for a case; without a row the case's own facts decide."""

    __tablename__ = "retentions"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    retention_class: Mapped[RetentionClass] = mapped_column(short(RetentionClass))
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Erratum(Model):
    """A correction of a locked case: asked by one, signed by another; the original stays as it was (GO-01)."""

    __tablename__ = "errata"
    # At most one waits for its second signature.
    __table_args__ = (
        sa.Index(
            "uq_errata_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        sa.Index("ix_errata_case", "case_id", "id"),
    )
    history_kind = "erratum"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    number: Mapped[str] = mapped_column(sa.String(24))  # the case's
    field: Mapped[Correctable] = mapped_column(short(Correctable))
    value: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    signed: Mapped[bool] = mapped_column(default=False)
