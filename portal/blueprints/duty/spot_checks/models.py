"""What is stored: a check on duty, whom it met, and the week's proposal to a head."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.spot_checks.codes import Finding, State
from portal.kernel.db import Model, UTCDateTime, short


class DutyCheck(Model):
    """One look at a post by its head (DR-05)."""

    __tablename__ = "duty_checks"
    __table_args__ = (
        sa.Index("ix_duty_checks_post", "post_id", "id"),
        sa.Index("ix_duty_checks_state", "state", "id"),
    )
    history_kind = "duty_check"
    kind = ""  # a table of states asks for it; there is one kind only

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    findings: Mapped[str] = mapped_column(sa.String(80))  # codes
    dealt: Mapped[str] = mapped_column(sa.String(400), default="")  # with at once, and how
    note: Mapped[str] = mapped_column(sa.String(2000), default="")
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    settled_note: Mapped[str] = mapped_column(sa.String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    post: Mapped[Post] = relationship(lazy="joined", innerjoin=True)
    met: Mapped[list[Met]] = relationship(lazy="selectin", order_by="Met.person_id")

    @property
    def department(self) -> str:
        """Whose head answers for it."""
        return self.post.department

    @property
    def people(self) -> frozenset[int]:
        """Who was on duty."""
        return frozenset(row.person_id for row in self.met)

    @property
    def answered(self) -> frozenset[int]:
        """Who of them has answered."""
        return frozenset(row.person_id for row in self.met if row.answered_at is not None)

    @property
    def found(self) -> tuple[Finding, ...]:
        """What was found."""
        return tuple(Finding(code) for code in self.findings.split())


class Met(Model):
    """Somebody on duty whom a check met, and the one answer to it."""

    __tablename__ = "duty_check_people"

    check_id: Mapped[int] = mapped_column(
        sa.ForeignKey("duty_checks.id"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WeekProposal(Model):
    """Where and when a head looks in one week; only that head sees it."""

    __tablename__ = "duty_check_proposals"
    __table_args__ = (sa.UniqueConstraint("week", "person_id"),)
    history_kind = "duty_check_week"

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[str] = mapped_column(sa.String(8))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_id: Mapped[int | None] = mapped_column(sa.ForeignKey("duty_checks.id"))
    post: Mapped[Post] = relationship(lazy="joined", innerjoin=True)

    @property
    def number(self) -> str:
        """What my day calls it."""
        return self.week
