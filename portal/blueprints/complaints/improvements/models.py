"""What is stored: the improvement case, the cases that it comes from, and proposals that were not followed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.improvements.codes import Cause, Recurring, State
from portal.kernel.db import Model, UTCDateTime, short


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


class Improvement(Model):
    """One improvement case, from being raised to the confirmed effect (CP-21)."""

    __tablename__ = "improvements"
    __table_args__ = (
        sa.UniqueConstraint("raised_by_id", "idempotency_key"),
        sa.Index("ix_improvements_state", "state", "id"),
        sa.Index("ix_improvements_department", "department", "id"),
        sa.Index("ix_improvements_owner", "owner_id", "id"),
    )
    history_kind = "improvement"
    kind = ""  # a workflow asks its subject for one; there is only this

    id: Mapped[int] = mapped_column(_id(), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    title: Mapped[str] = mapped_column(sa.String(120))
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    cause: Mapped[Cause | None] = mapped_column(short(Cause))
    changes: Mapped[str] = mapped_column(sa.String(200), default="")  # clause, figure, or plain words
    origin: Mapped[Recurring | None] = mapped_column(short(Recurring))
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    raised_by_id: Mapped[int] = mapped_column(_person())
    owner_id: Mapped[int | None] = mapped_column(_person())
    target_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to be carried out by
    plan: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[str] = mapped_column(sa.Text, default="")
    carried_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried_out_by_id: Mapped[int | None] = mapped_column(_person())
    effect_from: Mapped[datetime | None] = mapped_column(UTCDateTime)  # not judged before
    evaluation: Mapped[str] = mapped_column(sa.Text, default="")
    evaluated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    evaluated_by_id: Mapped[int | None] = mapped_column(_person())
    round: Mapped[int] = mapped_column(default=1)
    # The clock that runs out next, copied here so that lists need no second statement.
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class ImprovementCase(Model):
    """A case that an improvement case was raised from."""

    __tablename__ = "improvement_cases"
    __table_args__ = (sa.Index("ix_improvement_cases_case", "case_id"),)

    improvement_id: Mapped[int] = mapped_column(sa.ForeignKey("improvements.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)


class Dismissal(Model):
    """A proposal that was looked at and not followed, with the reason (CP-22)."""

    __tablename__ = "recurrence_dismissals"
    history_kind = "recurrence"

    id: Mapped[int] = mapped_column(_id(), primary_key=True)
    origin: Mapped[Recurring] = mapped_column(short(Recurring))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    reason: Mapped[str] = mapped_column(sa.String(400), default="")


class DismissedCase(Model):
    """A case that counts no more for one kind of proposal; the key lets each be dismissed once."""

    __tablename__ = "recurrence_dismissed_cases"
    __table_args__ = (sa.Index("ix_recurrence_dismissed_cases_dismissal", "dismissal_id"),)

    origin: Mapped[Recurring] = mapped_column(short(Recurring), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    dismissal_id: Mapped[int] = mapped_column(sa.ForeignKey("recurrence_dismissals.id"))
