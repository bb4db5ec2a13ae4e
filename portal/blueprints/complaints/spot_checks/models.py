"""What is stored: a quarter's sample, drawn once, and a row for each matter in it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.spot_checks.codes import Duty, State
from portal.kernel.db import Model, UTCDateTime, short


class SpotSample(Model):
    """The sample of one population in one quarter; share, seed and size let anybody draw it once more."""

    __tablename__ = "spot_samples"
    __table_args__ = (sa.UniqueConstraint("quarter", "population"),)
    history_kind = "spot_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(sa.String(6))
    population: Mapped[str] = mapped_column(sa.String(24))
    solved: Mapped[int] = mapped_column()  # how many there were to draw from
    share: Mapped[int] = mapped_column()  # per cent
    seed: Mapped[str] = mapped_column(sa.String(32))
    rater: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drawn_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))

    @property
    def number(self) -> str:
        """What my day and the inbox call it."""
        return self.quarter


class SpotCheck(Model):
    """One matter of a sample: what the head heard, how the other department rates the follow-up, what came of it."""

    __tablename__ = "spot_checks"
    __table_args__ = (
        sa.UniqueConstraint("sample_id", "number"),
        sa.Index("ix_spot_checks_number", "number"),
    )
    history_kind = "spot_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("spot_samples.id"))
    number: Mapped[str] = mapped_column(sa.String(24))
    department: Mapped[str | None] = mapped_column(sa.ForeignKey("departments.code"))  # that solved it
    responder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who owed the duty
    barred_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # the person complained about
    worked_on: Mapped[str] = mapped_column(sa.String(400), default="")  # ids of those who had a hand in it
    rater: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    state: Mapped[State] = mapped_column(short(State), default=State.DRAWN)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)

    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    outcome: Mapped[Outcome | None] = mapped_column(short(Outcome))
    duty: Mapped[Duty | None] = mapped_column(short(Duty))
    at_fault_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")

    rating: Mapped[int | None] = mapped_column()
    rating_note: Mapped[str] = mapped_column(sa.Text, default="")
    rated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    task_department: Mapped[str | None] = mapped_column(sa.ForeignKey("departments.code"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    settled_note: Mapped[str] = mapped_column(sa.Text, default="")

    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def kind(self) -> str:
        """Every check is of one kind to its workflow."""
        return ""

    @property
    def hands(self) -> frozenset[int]:
        """Who solved, answered or followed up."""
        return frozenset(map(int, self.worked_on.split()))
