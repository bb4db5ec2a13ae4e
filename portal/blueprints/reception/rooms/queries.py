"""What is booked, who sits where, what was checked; whose visit it is, the viewer learns only where it may be seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.codes import Hold, State
from portal.blueprints.reception.models import Booking, Place, Visit
from portal.blueprints.reception.places import PlaceCard, all_places
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.rooms.codes import CheckKind
from portal.blueprints.reception.rooms.models import PlaceCheck
from portal.kernel import history, lists
from portal.kernel.db import db
from portal.kernel.people import Viewer

MOST = 500
HERE = (State.WAITING, State.MEETING, State.ASKED)
AFTERWARDS = (State.LEFT, State.CLOSED, State.ARCHIVED)


def card(code: str) -> PlaceCard:
    """The place of that code, in use or not; NotFound otherwise."""
    found = next((place for place in all_places().values() if place.code == code), None)
    if found is None:
        raise NotFound
    return found


def find(code: str, *, lock: bool = False) -> Place:
    """The place of that code as it is stored; NotFound otherwise. `lock` inside a write.

    The turn comes before the lock: a booking that is being made points to the place.
    """
    if lock:
        history.wait_for_turn()
    wanted = sa.select(Place).where(Place.id == card(code).id)
    return db.session.scalars(wanted.with_for_update() if lock else wanted).one()


def in_use() -> list[Place]:
    """Every place in use as it is stored, in the office's order."""
    return list(db.session.scalars(sa.select(Place).where(Place.active).order_by(Place.order, Place.id)))


def bookings(viewer: Viewer, since: datetime, until: datetime, place_id: int | None = None) -> Sequence[Any]:
    """What is booked, asked for or blocked in that time, and the visits that sat there; the earliest first."""
    used = sa.and_(Visit.state.in_(AFTERWARDS), Visit.place_id == Booking.place_id, Visit.used_place)
    wanted = (
        sa.select(
            Booking.id, Booking.place_id, Booking.visit_id, Booking.hold, Booking.starts_at, Booking.ends_at,
            Booking.blocked_from, Booking.blocked_until, Booking.reason, Visit.number, Visit.visitor_name,
            Visit.company, Visit.category, Visit.state,
            sa.case((visible_to(viewer), 1), else_=0).label("seen"),
        )
        .outerjoin(Visit, Visit.id == Booking.visit_id)
        .where(
            Booking.starts_at < until,
            Booking.ends_at > since,
            sa.or_(Booking.hold != Hold.RELEASED, used),
        )
    )  # fmt: skip
    if place_id is not None:
        wanted = wanted.where(Booking.place_id == place_id)
    return db.session.execute(wanted.order_by(Booking.starts_at, Booking.id).limit(MOST)).all()


def present(viewer: Viewer) -> Sequence[Any]:
    """Who sits in a place now, and who left one that is not checked yet."""
    there = sa.or_(Visit.state.in_(HERE), sa.and_(Visit.state == State.LEFT, Visit.used_place))
    wanted = sa.select(
        Visit.id, Visit.number, Visit.place_id, Visit.state, Visit.category,
        sa.case((visible_to(viewer), 1), else_=0).label("seen"),
    ).where(Visit.place_id.is_not(None), there)  # fmt: skip
    return db.session.execute(wanted.order_by(Visit.id).limit(MOST)).all()


def checks(on: date) -> dict[int, PlaceCheck]:
    """The newest check of each place on a day."""
    day = sa.and_(PlaceCheck.at >= lists.begins(on), PlaceCheck.at < lists.begins(on, days_later=1))
    rows = db.session.scalars(sa.select(PlaceCheck).where(day).order_by(PlaceCheck.id).limit(MOST))
    return {row.place_id: row for row in rows}


def morning_done(on: date) -> bool:
    """RC-16: whether the places were looked at on that morning."""
    day = sa.and_(PlaceCheck.at >= lists.begins(on), PlaceCheck.at < lists.begins(on, days_later=1))
    found = sa.select(PlaceCheck.id).where(day, PlaceCheck.kind == CheckKind.MORNING)
    return db.session.scalar(found.limit(1)) is not None


def ready_checks(visit_ids: Collection[int]) -> dict[int, PlaceCheck]:
    """The newest ready check of each of these visits."""
    if not visit_ids:
        return {}
    rows = sa.select(PlaceCheck).where(PlaceCheck.visit_id.in_(visit_ids)).order_by(PlaceCheck.id)
    return {row.visit_id: row for row in db.session.scalars(rows) if row.visit_id is not None}


def booked_there(
    place_id: int, starts_at: datetime, ends_at: datetime
) -> list[tuple[str, datetime, datetime]]:
    """The confirmed bookings of a place in that time: number (empty: a block), from, until."""
    rows = (
        sa.select(Visit.number, Booking.blocked_from, Booking.blocked_until)
        .outerjoin(Visit, Visit.id == Booking.visit_id)
        .select_from(Booking)
        .where(
            Booking.place_id == place_id,
            Booking.hold == Hold.CONFIRMED,
            Booking.blocked_from < ends_at,
            Booking.blocked_until > starts_at,
        )
    )
    found = db.session.execute(rows.order_by(Booking.blocked_from)).all()
    return [(number or "", begins, until) for number, begins, until in found]


def next_booked(place_id: int, now: datetime) -> str:
    """The number of the first visit that is still to come to a place; empty when there is none."""
    rows = (
        sa.select(Visit.number)
        .join(Booking, Booking.visit_id == Visit.id)
        .where(Booking.place_id == place_id, Booking.hold == Hold.CONFIRMED, Booking.ends_at > now)
    )
    return db.session.scalar(rows.order_by(Booking.starts_at).limit(1)) or ""


def left_there(viewer: Viewer, place_id: int) -> list[Visit]:
    """Who left a place that is not checked yet, locked. Inside a write."""
    wanted = sa.select(Visit).where(Visit.place_id == place_id, Visit.state == State.LEFT, visible_to(viewer))
    return list(db.session.scalars(wanted.order_by(Visit.id).limit(MOST).with_for_update()))


@dataclass(frozen=True)
class Clash:
    """What stands at a place in the time that somebody asks for."""

    firm: bool  # confirmed: theirs would be refused
    number: str  # empty: a block, or one that the viewer may not see
    starts_at: datetime
    ends_at: datetime


def clashes(viewer: Viewer, found: Sequence[Booking]) -> list[Clash]:
    """The bookings of `places.clashes` as this viewer may know them."""
    ids = [row.visit_id for row in found if row.visit_id is not None]
    seen = sa.select(Visit.id, Visit.number).where(Visit.id.in_(ids), visible_to(viewer))
    rows = db.session.execute(seen).all() if ids else []
    numbers = {row.id: row.number for row in rows}
    return [
        Clash(row.hold is Hold.CONFIRMED, numbers.get(row.visit_id or 0, ""), row.starts_at, row.ends_at)
        for row in found
    ]
