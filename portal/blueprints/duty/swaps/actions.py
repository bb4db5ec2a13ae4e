"""What is done with a swap; each write asks the rules of the roster again (DR-21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal.blueprints.duty.leave import absences, takeovers
from portal.blueprints.duty.leave.rules import heads
from portal.blueprints.duty.rosters import changes
from portal.blueprints.duty.rosters.changes import Book
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.swaps import queries, rules, watch
from portal.blueprints.duty.swaps.codes import OPEN, State, SwapKind
from portal.blueprints.duty.swaps.models import Swap
from portal.blueprints.duty.swaps.workflow import ACCEPT, APPROVE, DECLINE, SWAP, UNTAKE, WITHDRAW
from portal.kernel import history, numbers, reference, sent_forms, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Forbidden, Reason, Refused


def may_offer(shift: Shift, by: Viewer, department: str) -> bool:
    """DR-21: the own shift; that of an absent person, or one that nobody has, the head and the general office."""
    if shift.person_id is None:
        return heads(by, department)
    card = reference.staff().cards[shift.person_id]
    return card.id == by.id or heads(by, card.department)


def offer(
    shift: Shift, *, by: Viewer, now: datetime, to: Card | None = None, other: Shift | None = None, note: str = "",
    department: str = "", sent: Sent | None = None,
) -> Swap:  # fmt: skip
    """DR-21: a shift is offered: to anybody who may take it, to somebody, or for somebody's shift.

    Whom a rule forbids to take it is refused at once, with every rule that would be broken. Raises Forbidden, Refused.
    """
    if not may_offer(shift, by, department):
        raise Forbidden("offer", "DR-21")
    with db.write():
        number = numbers.take("HB", now)  # first: two forms of one key queue here
        sent_forms.insist_fresh(by, sent)
        ids = [shift.id, *([other.id] if other else [])]
        book = Book.of({shift.day, *([other.day] if other else [])}, now, lock=True)
        now_known = changes.fresh(ids)
        shift, other = now_known[shift.id], now_known[other.id] if other else None
        given = [shift, *([other] if other else [])]
        taker = other.person_id if other else to.id if to else None
        _insist_on_offer(shift, other, taker, now)
        if taker is not None and (against := book.reasons(hands(shift, other, taker))):
            raise Refused(against)
        made = Swap(
            number=number, kind=SwapKind.EXCHANGE if other else SwapKind.GIVE, shift=shift, other=other,
            giver_id=shift.person_id, asked_by_id=by.id, to_id=taker, note=note, state=State.OFFERED, state_since=now,
            created_at=now, lapses_at=rules.lapses_at(given, now),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        sent_forms.taken(made, by, sent, now)
        details: dict[str, Any] = {"kind": made.kind, "giver": made.giver_id, "to_person": taker}
        history.record(made, "swap:offer", by=by.id, now=now, clause="DR-21", words={"note": note}, **details)
        told = [taker] if taker is not None else book.takers(shift)
        watch.tell(made, told, "swap:offered", now, do=ACCEPT, but=by.id)
        if made.giver_id is not None:
            watch.tell(made, [made.giver_id], "swap:for_you", now, but=by.id)
        watch.WATCH.clocks_moved(made, now)
    return made


def _insist_on_offer(shift: Shift, other: Shift | None, taker: int | None, now: datetime) -> None:
    reasons = []
    if shift.ends_at <= now or (other is not None and (other.starts_at <= now or shift.starts_at <= now)):
        reasons.append(Reason("DR-21", "shift_over"))
    if (before := queries.open_of(shift.id)) is not None:
        reasons.append(Reason("DR-21", "offered_already", {"number": before.number}))
    if (taker is None and other is not None) or (taker is not None and taker == shift.person_id):
        reasons.append(Reason("DR-21", "no_other_person"))
    if shift.person_id is None and other is not None:
        reasons.append(Reason("DR-21", "gap_not_exchanged"))
    if reasons:
        raise Refused(reasons)


def hands(shift: Shift, other: Shift | None, taker: int) -> dict[Shift, int | None]:
    """Who has which shift once the swap is done."""
    found: dict[Shift, int | None] = {shift: taker}
    return found | ({other: shift.person_id} if other is not None else {})


# -- the verbs ------------------------------------------------------------------------------------------------------


def perform(swap: Swap, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb inside a write, with what its gates must know; the rosters are locked until the commit."""
    SWAP.step(swap, verb, by)  # nothing is looked up for who may not
    facts: dict[str, Any] = {"against": [], "moved": False, "hands": {}}
    if verb in {ACCEPT, APPROVE} and not swap.at_once:
        book = Book.of({shift.day for shift in swap.shifts}, now, lock=True)
        changes.fresh([shift.id for shift in swap.shifts])
        taker = by.id if verb == ACCEPT else swap.taker_id or 0
        facts["moved"] = swap.shift.person_id != swap.giver_id or (
            swap.other is not None and swap.other.person_id != taker
        )
        facts["hands"] = hands(swap.shift, swap.other, taker)
        if not facts["moved"]:
            facts["against"] = book.reasons(facts["hands"])
    transitions.perform(SWAP, swap, verb, ACTIONS[verb], by=by, now=now, **given, **facts)


act = transitions.one_write(queries.find, perform)


def accept(swap: Swap, *, by: Viewer, now: datetime, hands: dict[Shift, int | None], **_: Any) -> Effect:
    """DR-21: somebody takes it. A shift that runs has its new person at once; the head hears of it and decides whether
    leaving it was right."""
    swap.taker_id, swap.taken_at = by.id, now
    watch.tell(swap, watch.givers(swap), "swap:taken", now, but=by.id)
    if swap.shift.starts_at <= now:
        swap.at_once = True
        takeovers.hand_over(hands, by=by.id, now=now, paper=swap.number, clause="DR-21")
    watch.tell(swap, watch.heads(swap), "swap:at_once" if swap.at_once else "swap:decide", now, do=APPROVE)
    return Effect({"taker": by.id, "at_once": swap.at_once or None})


def untake(swap: Swap, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """DR-21: whoever took it thinks better of it; it is offered again."""
    swap.taker_id = swap.taken_at = None
    watch.tell(swap, watch.givers(swap), "swap:untaken", now, but=by.id)
    return Effect({"taker": by.id})


def approve(
    swap: Swap, *, by: Viewer, now: datetime, hands: dict[Shift, int | None], note: str = "", **_: Any
) -> Effect:
    """DR-21: the head agrees; in the same write the shifts change hands, unless they did at once."""
    swap.decided_by_id, swap.decided_at = by.id, now
    if not swap.at_once:
        takeovers.hand_over(hands, by=by.id, now=now, paper=swap.number, clause="DR-21")
    watch.tell(swap, watch.parties(swap), "swap:approved", now, but=by.id)
    return Effect({}, {"note": note})


def decline(swap: Swap, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """DR-21: whom it was offered to says no, or the head. DR-04: who left a running shift without the head's leave was
    absent from then on, although somebody is at the post."""
    if "head" in rules.standing(swap, by):
        swap.decided_by_id, swap.decided_at = by.id, now
        if swap.at_once and swap.giver_id is not None and swap.taken_at is not None:
            absences.record(
                swap.shift, swap.giver_id, since=swap.taken_at, until=swap.shift.ends_at, by=by.id, now=now, note=note
            )  # fmt: skip
    watch.tell(swap, watch.parties(swap), "swap:declined", now, but=by.id)
    return Effect({}, {"note": note})


def withdraw(swap: Swap, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """DR-21: it is not needed any more."""
    watch.tell(swap, watch.parties(swap), "swap:withdrawn", now, but=by.id)
    return Effect()


ACTIONS: dict[str, Action] = {
    ACCEPT: accept, UNTAKE: untake, APPROVE: approve, DECLINE: decline, WITHDRAW: withdraw
}  # fmt: skip


# -- by the clock ---------------------------------------------------------------------------------------------------


def lapse_due(now: datetime) -> Iterator[str]:
    """DR-21: what nobody took or approved before the shift began is over; the shift stays whose it is."""
    for swap_id in queries.due_to_lapse(now):
        with db.write():
            swap = queries.load(swap_id)
            if swap is None or swap.state not in OPEN or swap.at_once or swap.lapses_at > now:
                continue
            swap.state, swap.state_since = State.LAPSED, now
            history.record(swap, "swap:lapse", by=None, now=now, clause="DR-21")
            watch.tell(swap, watch.parties(swap), "swap:lapsed", now)
            watch.WATCH.clocks_moved(swap, now)
        yield f"{swap.number}\tswap\tlapsed (DR-21)"


timers.BY_CALENDAR.append(lapse_due)
