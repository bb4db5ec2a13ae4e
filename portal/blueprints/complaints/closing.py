"""What the clauses ask for before a case is put away, and before it is disposed of; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.blueprints.complaints.codes import ABOUT_STAFF, Kind, Outcome, State, Urgency
from portal.kernel.workflow import Attempt, Reason


def followed_up_by_another(attempt: Attempt) -> Reason | None:
    """CP-18: who solved or reported does not follow up."""
    case = attempt.subject
    own = attempt.by.id in {case.handler_id, case.reported_by_id, case.resolved_by_id}
    return Reason("CP-18", "own_follow_up") if own else None


def tries_left(attempt: Attempt) -> Reason | None:
    """CP-18: three calls without an answer are enough."""
    return Reason("CP-18", "tries_used") if attempt.subject.not_reached else None


@dataclass(frozen=True)
class Loose:
    """What is still open around a case; gathered by the action, judged here."""

    promises: int = 0
    decisions: int = 0  # major matters handed up (CP-16)
    escalations: int = 0  # unsolved matters handed up (CP-08)
    cooperation: int = 0  # reports that somebody does not cooperate (CP-31)
    assistance: int = 0


def against_archiving(attempt: Attempt) -> Iterator[Reason]:
    """CP-03, 04, 06, 09, 11, 14 … 20: every clause still in the way, so that a person is told once."""
    yield from what_blocks_archive(attempt.subject, attempt.given["loose"])


def what_blocks_archive(case: Any, loose: Loose) -> list[Reason]:
    """What must have happened before a case is put away, clause by clause; nothing for one that was taken back."""
    if case.state is State.WITHDRAWN:
        return []
    complaint, reported = case.kind is Kind.COMPLAINT, case.state is State.REPORTED
    settled = complaint and reported
    unanswered = case.followed_up is Outcome.NO_ANSWER and not case.not_reached
    unhappy = case.followed_up is Outcome.DISSATISFIED or case.satisfied is False
    unfiled = case.department is not None and case.kind is not Kind.INQUIRY and case.filed_at is None
    against = [
        (settled and case.followed_up is None, "CP-18", "not_followed_up"),
        (reported and unanswered, "CP-18", "call_again"),
        (reported and unhappy, "CP-17", "dissatisfied"),
        (settled and not case.result, "CP-19", "no_result"),
        (unfiled, "CP-20", "not_filed"),
        (reported and case.confirmed_at is None, "CP-03", "not_confirmed"),
        (settled and special_unfounded(case), "CP-14", "special_unfounded"),
        (reported and owes_opinion(case), "CP-09", "no_opinion"),
        (loose.promises > 0, "CP-15", "promise_open"),
        (loose.decisions > 0, "CP-16", "decision_open"),
        (loose.assistance > 0, "CP-11", "assistance_open"),
        (bool(case.asks), "CP-06", "question_open"),
        (case.read_back is None, "CP-04", "read_back_missing"),
    ]
    return [Reason(clause, code) for applies, clause, code in against if applies]


def special_unfounded(case: Any) -> bool:
    """CP-14: special urgency needs the lead's reason."""
    return case.urgency is Urgency.SPECIAL and not case.special_reason


def owes_opinion(case: Any) -> bool:
    """CP-09: a settled complaint about a named member of staff asks for an opinion on that person."""
    about = case.kind is Kind.COMPLAINT and case.category in ABOUT_STAFF
    return (
        about
        and case.person_concerned_id is not None
        and case.opinion_at is None
        and case.resolved_at is not None
    )


def term_is_over(attempt: Attempt) -> Reason | None:
    """CP-20: a case is kept for its term, and disposed of once."""
    case = attempt.subject
    if case.disposed_at is not None:
        return Reason("CP-20", "disposed")
    over = case.keep_until is not None and case.keep_until <= attempt.now
    return None if over else Reason("CP-20", "term_runs")


def nothing_open(attempt: Attempt) -> Iterator[Reason]:
    """CP-20: nothing is disposed of while instalments, an appeal, an improvement case or a dispute is open."""
    yield from attempt.given["bars"]


def important(case: Any) -> bool:
    """CP-20: what is kept longer."""
    return bool(case.major or case.is_urgent or case.round > 1)
