"""What people read about places."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception import places
from portal.blueprints.reception.rooms.codes import CheckKind, Condition, Point
from portal.drawing import name_of
from portal.i18n import _l, listed, moment

LABELS: dict[Any, Any] = {
    Condition: {
        Condition.BLOCKED: _l("Not to be used"),
        Condition.OCCUPIED: _l("Occupied"),
        Condition.USED: _l("Waits for the room check"),
        Condition.UNREADY: _l("Not ready"),
        Condition.FREE: _l("Free"),
    },
    CheckKind: {CheckKind.MORNING: _l("Morning check"), CheckKind.READY: _l("Ready check")},
    Point: {
        Point.TIDY: _l("Tidy and free of dust"),
        Point.FLOOR_AIR: _l("Floor clean, air fresh"),
        Point.CLIMATE_LIGHT: _l("Temperature, light and screen right"),
        Point.SUPPLIES: _l("Supplies complete"),
    },
}

AWAITED = {"visit-ready": _l("Check that the place is ready"), "morning-check": _l("Check all places")}

HISTORY = {
    "place:create": _l("Added"),
    "place:edit": _l("Changed"),
    "place:block": _l("Blocked"),
    "place:release": _l("Block lifted"),
    "place:morning": _l("Checked in the morning"),
    "place:clear": _l("Cleared"),
    "visit:ready": _l("Place checked before the visit"),
}

REASONS = {
    "booked_there": _l("%(number)s is booked there at that time."),
    "blocked_there": _l("The place is blocked already at that time."),
    "released_already": _l("This block is over already."),
    "no_ready_check": _l("A visitor of this category needs no ready check."),
    "too_late_to_check": _l("The place is checked before the hosts and visitors sit there, not afterwards."),
    "nothing_to_clear": _l("Nobody has left here whose place the desk checks alone."),
    "not_cleared": _l("Not cleared: %(numbers)s."),
}


def points(codes: list[str]) -> str:
    """The points by their words."""
    return listed(map(Point, codes))


def _place(place_id: int) -> str:
    place = places.all_places().get(place_id)
    return place.words if place else "—"


READERS = {
    "place": {
        "name": (_l("Name"), str),
        "name_en": (_l("Name on English pages"), str),
        "capacity": (_l("Seats"), str),
        "buffer_minutes": (_l("Minutes kept free between two bookings"), str),
        "active": (_l("In use"), lambda _true: str(_l("yes"))),
        "owner_id": (_l("Owner"), lambda its_id: name_of(int(its_id))),
        "starts_at": (_l("From"), lambda at: moment(datetime.fromisoformat(at))),
        "ends_at": (_l("To"), lambda at: moment(datetime.fromisoformat(at))),
        "owner": (_l("Owner"), name_of),
        "missing": (_l("Not in order"), points),
        "numbers": (_l("Visits"), listed),
        "kept": (_l("Not cleared"), listed),
    }
}
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
