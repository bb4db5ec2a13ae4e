"""What is stored: signed records of service standards, and which a department keeps."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.phrases.standards.codes import State, Verdict
from portal.kernel.db import Model, UTCDateTime, short


class Run(Model):
    """One look at a chapter. The database refuses every change of it; a correction is a new one (GO-01)."""

    __tablename__ = "standard_runs"
    __table_args__ = (
        sa.UniqueConstraint("corrects_id"),  # of two corrections of one record, one stands
        sa.Index("ix_standard_runs_code", "code", "id"),
        sa.Index("ix_standard_runs_department", "department", "id"),
    )
    history_kind = "standard_run"
    state = State.SIGNED
    kind = ""  # a table of states asks for it; there is one kind only

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    code: Mapped[str] = mapped_column(sa.String(64))
    clause: Mapped[str] = mapped_column(sa.String(8))
    edition: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200))
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    place: Mapped[str] = mapped_column(sa.String(80), default="")  # the post, in words
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # whom it is about
    day: Mapped[date] = mapped_column(sa.Date)
    done: Mapped[int] = mapped_column()
    lacking: Mapped[int] = mapped_column()
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    corrects_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("standard_runs.id"))
    signed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Answer(Model):
    """One thing that was looked at, in the words of that day."""

    __tablename__ = "standard_answers"

    run_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("standard_runs.id"), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.String(200))
    text_en: Mapped[str] = mapped_column(sa.String(200), default="")
    verdict: Mapped[Verdict] = mapped_column(short(Verdict))
    why: Mapped[str] = mapped_column(sa.String(200), default="")


class Due(Model):
    """A chapter that a department keeps: it was recorded there once, and waits for the next look when that is due."""

    __tablename__ = "standard_dues"
    __table_args__ = (sa.UniqueConstraint("code", "department"),)
    history_kind = "standard_due"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64))
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))

    @property
    def number(self) -> str:
        """What my day calls it."""
        return self.code[:24]
