"""What is stored: one row for each question that somebody asked the desk."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.questions.codes import State
from portal.kernel.db import Model, UTCDateTime, short


class Question(Model):
    """A question, who was asked inside when the desk did not know, and the answer (RC-22)."""

    __tablename__ = "questions"
    __table_args__ = (
        sa.UniqueConstraint("created_by_id", "idempotency_key"),
        sa.Index("ix_questions_state", "state", "id"),
        sa.Index("ix_questions_department", "department", "id"),
        sa.Index("ix_questions_created", "created_at", "id"),
        sa.Index(
            "ix_questions_visit",
            "visit_id",
            sqlite_where=sa.text("visit_id IS NOT NULL"),
            postgresql_where=sa.text("visit_id IS NOT NULL"),
        ),
    )
    history_kind = "question"
    kind = ""  # the workflow table tells no kinds of question apart

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    question: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    department: Mapped[str | None] = mapped_column(sa.ForeignKey("departments.code"))  # whose matter it is
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # asked inside
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: answered at once
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replied_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who knew, not who typed
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    phrase_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # proposed as a phrase

    asker_name: Mapped[str] = mapped_column(sa.String(120), default="")
    asker_pinyin: Mapped[str] = mapped_column(sa.String(160), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    phone_tail: Mapped[str] = mapped_column(sa.String(4), default="")
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))

    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
