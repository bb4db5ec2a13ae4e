"""When which checklist is due to whom, and what stands against signing it; pure (DR-03, DR-14, DR-20)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.duty.checklists.codes import Moment, State
from portal.blueprints.duty.handover.rules import ADJOINING, Seats
from portal.kernel.workflow import Attempt, Reason

AFTER = timedelta(hours=2)  # so long after a shift its people may still sign what they forgot
SHORTEST = 4  # signs of a reason that says something


@dataclass(frozen=True)
class Due:
    """One checklist of one shift, as far as it has not been signed."""

    seats: Seats
    department: str
    moment: Moment
    opens_at: datetime
    due_at: datetime
    state: State = State.DUE

    @property
    def kind(self) -> str:
        """What the table of states tells checklists apart by."""
        return str(self.moment)

    @property
    def key(self) -> tuple[int, Moment]:
        """The shift and the moment: signed once."""
        return self.seats.id, self.moment


def closes(seats: Seats, shifts: Sequence[Seats]) -> bool:
    """DR-20: true for the last shift of the day at its post: nobody goes on when it ends."""
    return not any(
        other.post_id == seats.post_id
        and other.id != seats.id
        and other.starts_at <= seats.ends_at + ADJOINING
        and other.ends_at > seats.ends_at
        for other in shifts
    )


def of_shift(seats: Seats, department: str, *, last: bool, before: timedelta) -> Iterator[Due]:
    """DR-03, DR-14, DR-20: the checklists of a shift: start and end, and the closing of the day for the last one."""
    yield Due(seats, department, Moment.START, seats.starts_at - before, seats.starts_at + before)
    for moment in (Moment.END, Moment.CLOSING) if last else (Moment.END,):
        yield Due(seats, department, moment, seats.ends_at - before, seats.ends_at + before)


def is_open(due: Due, now: datetime, there: bool) -> bool:
    """True when it can be signed: from when it opens until the shift is over and has handed over, and a while after."""
    return due.opens_at <= now and (there or now <= due.seats.ends_at + AFTER)


def standing(subject: Any, by: Any) -> frozenset[str]:
    """DR-03: whoever has a seat in the shift signs; whoever has signed corrects it."""
    if isinstance(subject, Due):
        return frozenset({"on_duty"} if by.id in subject.seats.people else ())
    return frozenset({"signer"} if by.id == subject.signed_by_id else ())


def says_something(reason: str) -> bool:
    """DR-14: a reason has been thought of: a few different signs, not a dash and not the same one again."""
    signs = [sign for sign in reason if sign.isalnum()]
    return len(signs) >= SHORTEST and len(set(signs)) > 2


def papers_filed(attempt: Attempt) -> Reason | None:
    """DR-14: while papers of a customer are unfiled, each is named with the reason why it stays."""
    if attempt.subject.moment is not Moment.END:
        return None
    stays = attempt.given["stays"]
    left = [number for number in attempt.given["unfiled"] if not says_something(stays.get(number, ""))]
    return Reason("DR-14", "papers_unfiled", {"numbers": tuple(left)}) if left else None


def corrected_once(attempt: Attempt) -> Reason | None:
    """DR-03: a record is corrected by one that follows it; the next correction corrects that one."""
    return Reason("DR-03", "checklist_corrected") if attempt.given["later"] else None


def missing(dues: Sequence[Due], done: Collection[tuple[int, Moment]]) -> list[Due]:
    """Those of these checklists that nobody has signed."""
    return [due for due in dues if due.key not in done]
