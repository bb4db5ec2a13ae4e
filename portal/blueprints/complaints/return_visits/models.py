"""What is stored: a row of the plan, and what came of the visit."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.return_visits.codes import Remark, State, VisitKind
from portal.kernel.db import Model, UTCDateTime, short


class ReturnVisit(Model):
    """One visit to one customer: planned, made, and what was promised there answered."""

    __tablename__ = "return_visits"
    __table_args__ = (
        sa.Index("ix_return_visits_due", "state", "due_on", "id"),
        sa.UniqueConstraint("planned_by_id", "idempotency_key"),
    )
    history_kind = "return_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[VisitKind] = mapped_column(short(VisitKind))
    customer_name: Mapped[str] = mapped_column(sa.String(120))
    customer_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # who goes
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))  # of who goes
    due_on: Mapped[date] = mapped_column(sa.Date)
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    planned_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    state: Mapped[State] = mapped_column(short(State), default=State.PLANNED)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)

    visited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    visited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    remark: Mapped[Remark | None] = mapped_column(short(Remark))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # not answered at once
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    case_number: Mapped[str] = mapped_column(sa.String(24), default="", index=True)

    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
