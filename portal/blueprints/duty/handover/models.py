"""What is stored: what a post holds, the handover of its shifts, what was counted, read and signed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.handover.codes import Ground, Side, State
from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.blueprints.duty.rosters.models import Shift
from portal.kernel.db import Model, UTCDateTime, short


class PostItem(Model):
    """Something that a post holds, and how many there should be (DR-08)."""

    __tablename__ = "post_items"
    __table_args__ = (sa.UniqueConstraint("post_id", "name"),)
    history_kind = "post_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Handover(Model):
    """A change of shifts at a post, opened before it and over when both have signed (DR-10).

    A shift with several seats is known by the first of them; whoever has one of them may sign. Each count and each
    refusal begins a new round, in which nobody has signed yet.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        sa.Index("ix_handovers_post", "post_id", "changes_at"),
        sa.Index("ix_handovers_state", "state", "id"),
    )
    history_kind = "handover"
    kind = "handover"  # the workflow asks every subject for its kind
    # Who has a seat in the outgoing and in the incoming shift, and their kinds; set where a handover is read.
    parties = (frozenset[int](), frozenset[int]())
    shift_kinds = tuple[ShiftKind, ...]()

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    outgoing_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"), unique=True)
    incoming_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"), unique=True)
    changes_at: Mapped[datetime] = mapped_column(UTCDateTime)  # as the roster has it
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    round: Mapped[int] = mapped_column(default=0)
    counted_round: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    relieved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the incoming shift's first act
    ground: Mapped[Ground | None] = mapped_column(short(Ground))  # of the last refusal
    refused_note: Mapped[str] = mapped_column(sa.String(400), default="")
    defect: Mapped[str] = mapped_column(sa.String(400), default="")  # with which the takeover was ordered
    ordered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the duty changed hands
    version: Mapped[int] = mapped_column(default=1)
    post: Mapped[Post] = relationship(lazy="joined", innerjoin=True)
    outgoing: Mapped[Shift] = relationship(lazy="joined", innerjoin=True, foreign_keys=[outgoing_id])
    incoming: Mapped[Shift] = relationship(lazy="joined", innerjoin=True, foreign_keys=[incoming_id])
    __mapper_args__ = {"version_id_col": version}


class Count(Model):
    """How many of an item were found in one round, and what the outgoing shift says of a difference (DR-08)."""

    __tablename__ = "handover_counts"
    __table_args__ = (sa.UniqueConstraint("handover_id", "round", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handovers.id"))
    round: Mapped[int] = mapped_column()
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("post_items.id"))
    should_be: Mapped[int] = mapped_column()
    found: Mapped[int] = mapped_column()
    explanation: Mapped[str] = mapped_column(sa.String(400), default="")
    explained_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class Reading(Model):
    """The receipt that somebody of the incoming shift has read an open matter (DR-09).

    It keeps what was handed over when the matter itself is long done; never a name, which may have to be forgotten.
    """

    __tablename__ = "handover_readings"

    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handovers.id"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(
        sa.String(24), default=""
    )  # of what the areas had open; empty: of the log
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Signature(Model):
    """One of the two signatures of a round. The database refuses a second one of a side or of a person (DR-10)."""

    __tablename__ = "handover_signatures"
    __table_args__ = (
        sa.UniqueConstraint("handover_id", "round", "side"),
        sa.UniqueConstraint("handover_id", "round", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handovers.id"))
    round: Mapped[int] = mapped_column()
    side: Mapped[Side] = mapped_column(short(Side))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_password: Mapped[bool] = mapped_column(default=False)  # on the other's screen
