"""What is stored: places and their bookings, the visit, its tasks, and the steps that can be taken back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.codes import (
    Category,
    Errand,
    Hold,
    Late,
    Layout,
    PlaceKind,
    Refreshment,
    Satisfaction,
    Side,
    State,
    Task,
)
from portal.kernel import customers  # noqa: F401  # a visit points to its card
from portal.kernel.db import Model, UTCDateTime, short


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


def _index_of_some(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    some = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=some, postgresql_where=some)


class Place(Model):
    """A reception place (RC-02); an office belongs to somebody and receives only that person's guests."""

    __tablename__ = "places"
    history_kind = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    kind: Mapped[PlaceKind] = mapped_column(short(PlaceKind))
    owner_id: Mapped[int | None] = mapped_column(_person())
    capacity: Mapped[int] = mapped_column(default=8)
    shared: Mapped[bool] = mapped_column(default=False)  # the lounge: several at once, never booked out
    buffer_minutes: Mapped[int] = mapped_column(default=10)  # kept free before and after each booking
    active: Mapped[bool] = mapped_column(default=True)
    order: Mapped[int] = mapped_column("sort_order", default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What history and notices call it."""
        return self.code


class Booking(Model):
    """A place held from one moment to another, its buffer included in `blocked_*`.

    Two confirmed bookings of a place that is not shared never overlap: PostgreSQL refuses them by the exclusion
    constraint below, SQLite by the triggers of `guards_in_database`.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        sa.Index("ix_bookings_place", "place_id", "blocked_from"),
        sa.Index("ix_bookings_visit", "visit_id"),
        sa.Index("ix_bookings_ends", "ends_at"),
        sa.CheckConstraint("blocked_until > blocked_from", name="forward"),
        ExcludeConstraint(
            (sa.column("place_id"), "="),
            (sa.text("tstzrange(blocked_from, blocked_until)"), "&&"),
            where=sa.text("hold = 'confirmed' AND NOT shared"),
            using="gist",
            name="ex_bookings_one_at_a_time",
        ).ddl_if(dialect="postgresql"),
    )
    history_kind = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("places.id"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))  # None: blocked, see `reason`
    hold: Mapped[Hold] = mapped_column(short(Hold))
    shared: Mapped[bool] = mapped_column(default=False)  # as the place is, for the constraint
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_from: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_until: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    by_id: Mapped[int | None] = mapped_column(_person())
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Visit(Model):
    """Somebody who comes, from the appointment to the archived register; the arrangement form is part of it."""

    __tablename__ = "visits"
    __table_args__ = (
        sa.UniqueConstraint("created_by_id", "idempotency_key"),
        sa.Index("ix_visits_day", "day", "state"),
        sa.Index("ix_visits_state", "state", "id"),
        sa.Index("ix_visits_department", "department", "id"),
        sa.Index("ix_visits_host", "host_id", "id"),
        sa.Index("ix_visits_category", "category", "id"),
        _index_of_some("ix_visits_customer", "customer_id", "id", where="customer_id IS NOT NULL"),
        _index_of_some("ix_visits_pass", "pass_code", where="pass_code != ''"),
        _index_of_some("ix_visits_phone", "phone_tail", where="phone_tail != ''"),
        _index_of_some("ix_visits_series", "series", where="series != ''"),
        _index_of_some("ix_visits_starts", "starts_at", "id", where="booked"),
        _index_of_some("ix_visits_taken_over", "taken_over", where="taken_over != ''", unique=True),
    )
    history_kind = "visit"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    day: Mapped[str] = mapped_column(sa.String(10))  # the company's day it belongs to, 2026-11-21
    category: Mapped[Category] = mapped_column(short(Category))
    undecided: Mapped[bool] = mapped_column(
        default=False
    )  # RC-01: from the kiosk, the desk has yet to say which
    errand: Mapped[Errand] = mapped_column(short(Errand), default=Errand.USUAL)
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)

    visitor_name: Mapped[str] = mapped_column(sa.String(120))
    visitor_pinyin: Mapped[str] = mapped_column(sa.String(160), default="")
    company: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    phone_tail: Mapped[str] = mapped_column(sa.String(4), default="")
    party_size: Mapped[int] = mapped_column(default=1)
    party: Mapped[str] = mapped_column(sa.Text, default="")  # the other names, a line each
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customers.id"))
    consent: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    on_business: Mapped[bool | None] = mapped_column()
    host_id: Mapped[int | None] = mapped_column(_person())
    department: Mapped[str | None] = mapped_column(sa.ForeignKey("departments.code"))
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("places.id"))
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refreshment: Mapped[Refreshment | None] = mapped_column(short(Refreshment))
    meal: Mapped[bool] = mapped_column(default=False)
    lodging: Mapped[bool] = mapped_column(default=False)

    # The appointment (RC-19).
    booked: Mapped[bool] = mapped_column(default=False)  # it was an appointment before somebody stood there
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(_person())
    series: Mapped[str] = mapped_column(sa.String(24), default="")  # number of the first of a recurring one
    pass_code: Mapped[str] = mapped_column(sa.String(12), default="")
    warned_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # RC-07: the hosts were told that it begins

    # The meeting arrangement form (RC-04).
    arranged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    arranged_by_id: Mapped[int | None] = mapped_column(_person())
    topic: Mapped[str] = mapped_column(sa.String(200), default="")
    arrangement: Mapped[str] = mapped_column(sa.Text, default="")  # seating, screen, special wishes
    layout: Mapped[Layout | None] = mapped_column(short(Layout))
    screen: Mapped[bool] = mapped_column(default=False)
    companion_id: Mapped[int | None] = mapped_column(_person())  # who accompanies besides the leaders
    supplies_wanted: Mapped[str] = mapped_column(sa.String(400), default="")
    late: Mapped[Late] = mapped_column(short(Late), default=Late.NO)
    late_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    late_approved_by_id: Mapped[int | None] = mapped_column(_person())

    # What happened, and when.
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    measured: Mapped[bool] = mapped_column(default=False)  # RC-23: arrival was not typed by who greets
    greeted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    greeted_by_id: Mapped[int | None] = mapped_column(_person())
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(_person())
    decision_note: Mapped[str] = mapped_column(sa.String(400), default="")
    seated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    served_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the refreshment
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_place: Mapped[bool] = mapped_column(default=False)  # somebody sat there: it must be checked (RC-13)
    desk_checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    desk_checked_by_id: Mapped[int | None] = mapped_column(_person())
    clerk_checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    clerk_checked_by_id: Mapped[int | None] = mapped_column(_person())
    material: Mapped[str] = mapped_column(sa.String(200), default="")  # what was left behind (RC-11)
    satisfaction: Mapped[Satisfaction | None] = mapped_column(short(Satisfaction))  # RC-21
    remark: Mapped[str] = mapped_column(sa.Text, default="")
    outstanding: Mapped[int] = mapped_column(default=0)  # deposits and keys not yet back (RC-27)
    anonymised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    barred_id: Mapped[int | None] = mapped_column()  # CP-09: whom the complaint that opened it is about

    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(_person())
    taken_over: Mapped[str] = mapped_column(sa.String(200), default="")  # what an old register called it
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def kind(self) -> str:
        """What the workflow table tells subjects apart by: the category."""
        return str(self.category)


class VisitTask(Model):
    """One duty of one side around a visit (RC-03)."""

    __tablename__ = "visit_tasks"
    __table_args__ = (sa.UniqueConstraint("visit_id", "task"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    task: Mapped[Task] = mapped_column(short(Task))
    side: Mapped[Side] = mapped_column(short(Side))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(_person())
    note: Mapped[str] = mapped_column(sa.String(400), default="")


class VisitStep(Model):
    """A touch on the board and what the visit was before it, so that it can be taken back for a while."""

    __tablename__ = "visit_steps"
    __table_args__ = (sa.Index("ix_visit_steps_visit", "visit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    verb: Mapped[str] = mapped_column(sa.String(24))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(_person())
    before: Mapped[str] = mapped_column(sa.Text)  # JSON: the columns that moved, as they were
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def was(self) -> dict[str, Any]:
        """The columns as they were."""
        found: dict[str, Any] = json.loads(self.before)
        return found
