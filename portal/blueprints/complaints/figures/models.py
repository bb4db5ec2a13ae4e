"""What is stored: the counters, and the monthly and quarterly reports."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.models import Case
from portal.kernel.db import Model, UTCDateTime, short


class Count(Model):
    """How many cases registered on a day, or in a month, count as something; kept in the transaction of each change.

    The key is in the order in which it is asked: which rows, what they tell apart, when.
    """

    __tablename__ = "case_counts"
    __table_args__ = {"sqlite_with_rowid": False}

    grain: Mapped[str] = mapped_column(sa.String(1), primary_key=True)  # d: the day `since`, m: its month
    facet: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    since: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    department: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    confidential: Mapped[bool] = mapped_column(primary_key=True)
    about: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column()


# Which customers come again in a period: answered from the index alone.
sa.Index(
    "ix_cases_customers",
    Case.registered_at,
    Case.customer_phone,
    Case.department,
    Case.kind,
    Case.confidential,
    Case.person_concerned_id,
    sqlite_where=sa.text("customer_phone != ''"),
    postgresql_where=sa.text("customer_phone != ''"),
)


class ReportState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"


class PeriodReport(Model):
    """The report on a month or a quarter: drafted with its figures, completed and signed by the office (CP-29)."""

    __tablename__ = "case_reports"
    history_kind = "case_report"
    kind = "report"  # the workflow asks every subject for its kind

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(8), unique=True)  # 2026-03, 2026-Q1
    since: Mapped[date] = mapped_column(sa.Date)
    until: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[ReportState] = mapped_column(short(ReportState))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    stood_out: Mapped[str] = mapped_column(sa.Text, default="")
    measures: Mapped[str] = mapped_column(sa.Text, default="")
    notice_board: Mapped[str] = mapped_column(sa.Text, default="")  # next quarter's content
    figures: Mapped[str] = mapped_column(sa.Text, default="")  # JSON, as they stood when it was signed
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: the portal itself
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What it is known by."""
        return self.period


class Erratum(Model):
    """A correction of a signed report; the report itself stays as it was signed."""

    __tablename__ = "case_report_errata"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("case_reports.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(sa.Text)
