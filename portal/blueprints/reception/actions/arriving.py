"""What happens from the door to the meeting: arrive, greet, ask, agree, decline, seat, meet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception import places, rules, watch
from portal.blueprints.reception.actions.common import day_of, on_arrival, put_tasks
from portal.blueprints.reception.codes import (
    Category,
    Late,
    State,
)
from portal.blueprints.reception.matrix import CategoryRule
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.places import PlaceCard
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.transitions import Effect


def arrive(
    visit: Visit, *, by: Viewer, now: datetime, rule: CategoryRule, kiosk: int | None = None,
    party_size: int | None = None, **_: Any,
) -> Effect:  # fmt: skip
    """RC-18, RC-09: the appointment stands at the desk; RC-07: of A the business staff hear at once.

    RC-23: at a kiosk (its id) nobody has greeted yet, so how long that takes is measured.
    """
    visit.arrived_at, visit.measured, visit.day = now, kiosk is not None, day_of(now)
    if party_size is not None and party_size != visit.party_size:
        visit.party_size = party_size
        put_tasks(visit, rule, now)
    if not kiosk:
        visit.greeted_at, visit.greeted_by_id = now, by.id
    if visit.late is Late.ASKED or rules.form_missing(visit, rule):
        visit.late = Late.AFTERWARDS  # RC-04: whoever stands there is received
    on_arrival(visit, rule, by, now)
    return Effect({"kiosk": kiosk, "party_size": party_size})


def greet(visit: Visit, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """RC-23: the visitor was greeted and offered water."""
    if visit.greeted_at is None:
        visit.greeted_at, visit.greeted_by_id = now, by.id
    return Effect()


def ask(
    visit: Visit, *, by: Viewer, now: datetime, purpose: str = "", on_business: bool = False,
    department: str | None = None, **_: Any,
) -> Effect:  # fmt: skip
    """RC-11: the matter is business: the visitor waits in the lounge while the department's lead is asked."""
    visit.purpose, visit.on_business, visit.asked_at = purpose or visit.purpose, on_business, now
    visit.department = department or visit.department
    lounge = next((p for p in places.all_places().values() if p.shared and p.active), None)
    visit.place_id = lounge.id if lounge else None
    visit.used_place = lounge is not None
    watch.tell(visit, ["lead"], "visit:ask", now)
    return Effect({"department": visit.department}, {"purpose": visit.purpose})


def agree(
    visit: Visit, *, by: Viewer, now: datetime, place: PlaceCard | None = None, note: str = "", **_: Any
) -> Effect:
    """RC-11: the lead receives the visitor, at the named place; unless they sit there, the desk leads them to it."""
    visit.decided_at, visit.decided_by_id, visit.decision_note = now, by.id, note
    if place is None or place.id == visit.place_id:
        visit.seated_at = visit.seated_at or now
    else:
        visit.place_id = place.id
    watch.tell(visit, ["desk"], "visit:agreed", now, but=by.id)
    return Effect({"place": visit.place_id}, {"note": note})


def decline(
    visit: Visit, *, by: Viewer, now: datetime, note: str = "", material: str = "",
    on_business: bool | None = None, quiet: bool = False, **_: Any,
) -> Effect:  # fmt: skip
    """RC-11, RC-19: no; the visitor is told, asked to leave material and said goodbye to politely."""
    was_asked, desk = visit.state is State.ASKED, by.role in {Role.DESK, Role.OFFICE}
    visit.decided_at, visit.decided_by_id, visit.decision_note = now, by.id, note
    visit.material = material or visit.material
    if visit.state is State.ARRIVED:
        visit.on_business = on_business
    if desk and visit.arrived_at is not None:
        visit.left_at = now
    if was_asked and not desk:
        watch.tell(visit, ["desk"], "visit:declined", now, but=by.id)
    if visit.state is State.EXPECTED and not quiet:
        watch.tell(visit, ["desk"], "visit:declined", now, but=by.id)
    if material:
        watch.tell(visit, ["lead"], "visit:material", now)
    no_answer = was_asked and desk and "lead" not in rules.standing(visit, by)
    return Effect({"no_answer": no_answer or None}, {"note": note, "material": material})


def seat(
    visit: Visit, *, by: Viewer, now: datetime, place: PlaceCard, rule: CategoryRule, **_: Any
) -> Effect:
    """RC-07 … RC-10: the visitor is led to the place and everybody concerned is told."""
    first = visit.seated_at is None
    visit.place_id, visit.seated_at, visit.used_place = place.id, visit.seated_at or now, True
    visit.greeted_at = visit.greeted_at or now
    if first:
        _tell_hosts(visit, by, now)
    return Effect({"place": place.id})


def _tell_hosts(visit: Visit, by: Viewer, now: datetime) -> None:
    """Hosts by the matrix; for C the administration's lead, and the lead of the department visited (RC-10)."""
    audiences = [*watch.hosts_of(visit, now), "handler"]
    watch.tell(visit, dict.fromkeys(audiences), "visit:seated", now, but=by.id)
    if visit.category is Category.C:
        watch.tell_administration(visit, "visit:seated", now, but=by.id)


def meet(visit: Visit, *, by: Viewer, now: datetime, place: PlaceCard, **_: Any) -> Effect:
    """The host is with the visitor."""
    visit.place_id, visit.used_place, visit.met_at = place.id, True, now
    visit.seated_at, visit.greeted_at = visit.seated_at or now, visit.greeted_at or now
    return Effect({"place": place.id})
