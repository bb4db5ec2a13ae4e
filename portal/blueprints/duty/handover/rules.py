"""The rules of handing a post over, as pure functions (DR-07 … DR-12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.duty.handover.codes import Side, State
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

Found = Reason | Iterable[Reason] | None
# A shift that begins within so long of another's end relieves it; a longer pause closes the post.
ADJOINING = timedelta(minutes=30)


@dataclass(frozen=True)
class Seats:
    """A shift with all its seats: its first row's id, whose they are, from when to when."""

    id: int
    post_id: int
    kind_id: int
    people: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Change:
    """A handover that was opened, by the ids of its shifts."""

    outgoing_id: int
    incoming_id: int
    changes_at: datetime
    signed: bool


def seats_of(shifts: Iterable[Any]) -> list[Seats]:
    """The rows of a roster put together by post, kind and day, in order of their begin; seats without a person count
    for nothing."""
    found: dict[tuple[int, int, datetime], list[Any]] = {}
    for row in shifts:
        found.setdefault((row.post_id, row.kind_id, row.starts_at), []).append(row)
    grouped = [
        Seats(
            id=min(row.id for row in rows),
            post_id=post_id,
            kind_id=kind_id,
            people=tuple(row.person_id for row in rows if row.person_id is not None),
            starts_at=starts_at,
            ends_at=max(row.ends_at for row in rows),
        )
        for (post_id, kind_id, starts_at), rows in found.items()
    ]
    return sorted((seats for seats in grouped if seats.people), key=lambda seats: (seats.starts_at, seats.id))


def relief_of(outgoing: Seats, shifts: Sequence[Seats]) -> Seats | None:
    """Which shift relieves another at its post: the one that begins nearest to its end; None when the post closes.

    Whoever goes on alone hands nothing over.
    """
    near = [
        other
        for other in shifts
        if other.post_id == outgoing.post_id
        and other.starts_at > outgoing.starts_at
        and abs(other.starts_at - outgoing.ends_at) <= ADJOINING
        and set(other.people) - set(outgoing.people)
    ]
    return min(near, key=lambda other: (abs(other.starts_at - outgoing.ends_at), other.id), default=None)


def responsible(shifts: Sequence[Seats], changes: Sequence[Change], now: datetime) -> list[Seats]:
    """DR-10: the shifts of one post that answer for it now: by the signatures, not by the plan.

    A shift takes the post with both signatures, or with its begin where nobody hands it over; and keeps it until both
    have signed, whatever the plan says, or until the post is closed and opened anew.
    """
    ours = {seats.id for seats in shifts}
    changes = [change for change in changes if ours & {change.outgoing_id, change.incoming_id}]
    by_incoming = {change.incoming_id: change for change in changes}
    by_outgoing = {change.outgoing_id: change for change in changes}
    ends = {seats.id: seats.ends_at for seats in shifts}
    afresh = [s.starts_at for s in shifts if s.id not in by_incoming and s.starts_at <= now]
    signed = [change.changes_at for change in changes if change.signed]

    def took(seats: Seats) -> bool:
        change = by_incoming.get(seats.id)
        return change.signed if change else seats.starts_at <= now

    def gave(seats: Seats) -> bool:
        change = by_outgoing.get(seats.id)
        if change is None:
            return seats.ends_at <= now
        if change.signed or any(at > change.changes_at for at in signed):
            return True
        closed = ends.get(change.incoming_id)
        return closed is not None and any(at >= closed for at in afresh)

    return [seats for seats in shifts if took(seats) and not gave(seats)]


# -- who somebody is to a handover ---------------------------------------------------------------------------------


def standing(handover: Any, by: Any) -> frozenset[str]:
    """DR-11: who has a seat in one of the two shifts by the roster, and the head, who answers for the post."""
    outgoing, incoming = handover.parties
    head = handover.post.department in by.leads or by.is_manager or by.is_director or by.role is Role.OFFICE
    roles = {Side.OUTGOING: by.id in outgoing, Side.INCOMING: by.id in incoming, "head": head}
    return frozenset(str(name) for name, holds in roles.items() if holds)


def side_of(handover: Any, person_id: int, signed: Iterable[Any]) -> Side | None:
    """For which side a person signs next; who has a seat on both signs for the one that lacks a signature."""
    lacking = set(Side) - {Side(row.side) for row in signed}
    for side, people in zip(Side, handover.parties, strict=True):
        if person_id in people and side in lacking:
            return side
    return None


# -- what stands against signing -----------------------------------------------------------------------------------


def log_is_kept(attempt: Attempt) -> Found:
    """DR-07: a shift without a single entry in the log hands nothing over."""
    return None if attempt.given["entries"] else Reason("DR-07", "log_empty")


def differences_explained(attempt: Attempt) -> Found:
    """DR-08: what is missing or too much is explained by the outgoing shift first."""
    names = attempt.given["unexplained"]
    return Reason("DR-08", "unexplained", {"names": tuple(names)}) if names else None


def all_read(attempt: Attempt) -> Found:
    """DR-09: the incoming shift has read everything that is open before it signs."""
    unread = attempt.given["unread"]
    if not unread or attempt.given["side"] is not Side.INCOMING:
        return None
    return Reason("DR-09", "unread", {"numbers": tuple(unread)})


def two_people(attempt: Attempt) -> Found:
    """DR-10: each side signs once, and never one person for both."""
    given = attempt.given
    signed_before = any(row.person_id == attempt.by.id for row in given["signatures"])
    return Reason("DR-10", "signed_already") if given["side"] is None or signed_before else None


def nothing_runs(attempt: Attempt) -> Found:
    """DR-11: an event in progress is led by the outgoing shift until it is over or was taken over by word."""
    running = attempt.given["running"]
    return Reason("DR-11", "event_runs", {"numbers": tuple(running)}) if running else None


def faults_may_pass(attempt: Attempt) -> Found:
    """DR-12: a fault is passed on with the leader's consent only."""
    faults = attempt.given["faults"]
    return Reason("DR-12", "fault_open", {"numbers": tuple(faults)}) if faults else None


def something_to_consent(attempt: Attempt) -> Found:
    """DR-12: consent is given to faults that are open."""
    return None if attempt.given["faults"] else Reason("DR-12", "no_fault")


def something_runs(attempt: Attempt) -> Found:
    """DR-11: only an event in progress is taken over by word."""
    return None if attempt.given["running"] else Reason("DR-11", "nothing_runs")


def another_orders(attempt: Attempt) -> Found:
    """DR-11: who signs the handover does not order it."""
    outgoing, incoming = attempt.subject.parties
    return Reason("DR-11", "seated_orders") if attempt.by.id in outgoing | incoming else None


def was_ordered(handover: Any) -> Reason | None:
    """DR-11: after the signatures nothing is left to sign, but the defect with which the head ordered the takeover."""
    if handover.ordered_by_id is not None and handover.state is State.SIGNED:
        return None
    return Reason("DR-10", "wrong_state", {"state": handover.state})
