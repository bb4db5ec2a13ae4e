"""What is stored: a roster, its shifts, what people wish."""

from __future__ import annotations

import json
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.duty.rosters.codes import State
from portal.kernel.db import Model, UTCDateTime, short


class Roster(Model):
    """Who is on duty from one day to another; its shifts count once it is published.

    No day belongs to two published rosters, so that nobody has two shifts on it: PostgreSQL refuses them by the
    exclusion constraint below, SQLite by the triggers of `guards_in_database`.
    """

    __tablename__ = "rosters"
    __table_args__ = (
        sa.Index("ix_rosters_state", "state", "starts_on"),
        ExcludeConstraint(
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("state <> 'draft'"),
            using="gist",
            name="ex_rosters_one_at_a_time",
        ).ddl_if(dialect="postgresql"),
    )
    history_kind = "roster"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date] = mapped_column(sa.Date)  # the last day
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    # DR-01, DR-06: why it may be published although a rule is broken, and who of the office confirmed that.
    gap_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    gap_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    gap_confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    gap_digest: Mapped[str] = mapped_column(
        sa.String(64), default=""
    )  # of the broken rules that were confirmed
    # What the solver found last.
    solved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    objective: Mapped[int | None] = mapped_column()
    bound: Mapped[int | None] = mapped_column()
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    discarded_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # a mistaken draft: nobody sees it any more
    pinned_off: Mapped[str] = mapped_column(
        sa.Text, default="[]"
    )  # JSON: whom solving leaves off on which day
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def kind(self) -> str:
        """Rosters are of one kind."""
        return ""

    @property
    def days_off(self) -> frozenset[tuple[int, date]]:
        """Whose day off on which day solving leaves as it is; shifts say so themselves."""
        return frozenset((who, date.fromisoformat(day)) for who, day in json.loads(self.pinned_off))

    @days_off.setter
    def days_off(self, places: frozenset[tuple[int, date]]) -> None:
        self.pinned_off = json.dumps([[who, str(day)] for who, day in sorted(places)])


class Shift(Model):
    """One seat of a post for one kind of shift on one day; without a person it is a gap (DR-01)."""

    __tablename__ = "shifts"
    __table_args__ = (
        # One shift a day, whoever asks at the same time.
        sa.UniqueConstraint("roster_id", "person_id", "day"),
        sa.Index("ix_shifts_post", "post_id", "starts_at"),
        sa.Index("ix_shifts_person", "person_id", "starts_at"),
        sa.Index("ix_shifts_roster", "roster_id", "day"),
    )
    history_kind = "shift"

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(sa.ForeignKey("rosters.id"))
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("shift_kinds.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    pinned: Mapped[bool] = mapped_column(default=False)  # solving leaves it as it is
    # DR-01, DR-04: why the head left it to nobody after it was published.
    gap_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Wish(Model):
    """What somebody wishes for a day: a kind of shift, any, or none; weighed, never promised."""

    __tablename__ = "wishes"
    __table_args__ = (sa.UniqueConstraint("person_id", "day"), sa.Index("ix_wishes_day", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    day: Mapped[date] = mapped_column(sa.Date)
    kind_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shift_kinds.id"))  # None: any kind
    wanted: Mapped[bool] = mapped_column()  # False: rather not
    weight: Mapped[int] = mapped_column(default=1)


class Solve(Model):
    """How far the solving of a roster is: written by the worker, read by the page that waits (DR-01)."""

    __tablename__ = "roster_solves"

    id: Mapped[int] = mapped_column(
        "roster_id", sa.ForeignKey("rosters.id"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seconds: Mapped[int] = mapped_column()  # how long it may look
    objective: Mapped[int | None] = mapped_column()
    bound: Mapped[int | None] = mapped_column()
    spent: Mapped[int] = mapped_column(default=0)  # seconds
    outcome: Mapped[str] = mapped_column(sa.String(16), default="")  # empty: under way
    conflicts: Mapped[str] = mapped_column(
        sa.Text, default="[]"
    )  # JSON: for whom no roster exists, and which rules


class DutyFeed(Model):
    """The secret under which somebody's calendar reads the own shifts; only a digest of it is kept."""

    __tablename__ = "duty_feeds"

    id: Mapped[int] = mapped_column(
        "person_id", sa.ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column("key_digest", sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
