"""What each verb does to a visit: one function a verb, called by `perform` after right, state and gates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.blueprints.reception import places, queries, rules, watch
from portal.blueprints.reception.codes import (
    PRESENT,
    Category,
    Errand,
    Late,
    Layout,
    PlaceKind,
    Refreshment,
    Satisfaction,
    Side,
    State,
    Task,
)
from portal.blueprints.reception.matrix import CategoryRule, rule_for, tour_duties
from portal.blueprints.reception.models import Visit, VisitStep, VisitTask
from portal.blueprints.reception.places import PlaceCard
from portal.blueprints.reception.reach import find
from portal.blueprints.reception.services import actions as services
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import (
    clock,
    company_calendar,
    customers,
    digests,
    history,
    limits,
    numbers,
    pinyin,
    policies,
    reference,
    search,
    transitions,
)
from portal.kernel.customers import Customer
from portal.kernel.db import UTCDateTime, db
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import Position, Rank, Role
from portal.kernel.transitions import Effect

OPEN = PRESENT | {State.EXPECTED}
# What a touch on the board moves and `undo` puts back.
KEPT = (
    "state", "state_since", "arrived_at", "measured", "greeted_at", "greeted_by_id", "asked_at", "decided_at",
    "decided_by_id", "decision_note", "on_business", "place_id", "seated_at", "met_at", "left_at", "used_place",
    "desk_checked_at", "desk_checked_by_id", "clerk_checked_at", "clerk_checked_by_id", "late", "satisfaction",
    "day", "material",
)  # fmt: skip
UNDOABLE = frozenset(
    {"arrive", "greet", "ask", "decline", "seat", "meet", "leave", "check", "cancel", "no-show"}
)
EDITABLE = (
    "category", "visitor_name", "company", "phone", "party_size", "party", "purpose", "errand", "host", "department",
    "refreshment", "meal", "lodging", "consent", "material",
)  # fmt: skip


class Doubled(Exception):
    """A form that was sent before: `visit` is what it made; `same` tells whether it said the same."""

    def __init__(self, visit: Visit, same: bool) -> None:
        self.visit, self.same = visit, same
        super().__init__(visit.number)


def register(
    *,
    by: Viewer,
    now: datetime,
    idempotency_key: str | None = None,
    card: Customer | None = None,
    quiet: bool = False,
    kiosk: int | None = None,
    **fields: Any,
) -> Visit:
    """Record who stands there, or an appointment when it names a time (RC-17, RC-19). Inside a write.

    `fields` are the form's: category, errand, visitor_name, company, phone, party_size, purpose, host_id, department,
    place_id, starts_at, ends_at, refreshment, meal, lodging, on_business, consent, topic, late_reason; `card` is
    that of somebody who is known, `quiet` tells nobody: one of a series, see `appointments`. Raises Doubled for a key
    used before, Refused for a place that is taken. `kiosk`: the visitor wrote it there, nobody greeted yet, and `by`
    answers for that tablet (RC-23).
    """
    digest = digests.fields_digest(fields)
    number = numbers.take("LF", now)
    history.wait_for_turn()  # who asks for a place sees what another has just been given
    if idempotency_key and (before := _sent(by, idempotency_key)):
        raise Doubled(before, before.fields_digest == digest)
    booked = fields.get("starts_at") is not None
    visit = Visit(
        **fields,
        number=number,
        day=_day(fields.get("starts_at") or now),
        state=State.EXPECTED if booked else State.ARRIVED,
        state_since=now,
        booked=booked,
        created_at=now,
        created_by_id=by.id,
        idempotency_key=idempotency_key,
        fields_digest=digest,
        pass_code=digests.pass_code(),
    )
    if card is not None:  # whoever is known need not be asked again
        visit.customer_id = card.id
        visit.consent = visit.consent or card.consent_at is not None
    _settle(visit, now)
    rule = rule_for(visit.category, now)
    if visit.refreshment is None and rule.refreshments:
        visit.refreshment = rule.refreshments[0]
    if booked:
        _book(visit, rule, by, now)
    else:
        _walk_in(visit, rule, None if kiosk else by, now)
    db.session.add(visit)
    db.session.flush()
    _put_tasks(visit, rule, now)
    search.put("visit", visit.id, old=None, new=queries.searchable(visit))
    _record_new(visit, by, now, kiosk)
    places.hold(visit, now)
    watch.put_up(visit, now)
    services.wish(visit, by=by, now=now)
    tell_losers(places.gave_way(visit), visit.number, now)
    if booked and not visit.confirmed_at and not quiet:
        watch.tell(visit, ["handler"], "visit:booked", now, but=by.id)
    if not booked:
        _on_arrival(visit, rule, by, now)
    return visit


def _sent(by: Viewer, key: str) -> Visit | None:
    ours = sa.and_(Visit.created_by_id == by.id, Visit.idempotency_key == key)
    return db.session.scalars(sa.select(Visit).where(ours)).one_or_none()


def _day(at: datetime) -> str:
    return clock.local(at).date().isoformat()


def _settle(visit: Visit, now: datetime) -> None:
    """What follows from the fields: the host's department, how the name is found, the card (RC-20)."""
    if visit.department is None and visit.host_id is not None:
        visit.department = reference.staff().cards[visit.host_id].department
    visit.visitor_pinyin = pinyin.readings(visit.visitor_name)
    visit.phone_tail = customers.tail(visit.phone or "")
    if visit.consent and visit.customer_id is None:
        by = visit.created_by_id
        card = customers.card_for(visit.visitor_name, visit.phone or "", visit.company or "", by=by, now=now)
        visit.customer_id = card.id
        if card.consent_at is None:
            card.consent_at = now


def _book(visit: Visit, rule: CategoryRule, by: Viewer, now: datetime) -> None:
    """RC-19: an appointment; the host's own needs no further word. RC-04: is the arrangement form in time?"""
    if visit.host_id == by.id:
        visit.confirmed_at, visit.confirmed_by_id = now, by.id
        if visit.place_id is None and (place := places.free_for(visit, rule.places, now)):
            visit.place_id = place.id
    if rule.needs_form and visit.starts_at is not None:
        visit.arranged_at, visit.arranged_by_id = now, by.id
        calendar = company_calendar.current()
        if not rules.in_time(now, visit.starts_at, rule.lead_days, calendar):
            visit.late = Late.ASKED


def _walk_in(visit: Visit, rule: CategoryRule, greeter: Viewer | None, now: datetime) -> None:
    visit.arrived_at, visit.measured = now, greeter is None
    if greeter is not None:
        visit.greeted_at, visit.greeted_by_id = now, greeter.id
    if rule.needs_form and visit.errand is not Errand.COMPLAINT:
        visit.late = Late.AFTERWARDS  # RC-04: received all the same, the form follows


def _put_tasks(visit: Visit, rule: CategoryRule, now: datetime) -> None:
    """RC-03, RC-28, RC-30: the duties of the category and of a special errand; meals and lodging are `services`."""
    # RC-30: water comes before everything else to somebody who complains.
    first = {Task.WATER: Side.DESK} if visit.errand is Errand.COMPLAINT else {}
    duties = first | dict(rule.duties)
    if visit.errand is Errand.TOUR:
        duties = dict(tour_duties(now)) | duties
    if len((visit.party or "").splitlines()) >= visit.party_size - 1:  # nobody is left to be written down
        duties.pop(Task.NAMES, None)
    there = {task.task: task for task in watch.tasks_of(visit)}
    for task, side in duties.items():
        if task not in there:
            db.session.add(VisitTask(visit_id=visit.id, task=task, side=side))
    for task, row in there.items():
        if row.done_at is not None:
            continue
        if task in duties:
            row.side = duties[task]
        else:
            db.session.delete(row)
    db.session.flush()


def _record_new(visit: Visit, by: Viewer, now: datetime, kiosk: int | None) -> None:
    words = {
        name: getattr(visit, name) for name in ("visitor_name", "company", "phone", "purpose", "late_reason")
    }
    history.record(
        visit,
        "visit:book" if visit.booked else "visit:register",
        by=None if kiosk else by.id,
        now=now,
        clause="RC-19" if visit.booked else "RC-17",
        kiosk=kiosk,
        category=visit.category,
        number=visit.number,
        host=visit.host_id,
        department=visit.department,
        party_size=visit.party_size,
        late=visit.late if visit.late is not Late.NO else None,
        words={name: text for name, text in words.items() if text},
    )


# -- performing -----------------------------------------------------------------------------------------------------


def act(number: str, verb: str, *, by: Viewer, now: datetime, **given: Any) -> Visit:
    """Perform one verb on a visit, from looking it up to the commit. Raises NotFound, Forbidden, Refused."""
    with db.write():
        visit = find(by, number, lock=True)
        perform(visit, verb, by=by, now=now, **given)
    return visit


def perform(visit: Visit, verb: str, *, by: Viewer, now: datetime, **given: Any) -> Effect:
    """One verb inside a write: what the gates must know, the transition, the step that can be taken back, the place."""
    before = {name: getattr(visit, name) for name in KEPT}
    unsought = queries.searchable(visit)
    if visit.state in OPEN:  # RC-01: a changed matrix reaches the open ones with their next act
        _put_tasks(visit, rule_for(visit.category, now), now)
    effect = transitions.perform(
        VISIT, visit, verb, ACTIONS[verb], by=by, now=now, **prepared(visit, verb, by, now, given)
    )
    if verb in UNDOABLE and (verb != "decline" or by.role in {Role.DESK, Role.OFFICE}):
        moved = {name: was for name, was in before.items() if was != getattr(visit, name)}
        db.session.add(
            VisitStep(
                visit_id=visit.id, verb=verb, at=now, by_id=by.id, before=json.dumps(moved, default=str)
            )
        )
    if (sought := queries.searchable(visit)) != unsought:
        search.put("visit", visit.id, old=unsought, new=sought)
    places.hold(visit, now)
    if visit.state in {State.CANCELLED, State.DECLINED}:
        services.call_off(visit, by=by, now=now)
    tell_losers(places.gave_way(visit), visit.number, now)
    return effect


def tell_losers(losers: Sequence[Visit], number: str, now: datetime) -> None:
    """RC-02: whose request lost the place hears of it, and to what."""
    for other in losers:
        history.record(other, "visit:place_lost", by=None, now=now, clause="RC-02", number=number)
        watch.tell(other, ["handler"], "visit:place_lost", now)
        watch.put_up(other, now)


def prepared(visit: Visit, verb: str, by: Viewer, now: datetime, given: dict[str, Any]) -> dict[str, Any]:
    """The form's fields and what the gates must know besides."""
    rule = rule_for(given.get("category") or visit.category, now)
    given["rule"] = rule
    match verb:
        case "seat" | "meet" | "agree":
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
        case "move":
            given["comes_late"] = _comes_late(visit, rule, given["starts_at"])
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


# -- arriving -------------------------------------------------------------------------------------------------------


def arrive(
    visit: Visit, *, by: Viewer, now: datetime, rule: CategoryRule, kiosk: int | None = None,
    party_size: int | None = None, **_: Any,
) -> Effect:  # fmt: skip
    """RC-18, RC-09: the appointment stands at the desk; RC-07: of A the business staff hear at once.

    RC-23: at a kiosk (its id) nobody has greeted yet, so how long that takes is measured.
    """
    visit.arrived_at, visit.measured, visit.day = now, kiosk is not None, _day(now)
    if party_size is not None and party_size != visit.party_size:
        visit.party_size = party_size
        _put_tasks(visit, rule, now)
    if not kiosk:
        visit.greeted_at, visit.greeted_by_id = now, by.id
    if visit.late is Late.ASKED or (rule.needs_form and visit.arranged_at is None):
        visit.late = Late.AFTERWARDS  # RC-04: whoever stands there is received
    _on_arrival(visit, rule, by, now)
    return Effect({"kiosk": kiosk, "party_size": party_size})


def _on_arrival(visit: Visit, rule: CategoryRule, by: Viewer, now: datetime) -> None:
    if visit.customer_id is not None:
        customers.seen(visit.customer_id, now)
    if visit.state is State.DECLINED or visit.category is Category.D:
        return
    if rule.tells_before_seating():
        watch.tell(visit, ["handler"], "visit:arrived", now, but=by.id)


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
    """RC-11: the lead receives the visitor, at the named place."""
    visit.decided_at, visit.decided_by_id, visit.decision_note = now, by.id, note
    visit.place_id = place.id if place else visit.place_id
    visit.seated_at = visit.seated_at or now
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


# -- leaving --------------------------------------------------------------------------------------------------------


def leave(
    visit: Visit, *, by: Viewer, now: datetime, satisfaction: Satisfaction | None = None, remark: str = "",
    material: str = "", **_: Any,
) -> Effect:  # fmt: skip
    """RC-27: leaving is always recorded; RC-21: how it was, if asked."""
    visit.left_at = now
    watch.end_decision(visit, now)
    visit.material = material or visit.material
    _say_goodbye(visit, satisfaction, remark, by, now)
    return Effect(
        {"outstanding": visit.outstanding or None, "satisfaction": satisfaction}, {"remark": remark}
    )


def farewell(
    visit: Visit,
    *,
    by: Viewer,
    now: datetime,
    satisfaction: Satisfaction | None = None,
    remark: str = "",
    **_: Any,
) -> Effect:
    """RC-21: whether the visitor was satisfied; a remark reaches the department."""
    _say_goodbye(visit, satisfaction, remark, by, now)
    return Effect({"satisfaction": satisfaction}, {"remark": remark})


def _say_goodbye(
    visit: Visit, satisfaction: Satisfaction | None, remark: str, by: Viewer, now: datetime
) -> None:
    visit.satisfaction = satisfaction or visit.satisfaction
    if remark:
        visit.remark = remark
        watch.tell(visit, ["lead"], "visit:remark", now, but=by.id)


def check(visit: Visit, *, by: Viewer, now: datetime, rule: CategoryRule, note: str = "", **_: Any) -> Effect:
    """RC-13: the room was checked by one side; the visit is closed once every side has."""
    if by.id is None:  # nobody sat there, so there was no room to check
        return Effect()
    side = rules.check_side(visit, by, rule.room_check) or Side.DESK
    if side is Side.CLERK:
        visit.clerk_checked_at, visit.clerk_checked_by_id = now, by.id
    else:
        visit.desk_checked_at, visit.desk_checked_by_id = now, by.id
    missing = rules.checks_missing(visit, rule.room_check)
    return Effect({"side": side}, {"note": note}, stay=bool(missing))


def report(visit: Visit, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """RC-14: something unusual: the superior hears of it at once."""
    watch.tell_administration(visit, "visit:report", now, but=by.id)
    watch.tell(visit, ["director"], "visit:report", now, but=by.id)
    return Effect({}, {"note": note})


# -- appointments ---------------------------------------------------------------------------------------------------


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
    visit.starts_at, visit.ends_at, visit.day = starts_at, ends_at, _day(starts_at)
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
    refreshment: Refreshment | None = None, supplies_wanted: str = "", **_: Any,
) -> Effect:  # fmt: skip
    """RC-04: the meeting arrangement form, part of the visit; completed afterwards it stays marked late."""
    visit.topic, visit.arrangement = topic, arrangement
    visit.companion_id = companion.id if companion else None
    visit.layout, visit.screen, visit.supplies_wanted = layout, screen, supplies_wanted
    visit.refreshment = refreshment or visit.refreshment
    visit.party = party or visit.party
    visit.late_reason = late_reason or visit.late_reason
    if visit.arranged_at is None:
        visit.arranged_at, visit.arranged_by_id = now, by.id
    return Effect(
        {"late": visit.late if visit.late is not Late.NO else None, "companion": visit.companion_id},
        {"topic": topic},
    )


def approve_late(visit: Visit, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """RC-04: the general office lets a late form through; it stays marked late."""
    visit.late, visit.late_approved_by_id = Late.APPROVED, by.id
    watch.tell(visit, ["handler"], "visit:late_approved", now, but=by.id)
    return Effect({}, {"note": note})


def task(
    visit: Visit, *, by: Viewer, now: datetime, task: VisitTask | None = None, note: str = "", **_: Any
) -> Effect:
    """RC-03: a duty was done."""
    if task is None or task.done_at is not None:
        return Effect()
    task.done_at, task.done_by_id, task.note = now, by.id, note
    if task.task is Task.REFRESHMENT:
        visit.served_at = now
    return Effect({"task": task.task}, {"note": note})


# -- mending --------------------------------------------------------------------------------------------------------


def archive(visit: Visit, *, by: Viewer, now: datetime, register: str, **_: Any) -> Effect:
    """RC-17: put away with the register of its day; from now on only a signed correction says otherwise."""
    return Effect({"register": register})


def edit(
    visit: Visit,
    *,
    by: Viewer,
    now: datetime,
    rule: CategoryRule,
    place: PlaceCard | None = None,
    **fields: Any,
) -> Effect:
    """RC-17: the record is completed or mended; what stood there stays in the history. RC-01: with another category
    come its tasks, its places and whether it needs the arrangement form."""
    was = visit.category
    changed = {name: value for name, value in fields.items() if getattr(visit, name) != value}
    texts = [name for name in changed if isinstance(changed[name], str) and name != "category"]
    words = {name: str(getattr(visit, name) or "") for name in texts}
    for name, value in changed.items():
        setattr(visit, name, value)
    _settle(visit, now)
    if visit.category is not was:
        _recategorise(visit, rule, place, by, now)
    _put_tasks(visit, rule, now)
    services.wish(visit, by=by, now=now)
    moved = {"category_was": was, "category": visit.category} if visit.category is not was else {}
    return Effect({"fields": sorted(changed), **moved}, words)


def _recategorise(
    visit: Visit, rule: CategoryRule, place: PlaceCard | None, by: Viewer, now: datetime
) -> None:
    """RC-01: what another category asks for: a place of its own (RC-02), and a form in time or late (RC-04)."""
    fits = place is None or place.kind in rule.places or place.kind is PlaceKind.OFFICE
    if not fits and not visit.used_place:
        visit.place_id = None
    if not rule.needs_form:
        visit.late = Late.NO
    elif visit.state is State.EXPECTED and visit.starts_at is not None:
        visit.arranged_at, visit.arranged_by_id = visit.arranged_at or now, visit.arranged_by_id or by.id
        calendar = company_calendar.current()
        in_time = rules.in_time(visit.arranged_at, visit.starts_at, rule.lead_days, calendar)
        visit.late = Late.NO if in_time else Late.ASKED
    elif visit.arranged_at is None:
        visit.late = Late.AFTERWARDS


def open_tasks(visit: Visit) -> list[Task]:
    """RC-03: the duties that nobody has done yet."""
    return [row.task for row in watch.tasks_of(visit) if row.done_at is None]


def last_step(visit: Visit) -> VisitStep | None:
    """The newest touch that was not taken back, if nobody else has moved the visit on since."""
    steps = sa.select(VisitStep).where(
        VisitStep.visit_id == visit.id, VisitStep.undone_at.is_(None), VisitStep.at >= visit.state_since
    )
    return db.session.scalars(steps.order_by(VisitStep.id.desc()).limit(1)).one_or_none()


def undo(visit: Visit, *, by: Viewer, now: datetime, step: VisitStep, **_: Any) -> Effect:
    """RC-17: the last touch is taken back; both stay in the history."""
    step.undone_at = now
    for name, was in step.was.items():
        setattr(visit, name, _restored(getattr(Visit, name), was))
    if step.verb == "ask":
        watch.end_decision(visit, now)
    if step.verb == "decline" and visit.state is State.ASKED:
        watch.WATCH.start(visit, "visit_decision", now)
    return Effect({"undone": step.verb})


def _restored(column: InstrumentedAttribute[Any], was: Any) -> Any:
    """A value as the column keeps it, from how JSON keeps it."""
    if was is None:
        return None
    if isinstance(column.type, sa.Enum) and column.type.enum_class is not None:
        return column.type.enum_class(was)
    return datetime.fromisoformat(was) if isinstance(column.type, UTCDateTime) else was


def many(numbers_: Sequence[str], verb: str, *, by: Viewer, now: datetime) -> list[Visit]:
    """One touch for several visits, each by itself; all or none."""
    with db.write():
        found = [find(by, number, lock=True) for number in sorted(set(numbers_))]
        for visit in found:
            perform(visit, verb, by=by, now=now)
    return found


# The verb is the key: the row of the workflow, the address, the form, the function.
ACTIONS: dict[str, transitions.Action] = {
    "arrive": arrive,
    "ask": ask,
    "agree": agree,
    "decline": decline,
    "confirm": confirm,
    "seat": seat,
    "meet": meet,
    "leave": leave,
    "check": check,
    "greet": greet,
    "farewell": farewell,
    "task": task,
    "arrange": arrange,
    "approve-late": approve_late,
    "move": move,
    "cancel": cancel,
    "no-show": no_show,
    "report": report,
    "edit": edit,
    "undo": undo,
    "archive": archive,
}

__all__ = ["ACTIONS", "EDITABLE", "PRESENT", "UNDOABLE", "Doubled", "act", "many", "perform", "register"]
