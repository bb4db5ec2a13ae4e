"""What is stored: a leave, who covers which of its shifts, takeovers of running shifts, absences."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.leave.codes import Answer, LeaveKind, State
from portal.blueprints.duty.rosters.models import Shift
from portal.kernel import reference
from portal.kernel.db import Model, UTCDateTime, short


class Leave(Model):
    """Somebody is away from one moment to another; it counts once the head approved it (DR-04).

    The database lets nobody decide what another has decided already: see `guards_in_database`.
    """

    __tablename__ = "leaves"
    __table_args__ = (
        sa.Index("ix_leaves_person", "person_id", "starts_at"),
        sa.Index("ix_leaves_state", "state", "lapses_at"),
        sa.Index("ix_leaves_span", "state", "ends_at"),
    )
    history_kind = "leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # another for who is absent
    kind: Mapped[LeaveKind] = mapped_column(short(LeaveKind))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lapses_at: Mapped[datetime] = mapped_column(UTCDateTime)  # unless it is approved by then
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # left the post without waiting for it
    gap_reason: Mapped[str] = mapped_column(sa.String(400), default="")  # why a shift is left to nobody
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(sa.String(400), default="")  # of who decided
    version: Mapped[int] = mapped_column(default=1)
    covers: Mapped[list[Cover]] = relationship(lazy="select", order_by="Cover.id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def department(self) -> str:
        """Whose head decides."""
        return reference.staff().cards[self.person_id].department

    @property
    def away(self) -> tuple[int, datetime, datetime]:
        """Who is away, since, until, as rosters ask."""
        return self.person_id, self.starts_at, self.ends_at


class Cover(Model):
    """One shift of a leave, and the substitute who is asked for it."""

    __tablename__ = "leave_covers"
    __table_args__ = (
        sa.UniqueConstraint("leave_id", "shift_id"),
        sa.Index("ix_leave_covers_substitute", "substitute_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leave_id: Mapped[int] = mapped_column(sa.ForeignKey("leaves.id"))
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"))
    substitute_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    answer: Mapped[Answer] = mapped_column(short(Answer))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shift: Mapped[Shift] = relationship(lazy="joined", innerjoin=True)


class Takeover(Model):
    """A running shift that somebody took over: who had it until then stays known (DR-04, DR-21)."""

    __tablename__ = "takeovers"
    __table_args__ = (sa.Index("ix_takeovers_shift", "shift_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"))
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: nobody took it
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    paper: Mapped[str] = mapped_column(sa.String(24))  # the number of the leave or swap


class Absence(Model):
    """Somebody was away from a shift without leave (DR-04); one for each shift and person."""

    __tablename__ = "absences"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "person_id"),
        sa.Index("ix_absences_person", "person_id", "since"),
        sa.Index("ix_absences_since", "since"),
    )
    history_kind = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: by the portal
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
