"""What is stored: who signed in and out, every correction of it, and the months that are closed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime


class SignIn(Model):
    """A day of somebody: round 0 is the own sign-in, each later one a correction; the last round counts (DR-17)."""

    __tablename__ = "attendance"
    __table_args__ = (sa.UniqueConstraint("person_id", "day", "round"), sa.Index("ix_attendance_day", "day"))
    history_kind = "attendance"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    round: Mapped[int] = mapped_column(default=0)
    came_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    excused: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AttendanceMonth(Model):
    """One month; its row is where a correction and the closing queue."""

    __tablename__ = "attendance_months"
    history_kind = "attendance_month"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), unique=True)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class AttendanceSum(Model):
    """The sums of one person in a closed month, fixed."""

    __tablename__ = "attendance_sums"

    month_id: Mapped[int] = mapped_column(
        sa.ForeignKey("attendance_months.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    department: Mapped[str] = mapped_column(sa.String(24))
    days: Mapped[int] = mapped_column()
    late: Mapped[int] = mapped_column()
    minutes: Mapped[int] = mapped_column()
    absences: Mapped[int] = mapped_column()
    percent: Mapped[str] = mapped_column(sa.String(12))  # of base pay; no salary is stored
