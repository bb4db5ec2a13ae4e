"""What a department does with an appointment, and the meeting arrangement form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception import rules, watch
from portal.blueprints.reception.actions.common import day_of
from portal.blueprints.reception.codes import (
    Late,
    Layout,
    Refreshment,
)
from portal.blueprints.reception.matrix import CategoryRule
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.places import PlaceCard
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Effect


def confirm(
    visit: Visit, *, by: Viewer, now: datetime, place: PlaceCard | None = None, note: str = "",
    quiet: bool = False, **_: Any,
) -> Effect:  # fmt: skip
    """RC-19: the department arranges it."""
    visit.confirmed_at, visit.confirmed_by_id = now, by.id
    visit.place_id = place.id if place else visit.place_id
    if not quiet:
        watch.tell(visit, ["desk"], "visit:confirmed", now, but=by.id)
    return Effect({"place": visit.place_id}, {"note": note})


def move(
    visit: Visit, *, by: Viewer, now: datetime, starts_at: datetime, ends_at: datetime | None = None,
    place: PlaceCard | None = None, note: str = "", rule: CategoryRule, quiet: bool = False,
    comes_late: bool = False, **_: Any,
) -> Effect:  # fmt: skip
    """RC-19: another time or place; whoever moves it for the department confirms it with it."""
    was = visit.starts_at
    visit.starts_at, visit.ends_at, visit.day = starts_at, ends_at, day_of(starts_at)
    visit.warned_at = None
    if comes_late:
        visit.late, visit.late_reason = Late.ASKED, note
    visit.place_id = place.id if place else visit.place_id
    if {"lead", "host"} & rules.standing(visit, by):
        visit.confirmed_at, visit.confirmed_by_id = now, by.id
    if not quiet:
        watch.tell(visit, ["desk", "handler"], "visit:moved", now, but=by.id)
    return Effect({"was": was, "starts_at": starts_at}, {"note": note})


def cancel(
    visit: Visit, *, by: Viewer, now: datetime, note: str = "", quiet: bool = False, **_: Any
) -> Effect:
    """RC-19: it will not take place; the place is free again."""
    if not quiet:
        watch.tell(visit, ["handler"], "visit:cancelled", now, but=by.id)
    return Effect({}, {"note": note})


def no_show(visit: Visit, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """RC-19: nobody came; the place is free again."""
    return Effect()


def arrange(
    visit: Visit, *, by: Viewer, now: datetime, topic: str = "", arrangement: str = "", party: str = "",
    late_reason: str = "", companion: Card | None = None, layout: Layout | None = None, screen: bool = False,
    refreshment: Refreshment | None = None, supplies_wanted: str = "", comes_late: bool = False, **_: Any,
) -> Effect:  # fmt: skip
    """RC-04: the meeting arrangement form, part of the visit; completed late or afterwards it stays marked late."""
    visit.topic, visit.arrangement = topic, arrangement
    visit.companion_id = companion.id if companion else None
    visit.layout, visit.screen, visit.supplies_wanted = layout, screen, supplies_wanted
    visit.refreshment = refreshment or visit.refreshment
    visit.party = party or visit.party
    visit.late_reason = late_reason or visit.late_reason
    if visit.arranged_at is None:
        visit.arranged_at, visit.arranged_by_id = now, by.id
        visit.late = Late.ASKED if comes_late else visit.late
    return Effect(
        {"late": visit.late if visit.late is not Late.NO else None, "companion": visit.companion_id},
        {"topic": topic},
    )


def approve_late(visit: Visit, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """RC-04: the general office lets a late form through; it stays marked late."""
    visit.late, visit.late_approved_by_id = Late.APPROVED, by.id
    watch.tell(visit, ["handler"], "visit:late_approved", now, but=by.id)
    return Effect({}, {"note": note})
