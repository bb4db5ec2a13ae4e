"""What is stored: posts, kinds of shifts, how many people each needs, who may, and how long they work."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.duty.posts.codes import DayKind
from portal.kernel.db import Model, UTCDateTime, short


class Post(Model):
    """A place that is on duty, such as the front desk (DR-01)."""

    __tablename__ = "posts"
    history_kind = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    around_the_clock: Mapped[bool] = mapped_column(default=False)  # DR-01: an hour without anybody is a gap
    active: Mapped[bool] = mapped_column(default=True)
    order: Mapped[int] = mapped_column("sort_order", default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class ShiftKind(Model):
    """A kind of shift, such as early, late, night; it ends on the next day when `ends` is not after `starts`."""

    __tablename__ = "shift_kinds"
    history_kind = "shift_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    letter: Mapped[str] = mapped_column(sa.String(2))  # how a cell of the roster shows it
    starts: Mapped[str] = mapped_column(sa.String(5))  # 08:30, company time
    ends: Mapped[str] = mapped_column(sa.String(5))
    break_minutes: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    order: Mapped[int] = mapped_column("sort_order", default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Need(Model):
    """How many people a post needs for a kind of shift on a kind of day, and what one too few or too many costs."""

    __tablename__ = "duty_needs"
    __table_args__ = (sa.UniqueConstraint("post_id", "kind_id", "day_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("shift_kinds.id"))
    day_kind: Mapped[DayKind] = mapped_column(short(DayKind))
    people: Mapped[int] = mapped_column(default=1)
    under_weight: Mapped[int] = mapped_column(default=100)
    over_weight: Mapped[int] = mapped_column(default=1)


class Qualification(Model):
    """Who may take a post, from when, until when."""

    __tablename__ = "qualifications"
    __table_args__ = (sa.UniqueConstraint("person_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"), index=True)
    since: Mapped[date | None] = mapped_column(sa.Date)
    until: Mapped[date | None] = mapped_column(sa.Date)


class WorkLimits(Model):
    """How long somebody on duty may work; whoever has no row is not rostered. Weeks begin on Monday."""

    __tablename__ = "work_limits"
    history_kind = "work_limits"

    id: Mapped[int] = mapped_column(
        "person_id", sa.ForeignKey("people.id"), primary_key=True, autoincrement=False
    )
    joins_on: Mapped[date | None] = mapped_column(sa.Date)
    leaves_on: Mapped[date | None] = mapped_column(sa.Date)
    least_week_minutes: Mapped[int] = mapped_column(default=0)  # on average over the roster
    most_week_minutes: Mapped[int] = mapped_column(default=44 * 60)
    least_in_a_row: Mapped[int] = mapped_column(default=1)
    most_in_a_row: Mapped[int] = mapped_column(default=6)
    least_days_off: Mapped[int] = mapped_column(default=1)
    most_weekends: Mapped[int] = mapped_column(default=4)  # of four
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class DutyDay(Model):
    """A day that the office marks as special, such as a typhoon or a big visit: a manager is on duty (DR-06)."""

    __tablename__ = "duty_days"
    history_kind = "duty_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(sa.Date, unique=True)
    reason: Mapped[str] = mapped_column(sa.String(200))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
