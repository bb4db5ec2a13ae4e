"""What the gates of a verb must know besides the form: place, limits, whether a leader is visited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import places, rules, watch
from portal.blueprints.reception.codes import (
    Late,
    PlaceKind,
    State,
)
from portal.blueprints.reception.matrix import CategoryRule, rule_for
from portal.blueprints.reception.models import Visit, VisitStep
from portal.blueprints.reception.places import PlaceCard
from portal.kernel import (
    company_calendar,
    limits,
    policies,
    reference,
)
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Rank, Role
from portal.kernel.workflow import Attempt, Reason, Refused

# The verbs that lead a visitor to a place now, and what may be said against it.
TO_A_PLACE = frozenset({"seat", "meet", "agree"})
ABOUT_PLACES = frozenset(
    {"office_of_another", "place_not_for_category", "no_place", "place_occupied", "place_taken"}
)


def prepared(visit: Visit, verb: str, by: Viewer, now: datetime, given: dict[str, Any]) -> dict[str, Any]:
    """The form's fields and what the gates must know besides."""
    rule = rule_for(given.get("category") or visit.category, now)
    given["rule"] = rule
    match verb:
        case _ if verb in TO_A_PLACE:
            given["place"] = given.get("place") or place_for(visit, rule)
            given["occupied_by"] = places.occupied_by(given["place"], visit) if given["place"] else ""
            given["agreed"] = verb == "agree"
        case "confirm":
            given["lost_to"] = "" if visit.place_id or given.get("place") else places.lost_to(visit)
            if not (visit.place_id or given.get("place") or given["lost_to"]):
                given["place"] = places.free_for(visit, rule.places, now)
        case "decline" | "no-show":
            given["no_answer_after"] = no_answer_after(now)
            given["no_show_after"] = no_show_after(now)
        case "move" | "arrange":
            begins = given.get("starts_at")
            given["comes_late"] = (
                _comes_late(visit, rule, begins) if begins else _completed_late(visit, rule, now)
            )
        case "undo":
            given |= {"step": last_step(visit), "undo_within": undo_within(now)}
        case "check" | "edit":
            given |= (
                {"outstanding": visit.outstanding} if verb == "check" else {"place": places.of_visit(visit)}
            )
        case "task":
            tasks = {task.task: task for task in watch.tasks_of(visit)}
            given["task"] = tasks.get(given["task"])
    if verb in {"arrive", "ask", "seat", "meet"}:
        given["host_leads"] = host_leads(visit)
    return given


def _comes_late(visit: Visit, rule: CategoryRule, starts_at: datetime) -> bool:
    """RC-04: true when a form that was in time is not for the new time."""
    if visit.late is not Late.NO or not rule.needs_form or visit.arranged_at is None:
        return False
    return not rules.in_time(visit.arranged_at, starts_at, rule.lead_days, company_calendar.current())


def place_for(visit: Visit, rule: CategoryRule) -> PlaceCard | None:
    """RC-02: where this visit is received: as arranged, else the first free place of its category."""
    if (chosen := places.of_visit(visit)) is not None:
        return chosen
    fitting = [p for kind in rule.places for p in places.all_places().values() if p.kind is kind and p.active]
    usual = [p for p in fitting if p.kind is not PlaceKind.OFFICE or p.owner_id == visit.host_id]
    return next((p for p in usual if not places.occupied_by(p, visit)), usual[0] if usual else None)


def _completed_late(visit: Visit, rule: CategoryRule, now: datetime) -> bool:
    """RC-04: true when the form of an appointment is completed only now, nearer than its lead time."""
    if visit.late is not Late.NO or visit.arranged_at is not None or visit.state is not State.EXPECTED:
        return False
    begins = visit.starts_at
    return begins is not None and not rules.in_time(now, begins, rule.lead_days, company_calendar.current())


def places_for(visit: Visit, verb: str, by: Viewer, now: datetime) -> list[PlaceCard]:
    """RC-02: where this visitor may be led now: what the category allows and nobody else has, the usual place first."""
    rule = rule_for(visit.category, now)
    given = {"rule": rule, "agreed": verb == "agree"}
    free = [
        place
        for place in places.free_now(visit, now)
        if rules.place_allowed(Attempt(visit, by, now, given | {"place": place})) is None
    ]
    return sorted(free, key=lambda place: place.kind not in rule.places)


def with_places(refused: Refused, visit: Visit, verb: str, by: Viewer, now: datetime) -> Refused:
    """RC-02: who may not be led to a place, or finds it taken, hears in the same breath which places are free."""
    if not any(reason.code in ABOUT_PLACES for reason in refused.reasons):
        return refused
    free = places_for(visit, verb, by, now)
    names = Reason("RC-02", "places_free", {"places": tuple(place.words for place in free)})
    return Refused([*refused.reasons, names if free else Reason("RC-02", "no_place_free")])


def _plain(key: str, now: datetime) -> timedelta:
    """A limit of plain time as a length."""
    return limits.due(now, policies.value(key, now), company_calendar.current()) - now


def undo_within(now: datetime) -> timedelta:
    """RC-17: how long a touch can be taken back."""
    return _plain("limit.visit_undo", now)


def no_answer_after(now: datetime) -> timedelta:
    """RC-11: how long the desk waits for a department's answer."""
    return _plain("limit.visit_no_answer", now)


def no_show_after(now: datetime) -> timedelta:
    """RC-19: how long after the appointment somebody may still come."""
    return _plain("limit.visit_no_show", now)


def warned_before(now: datetime) -> timedelta:
    """RC-07: how long before it begins the hosts are warned."""
    return _plain("limit.visit_warning", now)


def host_leads(visit: Visit) -> bool:
    """RC-24: true when the person visited is a leader."""
    return visit.host_id is not None and host_is_leader(visit.host_id)


def host_is_leader(person_id: int) -> bool:
    """RC-24: heads of department, the general manager, the general-office director and whoever ranks with them."""
    staff = reference.staff()
    card = staff.cards[person_id]
    top = staff.holding(Position.GENERAL_MANAGER) + staff.holding(Position.OFFICE_DIRECTOR)
    return card.role is Role.LEAD or card.id in top or card.rank in {Rank.MIDDLE, Rank.SENIOR}


def last_step(visit: Visit) -> VisitStep | None:
    """The newest touch that was not taken back, if nobody else has moved the visit on since."""
    steps = sa.select(VisitStep).where(
        VisitStep.visit_id == visit.id, VisitStep.undone_at.is_(None), VisitStep.at >= visit.state_since
    )
    return db.session.scalars(steps.order_by(VisitStep.id.desc()).limit(1)).one_or_none()
