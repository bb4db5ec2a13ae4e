"""What the clauses say about a penalty; pure. A gate answers with the reasons against an attempt, or with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.blueprints.complaints.penalties.codes import Measure, State
from portal.kernel.workflow import Attempt, Reason


def standing(penalty: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a penalty: whoever is penalised is nothing else to it (CP-24).

    For a department its lead speaks. A penalty on a member of the general office is the general manager's as well.
    """
    if is_concerned(penalty, by):
        return frozenset({"concerned"})
    roles = {
        "office": by.role == "office" or (penalty.of_office and by.is_manager),
        "proposer": penalty.proposed_by_id == by.id,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def is_concerned(penalty: Any, by: Any) -> bool:
    """True for the person penalised, and for the lead of a department that is."""
    if penalty.person_id is not None:
        return bool(penalty.person_id == by.id)
    return penalty.department in by.leads


def decided_by_another(attempt: Attempt) -> Reason | None:
    """CP-24: nobody decides what they proposed."""
    own = attempt.subject.proposed_by_id == attempt.by.id
    return Reason("CP-24", "own_penalty") if own else None


def heard(attempt: Attempt) -> Reason | None:
    """CP-24: the person has stated their side, or the time for it is over."""
    penalty = attempt.subject
    return None if was_heard(penalty, attempt.now) else Reason("CP-24", "not_heard")


def was_heard(penalty: Any, now: datetime) -> bool:
    """CP-24: there is a statement, or there could have been one."""
    over = penalty.statement_until is not None and penalty.statement_until <= now
    return penalty.stated_at is not None or over


def not_stated(penalty: Any) -> Reason | None:
    """CP-24: a statement is made once."""
    return Reason("CP-24", "stated_already") if penalty.stated_at is not None else None


def bonuses_known(attempt: Attempt) -> Reason | None:
    """CP-24: what is a part of a bonus cannot be reckoned before the bonus is known."""
    missing = attempt.given.get("missing")
    return Reason("CP-24", "bonus_missing", {"names": missing}) if missing else None


def month_open(attempt: Attempt) -> Reason | None:
    """CP-24: a month whose sheet went to the pay office takes nothing more."""
    closed = attempt.given.get("month_closed")
    return Reason("CP-24", "month_closed") if closed else None


def appeal_in_time(attempt: Attempt) -> Reason | None:
    """CP-24: an appeal is brought within its time."""
    until = attempt.subject.appeal_until
    return Reason("CP-24", "appeal_late") if until is not None and until < attempt.now else None


def not_ruled(penalty: Any) -> Reason | None:
    """CP-24: there is one appeal."""
    return Reason("CP-24", "ruled_already") if penalty.ruled_at is not None else None


def judged_by_another(attempt: Attempt) -> Reason | None:
    """CP-24: another member of the office than the one who decided judges the decision."""
    own = attempt.subject.decided_by_id == attempt.by.id
    return Reason("CP-24", "own_decision") if own else None


# -- what may be decided ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The figures of CP-24 in force."""

    least: Decimal  # yuan a complaint, for service staff
    points_least: int
    points_most: int


def against_decision(
    measure: Measure,
    figures: Figures,
    *,
    on_person: bool,
    service_staff: bool = False,
    amount: Decimal | None = None,
    points: int | None = None,
    demerit: bool = False,
) -> Iterator[tuple[str, str]]:
    """CP-24: (field, code) of all that does not fit: which measure for whom, and how much."""
    if (measure is Measure.DEPARTMENT) == on_person and measure is not Measure.ADMINISTRATIVE:
        yield "measure", "only_departments" if on_person else "only_persons"
        return
    if measure is Measure.MONEY:
        if amount is None or amount <= 0:
            yield "amount", "amount_missing"
        elif service_staff and amount < figures.least:
            yield "amount", "amount_too_small"
    if measure is Measure.POINTS:
        if points is not None and not figures.points_least <= points <= figures.points_most:
            yield "points", "points_out_of_range"
        elif points is None and not demerit:
            yield "points", "points_missing"


def against_reduction(was: Decimal | int | None, to: Decimal | int | None) -> str | None:
    """CP-24: a reduction leaves less than there was, and something; else a code."""
    if was is None:
        return "nothing_to_reduce"
    return None if to is not None and 0 < to < was else "not_less"


# -- what waits -------------------------------------------------------------------------------------------------


def waiting(penalty: Any, now: datetime) -> tuple[str, str] | None:
    """(verb, who) of what must happen next: `concerned`, `deciders` (not the proposer), `judges` (not the decider)
    or `office`."""
    match penalty.state:
        case State.PROPOSED:
            return "release", "office"
        case State.RELEASED:
            return ("decide", "deciders") if was_heard(penalty, now) else ("statement", "concerned")
        case State.DECIDED:
            return "publish", "office"
        case State.APPEALED:
            return "rule", "judges"
    return None


def is_settled(penalty: Any, owing: int, now: datetime) -> bool:
    """CP-20, CP-24: nothing of the penalty is open: not the matter, not the time for an appeal, not an instalment."""
    if penalty.state in {State.REVERSED, State.WITHDRAWN}:
        return True
    if penalty.state is not State.PUBLISHED or owing:
        return False
    return penalty.ruled_at is not None or penalty.appeal_until is None or penalty.appeal_until < now
