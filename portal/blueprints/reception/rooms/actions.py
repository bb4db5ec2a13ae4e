"""What is done with places: blocked, given back, checked, cleared, edited; each inside a write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import actions, places, privacy, traces, watch
from portal.blueprints.reception.codes import Hold, PlaceKind
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Booking, Place, Visit
from portal.blueprints.reception.rooms import queries, rules
from portal.blueprints.reception.rooms.codes import CheckKind, Point
from portal.blueprints.reception.rooms.models import PlaceCheck
from portal.blueprints.reception.rooms.watch import forget_round
from portal.blueprints.reception.traces import Keeper
from portal.kernel import history, reference
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.workflow import Reason, Refused

EDITABLE = ("name", "name_en", "capacity", "buffer_minutes", "active", "owner_id")


# -- blocking (RC-02) -----------------------------------------------------------------------------------------------


def block(
    place: Place, *, starts_at: datetime, ends_at: datetime, reason: str, by: Viewer, now: datetime
) -> Booking:
    """RC-02: keep a place free for maintenance. Raises Refused where a confirmed booking is; requests give way."""
    others = queries.booked_there(place.id, starts_at, ends_at)
    if against := rules.block_refused(starts_at, ends_at, others):
        raise Refused(against)
    row = Booking(
        place_id=place.id,
        hold=Hold.CONFIRMED,
        shared=place.shared,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked_from=starts_at,
        blocked_until=ends_at,
        reason=reason,
        by_id=by.id,
        at=now,
    )
    places.settle(row)
    actions.tell_losers(places.yielding(row, place.code), place.code, now)
    history.record(
        place,
        "place:block",
        by=by.id,
        now=now,
        clause="RC-02",
        booking=row.id,
        starts_at=starts_at,
        ends_at=ends_at,
        words={"reason": reason},
    )
    return row


def release(place: Place, booking_id: int, *, by: Viewer, now: datetime) -> Booking | None:
    """RC-02: the place is free again before the block's end; None where there is no such block."""
    ours = sa.and_(Booking.id == booking_id, Booking.place_id == place.id, Booking.visit_id.is_(None))
    row = db.session.scalars(sa.select(Booking).where(ours).with_for_update()).one_or_none()
    if row is None:
        return None
    if row.hold is Hold.RELEASED or row.ends_at <= now:
        raise Refused([Reason("RC-02", "released_already")])
    places.release(row, now)
    history.record(place, "place:release", by=by.id, now=now, clause="RC-02", booking=row.id)
    return row


# -- checks (RC-16) -------------------------------------------------------------------------------------------------


def morning(
    ticked: Mapping[str, Collection[Point]], *, note: str, by: Viewer, now: datetime
) -> list[PlaceCheck]:
    """RC-16: every place was looked at, by one person at one time; what does not hold is named."""
    made = []
    for place in queries.in_use():
        check = _checked(place.id, CheckKind.MORNING, ticked.get(place.code, ()), by, now, note=note)
        _record(place, "place:morning", check, by, now)
        made.append(check)
    forget_round()
    return made


def ready(visit: Visit, ticked: Collection[Point], *, note: str, by: Viewer, now: datetime) -> PlaceCheck:
    """RC-16: the place was looked at before this visit. Raises Refused; never keeps anybody from a seat."""
    rule = rule_for(visit.category, now)
    place = actions.place_for(visit, rule)
    against = [
        reason
        for reason in (
            rules.ready_refused(visit, rule.ready_check),
            None if place else Reason("RC-02", "no_place"),
        )
        if reason
    ]
    if against or place is None:
        raise Refused(against)
    check = _checked(place.id, CheckKind.READY, ticked, by, now, note=note, visit_id=visit.id)
    _record(visit, "visit:ready", check, by, now, place=place.id)
    watch.put_up(visit, now)
    return check


def _checked(
    place_id: int,
    kind: CheckKind,
    ticked: Collection[Point],
    by: Viewer,
    now: datetime,
    *,
    note: str,
    visit_id: int | None = None,
) -> PlaceCheck:
    check = PlaceCheck(place_id=place_id, kind=kind, visit_id=visit_id, at=now, by_id=by.id, note=note)
    for point in Point:
        setattr(check, point, point in ticked)
    db.session.add(check)
    db.session.flush()
    return check


def _record(
    subject: Place | Visit, event: str, check: PlaceCheck, by: Viewer, now: datetime, **more: Any
) -> None:
    missing = [str(point) for point in check.missing]
    words = {"note": check.note}
    history.record(
        subject, event, by=by.id, now=now, clause="RC-16", words=words, missing=missing or None, **more
    )


def erase(visit_id: int) -> None:
    """RC-20: a remark at a ready check may name the visitor. Inside a write."""
    db.session.execute(sa.update(PlaceCheck).where(PlaceCheck.visit_id == visit_id).values(note=""))


privacy.ERASERS.append(erase)
traces.KEEPERS.append(
    Keeper(
        key="room_checks",
        model=PlaceCheck,
        visit=PlaceCheck.visit_id,
        there=PlaceCheck.note != "",
        tell=lambda row, _person: traces.told(row, ("at", "note")),
    )
)


# -- clearing (RC-13) -----------------------------------------------------------------------------------------------


def clear(place: Place, *, by: Viewer, now: datetime) -> tuple[list[str], dict[str, Iterable[Reason]]]:
    """RC-13: one act checks the place for all who left it and need the desk's check alone.

    The numbers that were cleared, and those that were not with the reasons. Raises Refused when none was.
    """
    cleared: list[str] = []
    kept: dict[str, Iterable[Reason]] = {}
    for visit in queries.left_there(by, place.id):
        sides = {visit.category: rule_for(visit.category, now).room_check}
        if not rules.desk_clears(sides, visit.category):
            continue
        try:
            actions.perform(visit, "check", by=by, now=now)
            cleared.append(visit.number)
        except Refused as refused:  # asked before anything changed
            kept[visit.number] = refused.reasons
    if not cleared:
        raise Refused(
            [
                Reason("RC-13", "not_cleared", {"numbers": tuple(kept)}),
                *sum(map(tuple, kept.values()), ()),
            ]
            if kept
            else [Reason("RC-13", "nothing_to_clear")]
        )
    history.record(
        place, "place:clear", by=by.id, now=now, clause="RC-13", numbers=cleared, kept=list(kept) or None
    )
    return cleared, kept


# -- the office's record (RC-02) ------------------------------------------------------------------------------------


def add_office(*, by: Viewer, now: datetime, **fields: Any) -> Place:
    """RC-02: the office of somebody who leads, for that person's guests."""
    username = reference.staff().cards[fields["owner_id"]].username
    last = db.session.scalar(sa.select(sa.func.max(Place.order))) or 0
    place = Place(code=_code(username), kind=PlaceKind.OFFICE, order=last + 1, **fields)
    db.session.add(place)
    db.session.flush()
    history.record(
        place,
        "place:create",
        by=by.id,
        now=now,
        clause="RC-02",
        owner=place.owner_id,
        words={"name": place.name},
    )
    reference.changed()
    return place


def _code(username: str) -> str:
    """`office-gm`, `office-lead-tech`; a number behind it where somebody has two."""
    stem = ("office-" + re.sub(r"[^a-z0-9]+", "-", username.lower()).strip("-"))[:20]
    there = set(db.session.scalars(sa.select(Place.code).where(Place.code.startswith(stem, autoescape=True))))
    numbered = (f"{stem}-{n}" for n in range(2, 100))
    return next(code for code in (stem, *numbered) if code not in there)


def edit(place: Place, *, by: Viewer, now: datetime, **fields: Any) -> None:
    """RC-02: names, size, buffer, owner, in use or not. Raises Refused where somebody is still expected there."""
    changed = [name for name in EDITABLE if name in fields and getattr(place, name) != fields[name]]
    if "active" in changed and place.active and (number := queries.next_booked(place.id, now)):
        raise Refused([Reason("RC-02", "booked_there", {"number": number})])
    if not changed:
        return
    was = {f"was {name}": str(getattr(place, name) or "") for name in changed}
    for name in changed:
        setattr(place, name, fields[name])
    history.record(place, "place:edit", by=by.id, now=now, clause="RC-02", fields=changed, words=was)
    reference.changed()
