"""What is done with a leave: asked for, answered, approved or not; each write asks the rules again (DR-04, DR-21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.blueprints.duty.leave import absences, queries, rules, takeovers, watch
from portal.blueprints.duty.leave.codes import PENDING, Answer, LeaveKind, State
from portal.blueprints.duty.leave.models import Cover, Leave
from portal.blueprints.duty.leave.workflow import ACCEPT, APPROVE, DECLINE, LEAVE, LEFT, NAME, WITHDRAW
from portal.blueprints.duty.rosters import changes
from portal.blueprints.duty.rosters.changes import Book
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.rosters.page import shift_words
from portal.kernel import clock, history, numbers, sent_forms, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Forbidden, Reason, Refused

Named = Mapping[int, Card]  # the substitute of each shift, by the shift's id


def touched(person_id: int, starts_at: datetime, ends_at: datetime, now: datetime) -> Sequence[Shift]:
    """DR-04: the published shifts that a leave runs into; what is over is not changed any more."""
    return changes.shifts_between(person_id, max(starts_at, now), ends_at)


def book_of(leave: Any, shifts: Iterable[Shift], now: datetime, *, lock: bool = False) -> Book:
    """The rosters of a leave's days, with the person away."""
    first, last = (clock.local(at).date() for at in (leave.starts_at, leave.ends_at))
    days = {first, last, *(shift.day for shift in shifts)}
    return Book.of(days, now, away=[leave.away], lock=lock)


# -- asked for ------------------------------------------------------------------------------------------------------


def ask(
    person: Card,
    *,
    by: Viewer,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    kind: LeaveKind,
    reason: str,
    substitute: Card | None = None,
    named: Named | None = None,
    sent: Sent | None = None,
) -> Leave:
    """DR-04: somebody asks for leave, or their head for them. Raises Forbidden, Refused.

    A substitute whom a rule forbids is refused at once, with every rule that would be broken. A form that was taken
    before is not taken again: TakenBefore.
    """
    if person.id != by.id and not rules.heads(by, person.department):
        raise Forbidden("ask", "DR-04")
    with db.write():
        number = numbers.take("QJ", now)  # first: two forms of one key queue here
        sent_forms.insist_fresh(by, sent)
        made = Leave(
            number=number, person_id=person.id, asked_by_id=by.id, kind=kind, starts_at=starts_at, ends_at=ends_at,
            reason=reason, state=State.ACCEPTED, state_since=now, created_at=now, lapses_at=starts_at,
        )  # fmt: skip
        book_of(made, (), now, lock=True)
        if (before := queries.overlapping(person.id, starts_at, ends_at)) is not None:
            raise Refused([Reason("DR-04", "leave_overlaps", {"number": before.number})])
        shifts = touched(person.id, starts_at, ends_at, now)
        made.covers = [_asked(shift, _chosen(shift, substitute, named or {})) for shift in shifts]
        hands = {each.shift: each.substitute_id for each in made.covers if each.substitute_id is not None}
        if against := book_of(made, hands, now).reasons(hands, leaves=person.id):
            raise Refused([Reason("DR-04", "substitute_unfit"), *against])
        made.state = rules.state_of(made.covers)
        made.lapses_at = rules.lapses_at(starts_at, ends_at, shifts, now)
        db.session.add(made)
        db.session.flush()
        sent_forms.taken(made, by, sent, now)
        details = {"kind": kind, "begins": starts_at, "ends": ends_at, "person": person.id}
        substitutes = sorted({cover.substitute_id for cover in made.covers if cover.substitute_id})
        history.record(made, "leave:ask", by=by.id, now=now, clause="DR-04", words={"reason": reason},
                       substitutes=substitutes or None, **details)  # fmt: skip
        watch.asked(made, now, by=by.id)
        watch.WATCH.clocks_moved(made, now)
    return made


def _chosen(shift: Shift, substitute: Card | None, named: Named) -> Card | None:
    """The substitute of one shift: its own, or the one who is named for all."""
    return named.get(shift.id, substitute)


def _asked(shift: Shift, card: Card | None) -> Cover:
    answer = Answer.WAITING if card else Answer.NOBODY
    return Cover(shift_id=shift.id, shift=shift, substitute_id=card.id if card else None, answer=answer)


# -- the verbs ------------------------------------------------------------------------------------------------------


def perform(leave: Leave, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb inside a write, with what its gates must know; the rosters are locked until the commit."""
    LEAVE.step(leave, verb, by)  # nothing is looked up for who may not
    book_of(leave, (), now, lock=True)
    shifts = {shift.id: shift for shift in touched(leave.person_id, leave.starts_at, leave.ends_at, now)}
    covers = _covers(leave, shifts.values())
    hands = HANDS.get(verb, _nothing)(covers, by, given)
    gap = None in hands.values()
    facts = {
        "covers": covers,
        "hands": hands,
        "running": [shift for shift in shifts.values() if shift.starts_at <= now],
        "uncovered": [shift_words(cover.shift) for cover in covers if cover.answer is not Answer.ACCEPTED],
        "against": book_of(leave, hands, now).reasons(hands, leaves=leave.person_id, gap=gap)
        if hands
        else [],
    }
    transitions.perform(LEAVE, leave, verb, ACTIONS[verb], by=by, now=now, **given, **facts)


act = transitions.one_write(queries.find, perform)


def _covers(leave: Leave, shifts: Iterable[Shift]) -> list[Cover]:
    """The covers of the shifts that it touches now; one that came to the person since is covered by nobody."""
    known = {cover.shift_id: cover for cover in leave.covers}
    found = []
    for shift in shifts:
        if shift.id not in known:
            known[shift.id] = _asked(shift, None)
            leave.covers.append(known[shift.id])
        found.append(known[shift.id])
    return found


Given = dict[str, Any]
Hands = dict[Shift, int | None]


def _nothing(_covers: list[Cover], _by: Viewer, _given: Given) -> Hands:
    return {}


def _own(covers: list[Cover], by: Viewer, _given: Given) -> Hands:
    """What the substitute accepts."""
    return {each.shift: by.id for each in covers if each.substitute_id == by.id}


def _named(covers: list[Cover], _by: Viewer, given: Given) -> Hands:
    """Who is named: for a shift of its own, or for every one that has no substitute yet."""
    substitute, named = given.pop("substitute", None), given.pop("named", {})
    lacking = [each for each in covers if each.answer is not Answer.ACCEPTED] or covers
    found: Hands = {each.shift: substitute.id for each in lacking if substitute}
    return found | {each.shift: named[each.shift_id].id for each in covers if each.shift_id in named}


def _decided(covers: list[Cover], _by: Viewer, given: Given) -> Hands:
    """What the head approves: who accepted takes over; with a reason the others are left to nobody."""
    return {
        each.shift: each.substitute_id if each.answer is Answer.ACCEPTED else None
        for each in covers
        if each.answer is Answer.ACCEPTED or given.get("gap_reason")
    }


HANDS = {ACCEPT: _own, NAME: _named, APPROVE: _decided}


def _moves_on(leave: Leave, covers: list[Cover], now: datetime) -> None:
    """What it waits for after an answer."""
    state = rules.state_of(covers)
    if state is not leave.state:
        leave.state, leave.state_since = state, now


def accept(leave: Leave, *, by: Viewer, now: datetime, covers: list[Cover], **_: Any) -> Effect:
    """DR-04: the substitute will take over; when the last one has said so, the head decides."""
    for cover in leave.covers:
        if cover.substitute_id == by.id and cover.answer is Answer.WAITING:
            cover.answer, cover.answered_at = Answer.ACCEPTED, now
    _moves_on(leave, covers, now)
    if leave.state is State.ACCEPTED:
        watch.to_decide(leave, now, but=by.id)
    watch.tell_own(leave, "leave:accepted", now, but=by.id)
    return Effect(stay=True)


def name(leave: Leave, *, by: Viewer, now: datetime, covers: list[Cover], hands: Hands, **_: Any) -> Effect:
    """DR-04: another substitute is asked."""
    for cover in covers:
        if cover.shift in hands:
            cover.substitute_id, cover.answer = hands[cover.shift], Answer.WAITING
            cover.answered_at = None
    _moves_on(leave, covers, now)
    asked = sorted({who for who in hands.values() if who is not None})
    watch.tell(leave, asked, "leave:asked", now, do=ACCEPT)
    return Effect({"substitutes": asked}, stay=True)


def approve(
    leave: Leave, *, by: Viewer, now: datetime, hands: Hands, gap_reason: str = "", note: str = "", **_: Any
) -> Effect:
    """DR-04: the head gives leave; in the same write the substitutes have the shifts. A gap is given openly."""
    gaps = [shift_words(shift) for shift, taker in hands.items() if taker is None]
    leave.gap_reason = gap_reason if gaps else ""
    _decide(leave, by, now, note)
    takeovers.hand_over(hands, by=by.id, now=now, paper=leave.number, clause="DR-04", gap=leave.gap_reason)
    substitutes = sorted({who for who in hands.values() if who is not None})
    watch.tell(leave, [leave.person_id, leave.asked_by_id, *substitutes], "leave:approved", now, but=by.id)
    if gaps:
        watch.tell(leave, watch.office(), "leave:gap", now, but=by.id)
    return Effect({"gaps": gaps or None, "substitutes": substitutes or None},
                  {"reason": leave.gap_reason, "note": note})  # fmt: skip


def decline(
    leave: Leave, *, by: Viewer, now: datetime, covers: list[Cover], note: str = "", **_: Any
) -> Effect:
    """DR-04: a substitute says no, and another is named; the head says no, and it is over."""
    if "head" not in rules.standing(leave, by):
        for cover in leave.covers:
            if cover.substitute_id == by.id:
                cover.answer, cover.answered_at = Answer.DECLINED, now
        _moves_on(leave, covers, now)
        watch.tell_own(leave, "leave:refused", now, but=by.id)
        return Effect({}, {"note": note}, stay=True)
    substitutes = watch.substitutes(leave)
    leave.state, leave.state_since = State.DECLINED, now
    _decide(leave, by, now, note)
    watch.tell(leave, [leave.person_id, leave.asked_by_id, *substitutes], "leave:declined", now, but=by.id)
    absences.of_leave(leave, now)
    return Effect({}, {"note": note}, stay=True)


def _decide(leave: Leave, by: Viewer, now: datetime, note: str) -> None:
    leave.decided_by_id, leave.decided_at, leave.note = by.id, now, note


def withdraw(leave: Leave, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """DR-04: it is not needed any more; shifts that substitutes have by now stay theirs."""
    told = [leave.person_id, leave.asked_by_id, *watch.substitutes(leave)]
    if leave.state is State.APPROVED:
        told += watch.heads(leave)
    watch.tell(leave, told, "leave:withdrawn", now, but=by.id)
    absences.of_leave(leave, now)
    return Effect({}, {"note": note})


def left(leave: Leave, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """DR-04: the person has left without waiting; unless it is approved after all, that is an absence."""
    leave.left_at = leave.left_at or now
    watch.tell(leave, watch.heads(leave), "leave:left", now, do=APPROVE, but=by.id)
    return Effect()


ACTIONS: dict[str, Action] = {
    ACCEPT: accept, NAME: name, APPROVE: approve, DECLINE: decline, WITHDRAW: withdraw, LEFT: left
}  # fmt: skip


# -- by the clock ---------------------------------------------------------------------------------------------------


def lapse_due(now: datetime) -> Iterator[str]:
    """DR-04: what began before anybody approved it is over; who had left by then was absent."""
    for leave_id in queries.due_to_lapse(now):
        with db.write():
            leave = queries.load(leave_id)
            if leave is None or leave.state not in PENDING or leave.lapses_at > now:
                continue
            told = [leave.person_id, leave.asked_by_id, *watch.substitutes(leave), *watch.heads(leave)]
            leave.state, leave.state_since = State.LAPSED, now
            history.record(leave, "leave:lapse", by=None, now=now, clause="DR-04")
            watch.tell(leave, told, "leave:lapsed", now)
            absences.of_leave(leave, now)
            watch.WATCH.clocks_moved(leave, now)
        yield f"{leave.number}\tleave\tlapsed (DR-04)"


timers.BY_CALENDAR.append(lapse_due)
