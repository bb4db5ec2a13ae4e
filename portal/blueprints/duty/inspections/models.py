"""What is stored: plans with their points, the rounds made of them, what was found at each point."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.inspections.codes import PlanKind, Rhythm, State
from portal.blueprints.duty.posts.models import Post
from portal.kernel.db import Model, UTCDateTime, short


class Plan(Model):
    """What is looked at, how often, by whom: whoever is on duty at a post, or one person (DR-13, DR-19)."""

    __tablename__ = "inspection_plans"
    # Somebody has to do it.
    __table_args__ = (sa.CheckConstraint("(post_id IS NULL) != (person_id IS NULL)", name="post_or_person"),)
    history_kind = "inspection_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    kind: Mapped[PlanKind] = mapped_column(short(PlanKind))
    rhythm: Mapped[Rhythm] = mapped_column(short(Rhythm))
    weekdays: Mapped[str] = mapped_column(sa.String(16), default="")  # `1 3 5`, Monday is 1
    month_day: Mapped[int | None] = mapped_column()  # a month that has no such day: its last
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))  # of the post or the person
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    post: Mapped[Post | None] = relationship(lazy="joined")


class Point(Model):
    """One thing to look at."""

    __tablename__ = "inspection_points"
    __table_args__ = (sa.Index("ix_inspection_points_plan", "plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("inspection_plans.id"))
    position: Mapped[int] = mapped_column()
    equipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("equipment.id"))
    what: Mapped[str] = mapped_column(sa.String(200))
    what_en: Mapped[str] = mapped_column(sa.String(200), default="")


class Round(Model):
    """One inspection of one day; who saved it has signed it."""

    __tablename__ = "inspection_rounds"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "day"),  # of two sweeps at once, one makes it
        sa.Index("ix_inspection_rounds_state", "state", "id"),
        sa.Index("ix_inspection_rounds_department", "department", "id"),
    )
    history_kind = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("inspection_plans.id"))
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    day: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    findings: Mapped[int] = mapped_column(default=0)
    remark: Mapped[str] = mapped_column(sa.String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    plan: Mapped[Plan] = relationship(lazy="joined")
    kind = "inspection"  # the workflow asks every subject for its kind
    on_duty = frozenset[int]()  # at its post; set where a round is read


class RoundLine(Model):
    """What was found at one point, with the point's own words, for the plan may change later."""

    __tablename__ = "inspection_lines"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "position"),
        sa.Index("ix_inspection_lines_equipment", "equipment_id"),
    )
    history_kind = "inspection_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("inspection_rounds.id"))
    position: Mapped[int] = mapped_column()
    equipment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("equipment.id"))
    what: Mapped[str] = mapped_column(sa.String(200))
    what_en: Mapped[str] = mapped_column(sa.String(200), default="")
    fine: Mapped[bool] = mapped_column()
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    repair_number: Mapped[str] = mapped_column(sa.String(24), default="")
