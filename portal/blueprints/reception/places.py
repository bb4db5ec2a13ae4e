"""Reception places as everybody knows them, and the bookings that follow a visit (RC-02, RC-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.blueprints.reception.codes import Hold, Late, PlaceKind, State
from portal.blueprints.reception.models import Booking, Place, Visit
from portal.i18n import is_chinese
from portal.kernel import policies, reference
from portal.kernel.db import db
from portal.kernel.guards_in_database import TAKEN
from portal.kernel.workflow import Reason, Refused

SEATED = (State.WAITING, State.MEETING)
LEAST = timedelta(minutes=5)  # a seat is held at least that long, however near the next booking is
SHIPPED = (
    ("large", "大会议室", "Large meeting room", PlaceKind.LARGE, 20, False),
    ("small", "小会议室", "Small meeting room", PlaceKind.SMALL, 6, False),
    ("lounge", "休息区", "Lounge", PlaceKind.LOUNGE, 12, True),
)


@dataclass(frozen=True)
class PlaceCard:
    """A place as it is kept per process, see `reference`."""

    id: int
    code: str
    name: str
    name_en: str
    kind: PlaceKind
    owner_id: int | None
    shared: bool
    buffer_minutes: int
    active: bool
    capacity: int

    @property
    def words(self) -> str:
        """Its name in the language of the page."""
        return self.name if is_chinese() else self.name_en or self.name


def all_places() -> dict[int, PlaceCard]:
    """Every place by id, in the order of the office."""
    return reference.kept("places", _read)


def _read() -> dict[int, PlaceCard]:
    rows = db.session.scalars(sa.select(Place).order_by(Place.order, Place.id))
    return {
        p.id: PlaceCard(
            p.id, p.code, p.name, p.name_en, p.kind, p.owner_id, p.shared, p.buffer_minutes, p.active, p.capacity
        )
        for p in rows
    }  # fmt: skip


def by_code(code: str) -> PlaceCard | None:
    """The active place of that code."""
    return next((place for place in all_places().values() if place.code == code and place.active), None)


def of_visit(visit: Visit) -> PlaceCard | None:
    """The place that a visit has or is to have."""
    return all_places().get(visit.place_id) if visit.place_id else None


def load_shipped() -> None:
    """The three places of RC-02, where there are none. Inside a write."""
    if db.session.scalar(sa.select(Place.id).limit(1)) is not None:
        return
    db.session.add_all(
        Place(code=code, name=zh, name_en=en, kind=kind, capacity=capacity, shared=shared, order=order)
        for order, (code, zh, en, kind, capacity, shared) in enumerate(SHIPPED)
    )
    reference.changed()


def occupied_by(place: PlaceCard, visit: Visit) -> str:
    """The number of another visit that sits in the place now; empty when nobody does, or several may."""
    if place.shared:
        return ""
    others = sa.select(Visit.number).where(
        Visit.place_id == place.id, Visit.state.in_(SEATED), Visit.id != visit.id
    )
    return db.session.scalar(others.limit(1)) or ""


def free_now(visit: Visit, now: datetime) -> list[PlaceCard]:
    """RC-02: the places in use where nobody else sits and that nobody else has now, in the order of the office."""
    sitting = sa.select(Visit.place_id, Visit.id, Visit.arrived_at).where(
        Visit.place_id.is_not(None), Visit.state.in_(SEATED), Visit.id != visit.id
    )
    booked = sa.select(Booking.place_id, Booking.visit_id, Booking.blocked_from).where(
        Booking.hold == Hold.CONFIRMED,
        Booking.blocked_until > now,
        sa.or_(Booking.visit_id != visit.id, Booking.visit_id.is_(None)),
    )
    rows: Sequence[Any] = db.session.execute(sa.union_all(sitting, booked)).all()
    usual = timedelta(minutes=policies.number("visit.minutes", now))

    def taken(place: PlaceCard) -> bool:
        # A shared place is only ever blocked; of another a seat takes at least a minute and the buffer, see `_until`.
        within = (
            now + timedelta(minutes=place.buffer_minutes) + (usual if place.shared else timedelta(minutes=1))
        )
        return any(
            place_id == place.id and (since is None or since < within) and not (place.shared and other)
            for place_id, other, since in rows
        )

    return [place for place in all_places().values() if place.active and not taken(place)]


def hold(visit: Visit, now: datetime) -> None:
    """Make the bookings of a visit what its state asks for: none, asked for, or confirmed (RC-02).

    Refused when somebody else holds the place at that time; what others only asked for gives way and they are told by
    the caller, see `gave_way`. Inside a write.
    """
    db.session.flush()
    place, wanted = of_visit(visit), _wanted(visit, now)
    ours = list(
        db.session.scalars(
            sa.select(Booking).where(Booking.visit_id == visit.id, Booking.hold != Hold.RELEASED)
        )
    )
    for row in ours:
        if place is None or wanted is None or row.place_id != place.id:
            release(row, now)
            db.session.flush()
    if place is None or wanted is None:
        return
    kept = [row for row in ours if row.hold is not Hold.RELEASED]
    if kept:
        row = kept[0]
    else:
        row = Booking(
            place_id=place.id, visit_id=visit.id, shared=place.shared, by_id=visit.created_by_id, at=now
        )
    row.hold, row.starts_at, row.ends_at = wanted
    row.ends_at = _until(row, place, visit)
    row.blocked_from = row.starts_at
    row.blocked_until = row.ends_at + timedelta(minutes=place.buffer_minutes)
    settle(row)


def settle(row: Booking) -> None:
    """Write a booking; RC-02: refused (409) where the database says that the place is taken. Inside a write."""
    if row.shared and row.visit_id is not None and row.hold is Hold.CONFIRMED and _closed(row):
        raise Refused([Reason("RC-02", "place_taken")])
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        if TAKEN in str(error.orig) or "ex_bookings_one_at_a_time" in str(error.orig):
            raise Refused([Reason("RC-02", "place_taken")]) from error
        raise


def _closed(row: Booking) -> bool:
    """A shared place is never booked out, but it can be blocked for maintenance."""
    blocks = sa.select(Booking.id).where(
        Booking.place_id == row.place_id,
        Booking.visit_id.is_(None),
        Booking.hold == Hold.CONFIRMED,
        Booking.blocked_from < row.blocked_until,
        Booking.blocked_until > row.blocked_from,
    )
    with db.session.no_autoflush:
        return db.session.scalar(blocks.limit(1)) is not None


def _wanted(visit: Visit, now: datetime) -> tuple[Hold, datetime, datetime] | None:
    span = timedelta(minutes=policies.number("visit.minutes", now))
    if visit.state in SEATED:
        begun = visit.seated_at or visit.met_at or visit.decided_at or now
        ends = visit.ends_at if visit.ends_at and visit.ends_at > begun else begun + span
        return Hold.CONFIRMED, begun, max(ends, now + LEAST)
    if visit.state not in {State.EXPECTED, State.ARRIVED} or visit.starts_at is None or not visit.booked:
        return None
    ends = visit.ends_at or visit.starts_at + span
    settled = visit.confirmed_at is not None and visit.late is not Late.ASKED
    return (Hold.CONFIRMED if settled else Hold.PENDING), visit.starts_at, ends


def _until(row: Booking, place: PlaceCard, visit: Visit) -> datetime:
    """Somebody who sits down without an appointment stays at most until the next booking begins."""
    if visit.state not in SEATED or place.shared:
        return row.ends_at
    after = sa.select(sa.func.min(Booking.blocked_from)).where(
        Booking.place_id == place.id,
        Booking.hold == Hold.CONFIRMED,
        Booking.blocked_from > row.starts_at,
        sa.or_(Booking.visit_id != visit.id, Booking.visit_id.is_(None)),
    )
    with db.session.no_autoflush:
        comes = db.session.scalar(after)
    if comes is None:
        return row.ends_at
    free_until = comes - timedelta(minutes=place.buffer_minutes)
    return min(row.ends_at, max(free_until, row.starts_at + timedelta(minutes=1)))


def release(row: Booking, now: datetime) -> None:
    """Give the place back, from now on when its time has begun."""
    row.hold = Hold.RELEASED
    if row.starts_at < now < row.ends_at:
        row.ends_at = now
        row.blocked_until = max(now, row.blocked_from + timedelta(seconds=1))


def gave_way(visit: Visit) -> list[Visit]:
    """Other visits whose request for the same place and time lost to this one's booking; theirs is released.

    RC-02: pending requests are declined with a reason when one is confirmed. Inside a write.
    """
    ours = db.session.scalars(
        sa.select(Booking).where(Booking.visit_id == visit.id, Booking.hold == Hold.CONFIRMED)
    ).one_or_none()
    return [] if ours is None else yielding(ours, visit.number)


def yielding(ours: Booking, reason: str) -> list[Visit]:
    """RC-02: the visits whose requests a confirmed booking, or a block, takes the place from. Inside a write."""
    if ours.shared:
        return []
    lost = db.session.scalars(
        sa.select(Booking).where(
            Booking.place_id == ours.place_id,
            Booking.hold == Hold.PENDING,
            Booking.blocked_from < ours.blocked_until,
            Booking.blocked_until > ours.blocked_from,
            Booking.id != ours.id,
        )
    )
    losers = []
    for row in lost:
        row.hold, row.reason = Hold.RELEASED, reason
        other = db.session.get_one(Visit, row.visit_id)
        other.place_id = None
        losers.append(other)
    return losers


def lost_to(visit: Visit) -> str:
    """Who got the place that a visit asked for, at the time that it still has; empty when it lost none."""
    lost = sa.select(Booking.reason).where(
        Booking.visit_id == visit.id,
        Booking.hold == Hold.RELEASED,
        Booking.reason != "",
        Booking.starts_at == visit.starts_at,
    )
    return db.session.scalar(lost.order_by(Booking.id.desc()).limit(1)) or ""


def free_for(visit: Visit, kinds: Sequence[PlaceKind], now: datetime) -> PlaceCard | None:
    """RC-02: the first place of these kinds that nobody has at the time of an appointment; None when all are taken."""
    if visit.starts_at is None:
        return None
    span = timedelta(minutes=policies.number("visit.minutes", now))
    ends = visit.ends_at or visit.starts_at + span
    fitting = [
        place for kind in kinds for place in all_places().values() if place.kind is kind and place.active
    ]
    for place in fitting:
        if place.kind is PlaceKind.OFFICE and place.owner_id != visit.host_id:
            continue
        taken = clashes(place, visit.starts_at, ends, visit.id)
        if all(booking.hold is not Hold.CONFIRMED for booking in taken):
            return place
    return None


def clashes(
    place: PlaceCard, starts_at: datetime, ends_at: datetime, but: int | None = None
) -> list[Booking]:
    """What is booked or asked for in that time, first the confirmed ones; for a warning beside the field."""
    if place.shared:
        return []
    rows = sa.select(Booking).where(
        Booking.place_id == place.id,
        Booking.hold != Hold.RELEASED,
        Booking.blocked_from < ends_at + timedelta(minutes=place.buffer_minutes),
        Booking.blocked_until > starts_at,
    )
    if but is not None:
        rows = rows.where(sa.or_(Booking.visit_id != but, Booking.visit_id.is_(None)))
    return list(db.session.scalars(rows.order_by(Booking.hold, Booking.blocked_from)))
