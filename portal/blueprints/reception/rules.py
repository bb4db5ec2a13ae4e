"""The rules of reception as pure functions: who somebody is to a visit, and what stands in the way of a verb."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.reception.codes import (
    ADMINISTRATION,
    Category,
    Errand,
    Late,
    PlaceKind,
    Side,
    State,
)
from portal.blueprints.reception.register.codes import Field
from portal.kernel.calendars import Calendar
from portal.kernel.limits import due
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

Found = Reason | Iterable[Reason] | None


def standing(visit: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a visit: desk, office, lead, host, maker, clerk; the sweep is `portal`."""
    if by.id is None:
        return frozenset({"portal"})
    found = {
        "desk": by.role in {Role.DESK, Role.OFFICE},
        "office": by.role is Role.OFFICE,
        "lead": visit.department in by.leads or by.role is Role.OFFICE or by.is_manager,
        "host": visit.host_id == by.id,
        "maker": visit.created_by_id == by.id,
        "clerk": by.department == ADMINISTRATION and by.role is not Role.DESK,
    }
    return frozenset(name for name, is_so in found.items() if is_so)


# -- places ---------------------------------------------------------------------------------------------------------


def place_allowed(attempt: Attempt) -> Found:
    """RC-02: only the places of the category; an office only for its owner's guests.

    After the lead agreed, a D visitor may also be led to the small meeting room or to the office of who agreed.
    """
    place, rule = attempt.given.get("place"), attempt.given["rule"]
    if place is None:
        return None
    if place.kind is PlaceKind.OFFICE:
        return None if place.owner_id in _owners(attempt) else Reason("RC-02", "office_of_another")
    allowed = set(rule.places)
    if attempt.subject.category is Category.D and (attempt.given.get("agreed") or attempt.subject.decided_at):
        allowed.add(PlaceKind.SMALL)
    if attempt.subject.errand is Errand.COMPLAINT:  # RC-30: wherever nobody else is
        allowed |= {PlaceKind.LARGE, PlaceKind.SMALL, PlaceKind.LOUNGE}
    return None if place.kind in allowed else Reason("RC-02", "place_not_for_category")


def _owners(attempt: Attempt) -> set[int]:
    """Whose guest this is: the host's; after an agreement also of who agreed."""
    visit = attempt.subject
    agreed = attempt.by.id if attempt.given.get("agreed") else visit.decided_by_id
    return {person for person in (visit.host_id, agreed) if person is not None}


def place_needed(attempt: Attempt) -> Found:
    """RC-02: somebody is seated somewhere."""
    return None if attempt.given.get("place") is not None else Reason("RC-02", "no_place")


def place_free(attempt: Attempt) -> Found:
    """RC-02: somebody else sits there; the database itself refuses a second booking of the same time."""
    busy = attempt.given.get("occupied_by")
    return Reason("RC-02", "place_occupied", {"number": busy}) if busy else None


def place_kept(attempt: Attempt) -> Found:
    """RC-02: whose place went to another visit, or was blocked, is not confirmed without another one."""
    winner = attempt.given.get("lost_to")
    return Reason("RC-02", "place_gone", {"number": winner}) if winner else None


# -- arriving -------------------------------------------------------------------------------------------------------


def minimum_fields(attempt: Attempt) -> Found:
    """RC-10: the minimum fields of the first person and the party's size come before the seat."""
    rule, visit = attempt.given["rule"], attempt.subject
    missing = [name for name in rule.fields if not _known(visit, name)]
    return Reason("RC-10", "fields_missing", {"fields": tuple(map(Field, missing))}) if missing else None


def _known(visit: Any, name: str) -> bool:
    return bool(getattr(visit, {"host": "host_id"}.get(name, name)))


def leader_needs_matter(attempt: Attempt) -> Found:
    """RC-24: who asks for a leader is asked for the matter before the leader is told."""
    if attempt.given.get("host_leads") and not attempt.subject.purpose:
        return Reason("RC-24", "leader_needs_matter")
    return None


def matter_known(attempt: Attempt) -> Found:
    """RC-11: the matter is asked before the department is."""
    return None if attempt.given.get("purpose") or attempt.subject.purpose else Reason("RC-11", "ask_matter")


def on_business(attempt: Attempt) -> Found:
    """RC-11: only business goes to the department; else the desk asks to leave material and says goodbye."""
    return None if attempt.given.get("on_business") else Reason("RC-11", "not_on_business")


def not_on_business(attempt: Attempt) -> Found:
    """RC-11: on business the department decides, not the desk."""
    said = attempt.given.get("on_business")
    known = attempt.subject.on_business if said is None else said
    return Reason("RC-11", "department_decides") if known else None


def category_told(visit: Any) -> Reason | None:
    """RC-01: the desk says of what category somebody from the kiosk is before anything that follows from it."""
    return Reason("RC-01", "category_open") if visit.undecided else None


def category_open(visit: Any) -> Reason | None:
    """RC-01: one touch says the category where it is open; another one is mended in the record."""
    return None if visit.undecided else Reason("RC-01", "category_told")


def lead_or_no_answer(attempt: Attempt) -> Found:
    """RC-11: the lead decides; the desk says goodbye only when nobody answered in time."""
    visit, after = attempt.subject, attempt.given["no_answer_after"]
    if "lead" in standing(visit, attempt.by) and attempt.by.role is not Role.DESK:
        return None
    if visit.asked_at is not None and attempt.now >= visit.asked_at + after:
        return None
    return Reason("RC-11", "department_has_time")


def to_be_led(visit: Any) -> bool:
    """RC-11: the lead agreed, and nobody has led the visitor to the named place yet."""
    return visit.state is State.WAITING and visit.seated_at is None


# -- appointments ---------------------------------------------------------------------------------------------------


def not_confirmed(visit: Any) -> Reason | None:
    """RC-19: it waits for the department's word."""
    return Reason("RC-19", "already_confirmed") if visit.confirmed_at else None


def forward(attempt: Attempt) -> Found:
    """RC-19: an appointment ends after it begins."""
    begins, ends = attempt.given.get("starts_at"), attempt.given.get("ends_at")
    return Reason("RC-19", "ends_before_it_begins") if begins and ends and ends <= begins else None


def set_time_over(attempt: Attempt) -> Found:
    """RC-19: somebody has not come only when the set time after the appointment is over."""
    begins = attempt.subject.starts_at
    if begins is None or attempt.now >= begins + attempt.given["no_show_after"]:
        return None
    return Reason("RC-19", "may_still_come")


def in_time(arranged_at: datetime, starts_at: datetime, days: int, calendar: Calendar) -> bool:
    """RC-04: the form came so many working days ahead: that many closing times lie before the meeting."""
    return days == 0 or due(arranged_at, f"{days - 1} wd", calendar) <= starts_at


# RC-04: what a meeting arrangement form says at least; without them it is not complete, whatever else was typed.
ARRANGEMENT = ("topic",)


def arranged(visit: Any) -> bool:
    """RC-04: the arrangement form is complete: every field that must be there is."""
    return all(getattr(visit, name) for name in ARRANGEMENT)


def form_missing(visit: Any, rule: Any) -> bool:
    """RC-04: the visit's category asks for an arrangement form, and it is not complete.

    None is needed for a complaint, nor where nobody was received.
    """
    received = visit.state not in {State.DECLINED, State.CANCELLED, State.NO_SHOW}
    return bool(rule.needs_form and received and visit.errand is not Errand.COMPLAINT and not arranged(visit))


def late_form_says_why(attempt: Attempt) -> Found:
    """RC-04: a form that is completed nearer than its lead time says why; the general office approves it."""
    late = attempt.given.get("comes_late") and not attempt.given.get("late_reason")
    return Reason("RC-04", "late_form_reason") if late else None


def late_move_says_why(attempt: Attempt) -> Found:
    """RC-04: what is moved nearer than the form's lead time says why; the general office approves it as a late form."""
    late = attempt.given.get("comes_late") and not attempt.given.get("note")
    return Reason("RC-04", "late_reason_needed") if late else None


def late_and_open(visit: Any) -> Reason | None:
    """RC-04: only a late form waits for the general office."""
    return None if visit.late is Late.ASKED else Reason("RC-04", "not_late")


def form_complete(visit: Any) -> Reason | None:
    """RC-04: what is approved says what the meeting is about; a form without a topic waits for it first."""
    return None if arranged(visit) else Reason("RC-04", "form_incomplete")


def not_own_form(attempt: Attempt) -> Found:
    """RC-04: nobody approves the own late form."""
    maker = attempt.subject.arranged_by_id or attempt.subject.created_by_id
    return Reason("RC-04", "own_form") if maker == attempt.by.id else None


# -- leaving --------------------------------------------------------------------------------------------------------


def still_here(visit: Any) -> Reason | None:
    """RC-27: somebody who was declined has not left yet."""
    gone = visit.left_at is not None or visit.arrived_at is None
    return Reason("RC-27", "already_left") if gone else None


def nothing_outstanding(attempt: Attempt) -> Reason | None:
    """RC-27: a visit is not closed while things are held for it or lent to it."""
    things = attempt.given.get("outstanding")
    return Reason("RC-27", "outstanding", {"things": things}) if things else None


def names_known(attempt: Attempt) -> Reason | None:
    """RC-10: of C the other names follow; leaving is recorded without them, closing is not."""
    visit = attempt.subject
    short = visit.category is Category.C and visit.party_size > 1 and not visit.party and visit.used_place
    return Reason("RC-10", "names_missing") if short else None


def own_check(attempt: Attempt) -> Reason | None:
    """RC-13: the check after needs each named side, and after A and B two different people."""
    visit, sides = attempt.subject, attempt.given["rule"].room_check
    if not visit.used_place or len(sides) < 2:
        return None
    side = check_side(visit, attempt.by, sides)
    if side is None:
        return Reason("RC-13", "second_person")
    return None


def nobody_sat_there(attempt: Attempt) -> Reason | None:
    """RC-13: the portal closes only what left no room to check."""
    unchecked = attempt.by.id is None and attempt.subject.used_place
    return Reason("RC-13", "room_unchecked") if unchecked else None


# What is asked before a room counts as checked, and told instead of offering it.
CHECKING = (own_check, names_known, nobody_sat_there, nothing_outstanding)


def against_check(visit: Any, by: Any, rule: Any, now: datetime) -> list[Reason]:
    """RC-13, RC-27, RC-10: why this person cannot record the room check yet; empty when nothing is in the way."""
    attempt = Attempt(visit, by, now, {"rule": rule, "outstanding": visit.outstanding})
    return [reason for gate in CHECKING if (reason := gate(attempt))]


def check_side(visit: Any, by: Any, sides: Iterable[Side]) -> Side | None:
    """Which side of the check this person can still do; None when the other side has to, or the same person did one."""
    done = {Side.DESK: visit.desk_checked_by_id, Side.CLERK: visit.clerk_checked_by_id}
    if by.id in done.values():
        return None
    mine = standing(visit, by)
    for side in sides:
        if side in mine and done.get(side) is None:
            return side
    return None


def checks_missing(visit: Any, sides: Iterable[Side]) -> list[Side]:
    """The sides that have not checked the room yet; none for who never sat in one (RC-13)."""
    if not visit.used_place:
        return []
    done = {Side.DESK: visit.desk_checked_at, Side.CLERK: visit.clerk_checked_at}
    return [side for side in sides if done.get(side) is None]


# -- tasks and taking back ------------------------------------------------------------------------------------------


def own_duty(attempt: Attempt) -> Found:
    """RC-03: each duty is done by the side that has it; the desk may do any."""
    task = attempt.given.get("task")
    if task is None:
        return None
    mine = standing(attempt.subject, attempt.by)
    able = {
        Side.DESK: {"desk"},
        Side.CLERK: {"clerk", "desk", "office"},
        Side.HOST: {"host", "lead", "desk", "office"},
    }
    return None if mine & able[task.side] else Reason("RC-03", "other_duty")


def may_undo(attempt: Attempt) -> Found:
    """RC-17: a touch can be taken back for a while; afterwards only a correction says how it was."""
    step, within = attempt.given.get("step"), attempt.given["undo_within"]
    if step is None:
        return Reason("RC-17", "nothing_to_undo")
    return undo_refused(step.at, attempt.now, within)


def undo_refused(at: datetime, now: datetime, within: timedelta) -> Reason | None:
    """RC-17: None while the touch at `at` may still be taken back."""
    return None if now <= at + within else Reason("RC-17", "undo_too_late")


# -- the daily register ---------------------------------------------------------------------------------------------


def with_its_register(attempt: Attempt) -> Found:
    """RC-17: a visit is put away with the register of its day, after the review; never by itself."""
    return None if attempt.given.get("register") else Reason("RC-17", "with_its_register")


def has_gone(attempt: Attempt) -> Found:
    """RC-17: who was declined and is still here is not put away."""
    visit = attempt.subject
    here = visit.state is State.DECLINED and visit.arrived_at is not None and visit.left_at is None
    return Reason("RC-17", "still_here") if here else None


def seat_fits_category(attempt: Attempt) -> Found:
    """RC-02: who sits somewhere already can only become what is received there."""
    wanted, place = attempt.given.get("category"), attempt.given.get("place")
    if wanted in {None, attempt.subject.category} or place is None or not attempt.subject.used_place:
        return None
    return place_allowed(attempt)


# -- pure helpers of board and walk-in ------------------------------------------------------------------------------


def waited(arrived: datetime, now: datetime) -> int:
    """Whole minutes since arrival."""
    return max(int((now - arrived).total_seconds() // 60), 0)


@dataclass(frozen=True)
class Sought:
    """What somebody at the desk says of themselves."""

    name: str = ""
    phone: str = ""
    company: str = ""
    pass_code: str = ""


SURE = 2  # from here on a match is no guess


def matching(sought: Sought, expected: Iterable[Any], *, surely: bool = False) -> list[Any]:
    """RC-18: the appointments that this may be, the surest first: pass code, phone, name with company, name.

    `surely` leaves out those of which only the name is the same.
    """
    least = SURE if surely else 1
    ranked = [
        (rank, place, one) for place, one in enumerate(expected) if (rank := _likeness(sought, one)) >= least
    ]
    return [one for _, _, one in sorted(ranked, key=lambda row: (-row[0], row[1]))]


def _likeness(sought: Sought, one: Any) -> int:
    if sought.pass_code and sought.pass_code.upper() == one.pass_code:
        return 4
    if sought.phone and _digits(sought.phone) == _digits(one.phone) != "":
        return 3
    if not sought.name or sought.name != one.visitor_name:
        return 0
    if sought.phone and one.phone:  # two people of one name
        return 0
    return 2 if sought.company and sought.company == one.company else 1


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())
