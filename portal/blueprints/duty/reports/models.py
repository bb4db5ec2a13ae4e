"""What is stored: a department's report of a day, and what was added after it was signed."""

from __future__ import annotations

import json
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.reports.codes import State
from portal.kernel.db import Model, UTCDateTime, short

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class DailyReport(Model):
    """A day of a department: figures drafted from the records, words by a person, a signature (DR-18)."""

    __tablename__ = "daily_reports"
    __table_args__ = (
        sa.UniqueConstraint("department", "day"),
        sa.Index("ix_daily_reports_day", "day"),
    )
    history_kind = "daily_report"
    kind = ""  # a table of states asks for it; there is one kind only

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    day: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    figures: Mapped[str] = mapped_column(sa.Text, default="{}")  # JSON, fixed with the signature
    done: Mapped[str] = mapped_column(sa.Text, default="")
    problems: Mapped[str] = mapped_column(sa.Text, default="")
    improvements: Mapped[str] = mapped_column(sa.Text, default="")
    plan: Mapped[str] = mapped_column(sa.Text, default="")
    begun_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    supplements: Mapped[list[Supplement]] = relationship(lazy="select", order_by="Supplement.id")

    @property
    def lines(self) -> dict[str, int]:
        """The figures as they were signed."""
        found: dict[str, int] = json.loads(self.figures)
        return found


class Supplement(Model):
    """What was added to a signed report; the report itself stays (DR-18)."""

    __tablename__ = "daily_supplements"
    __table_args__ = (sa.Index("ix_daily_supplements_report", "report_id"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("daily_reports.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
