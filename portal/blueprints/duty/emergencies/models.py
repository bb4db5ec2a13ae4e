"""What is stored: playbooks in their editions, emergencies and drills, their steps and roll-calls."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.emergencies.codes import Answer, Hands, Kind, Level, State
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.posts.models import Post
from portal.kernel.db import Model, UTCDateTime, short


class Playbook(Model):
    """One edition of the plan for one kind of emergency. The database refuses every change of it (GO-01): whoever
    changes a plan writes the next edition, with a reason."""

    __tablename__ = "playbooks"
    __table_args__ = (sa.UniqueConstraint("kind", "edition"),)
    history_kind = "playbook"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(short(Kind))
    edition: Mapped[int] = mapped_column()
    level: Mapped[Level] = mapped_column(short(Level))
    departments: Mapped[str] = mapped_column(
        sa.String(200), default=""
    )  # concerned, codes with blanks between
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: shipped


class PlaybookStep(Model):
    """One step of an edition: what is done, by whom, within how many minutes."""

    __tablename__ = "playbook_steps"
    __table_args__ = (sa.UniqueConstraint("playbook_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    playbook_id: Mapped[int] = mapped_column(sa.ForeignKey("playbooks.id"))
    place: Mapped[int] = mapped_column()
    hands: Mapped[Hands] = mapped_column(short(Hands))
    minutes: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(sa.String(400))
    text_en: Mapped[str] = mapped_column(sa.String(400), default="")


class Emergency(Model):
    """An emergency or a drill, with the edition of the playbook that it was declared with (DR-16)."""

    __tablename__ = "emergencies"
    __table_args__ = (
        sa.UniqueConstraint("declared_by_id", "idempotency_key"),
        sa.Index("ix_emergencies_state", "state", "id"),
    )
    history_kind = "emergency"
    duty_leaders = frozenset[int]()  # set where an emergency is read

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[Kind] = mapped_column(short(Kind))
    level: Mapped[Level] = mapped_column(short(Level))
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    drill: Mapped[bool] = mapped_column()
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    departments: Mapped[str] = mapped_column(
        sa.String(200), default=""
    )  # concerned, codes with blanks between
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id"))
    log_entry_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("duty_log.id"))
    playbook_id: Mapped[int] = mapped_column(sa.ForeignKey("playbooks.id"))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    declared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    arrived_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    police_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the first call, or why there was none
    police_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    services: Mapped[str] = mapped_column(sa.String(40), default="")  # that were called, with blanks between
    leader_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    leader_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    leader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who was told
    false_alarm: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(
        sa.String(400), default=""
    )  # how it ended, or why the alarm was false
    course: Mapped[str] = mapped_column(sa.Text, default="")  # the closing report
    left_out: Mapped[str] = mapped_column(sa.String(400), default="")
    measures: Mapped[str] = mapped_column(sa.Text, default="")
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    post: Mapped[Post | None] = relationship(lazy="joined")
    entry: Mapped[LogEntry | None] = relationship(lazy="joined")
    playbook: Mapped[Playbook] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}

    @property
    def concerned(self) -> frozenset[str]:
        """The departments concerned, and the one whose post declared it."""
        return frozenset([*self.departments.split(), *([self.post.department] if self.post else [])])


class StepDone(Model):
    """A step that was done, once: the database refuses a second time."""

    __tablename__ = "emergency_steps"

    emergency_id: Mapped[int] = mapped_column(sa.ForeignKey("emergencies.id"), primary_key=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("playbook_steps.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))


class RollCall(Model):
    """Somebody who was called, and what is known of them (DR-16)."""

    __tablename__ = "emergency_roll"

    emergency_id: Mapped[int] = mapped_column(sa.ForeignKey("emergencies.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    answer: Mapped[Answer | None] = mapped_column(short(Answer))
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
