"""What the clauses say about a case; pure. A gate answers with every reason against an attempt, or with nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.blueprints.complaints.codes import (
    ABOUT_STAFF,
    Category,
    Channel,
    Escalation,
    Kind,
    Outcome,
    ReadBack,
    State,
    Urgency,
)
from portal.kernel.workflow import Attempt, Gate, Reason

SPOKEN = frozenset({Channel.PHONE, Channel.ONSITE})
WRITTEN = frozenset({Channel.LETTER, Channel.EMAIL, Channel.WECHAT})


def standing(case: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a case; the person complained about is nobody to it (CP-09).

    `by` has id, role, department, leads, is_manager, is_director (a Viewer); office may whatever desk and leads may.
    """
    if case.person_concerned_id is not None and case.person_concerned_id == by.id:
        return frozenset()
    office = by.role == "office"
    absent_in = case.responder_absent_in
    roles = {
        "office": office,
        "desk": office or by.role == "desk",
        "lead": office or by.is_manager or (case.department is not None and case.department in by.leads),
        "manager": by.is_manager,
        "director": by.is_director,
        "registrar": case.registered_by_id == by.id,
        "first_responder": case.first_responder_id == by.id,
        "handler": case.handler_id == by.id,
        "reporter": case.reporter == by.id,
        "assistant": bool({by.department, *by.leads} & set(case.assisting.split())),
        "supervisor": case.escalated_at is not None and case.department in by.supervises,
        "responder_lead": absent_in is not None and (office or absent_in in by.leads),
    }
    return frozenset(name for name, holds in roles.items() if holds)


# -- CP-04: read back before routing ----------------------------------------------------------------------------------


def read_back_fits(channel: Channel, read_back: ReadBack, anonymous: bool, reason: str) -> str | None:
    """Why this way of confirming the record does not count for the channel (a code), or None (CP-04)."""
    if read_back is ReadBack.NOT_POSSIBLE:
        if not anonymous:
            return "read_back_only_anonymous"
        return None if reason else "read_back_needs_reason"
    if channel in SPOKEN and read_back in {ReadBack.ORIGINAL, ReadBack.COPY_SENT}:
        return "read_back_spoken"
    return None


def read_back_before_routing(attempt: Attempt) -> Reason | None:
    """CP-04: the record is confirmed before routing; an urgent case goes first and the confirmation becomes a task."""
    case = attempt.subject
    if case.read_back is None and not case.is_urgent:
        return Reason("CP-04", "read_back_missing")
    return None


def read_back_counts(attempt: Attempt) -> Reason | None:
    """CP-04: the way of confirming fits the channel."""
    case, given = attempt.subject, attempt.given
    code = read_back_fits(case.channel, given["read_back"], not case.customer_name, given.get("reason") or "")
    return Reason("CP-04", code) if code else None


# -- CP-05: routing ----------------------------------------------------------------------------------------------------


def routed_by_office(attempt: Attempt) -> Reason | None:
    """CP-05: what fits no category is routed by the general office."""
    no_category = attempt.subject.category is Category.OTHER and not attempt.given["proposed"]
    return Reason("CP-05", "office_routes") if no_category and attempt.by.role != "office" else None


def not_to_the_concerned(attempt: Attempt) -> Reason | None:
    """CP-09: a department whose only lead is the person complained about cannot sign for the notice."""
    return Reason("CP-09", "no_lead_left") if attempt.given.get("nobody_signs") else None


# -- CP-11, CP-09, CP-36: who handles, who approves --------------------------------------------------------------------


def level(case: Any) -> str:
    """The level of a case: major, special or normal (CP-36)."""
    if case.major:
        return "major"
    return "special" if case.urgency is Urgency.SPECIAL else "normal"


def handler_fits(attempt: Attempt) -> Iterator[Reason]:
    """CP-09: nobody handles a complaint about themselves. CP-36: the level asks for a rank. CP-11: of the department."""
    case, handler, lowest = attempt.subject, attempt.given["handler"], attempt.given["lowest_rank"]
    if handler.id == case.person_concerned_id:
        yield Reason("CP-09", "handler_concerned")
    if handler.rank.height < lowest.height:
        yield Reason("CP-36", "rank_too_low")
    if handler.department != case.department and handler.id != attempt.by.id:
        yield Reason("CP-11", "handler_elsewhere")


def own_proposal(attempt: Attempt) -> Reason | None:
    """CP-11: nobody approves or returns what they proposed."""
    return Reason("CP-11", "own_proposal") if attempt.subject.proposed_by_id == attempt.by.id else None


def same_proposal(attempt: Attempt) -> Reason | None:
    """CP-11: the decision is about the proposal that was read."""
    seen = attempt.given.get("proposal")
    return Reason("CP-11", "other_proposal") if seen and seen != attempt.subject.proposal_id else None


def second_person(clause: str, who: str) -> Gate:
    """A gate: a question asked under `clause` is decided by another person than the asker, one of `who`."""

    def decided(attempt: Attempt) -> Reason | None:
        asked_by = attempt.given.get("asked_by")
        if asked_by is None:
            return None
        if asked_by == attempt.by.id:
            return Reason(clause, "asked_yourself")
        return (
            None
            if standing(attempt.subject, attempt.by) & set(who.split())
            else Reason(clause, "others_decide")
        )

    return decided


def reporter_agreed(attempt: Attempt) -> Reason | None:
    """CP-17: department and customer service agree who reports; one side asks, the other says yes."""
    asked_by = attempt.given.get("asked_by")
    if asked_by is None:
        return None
    if asked_by == attempt.by.id or attempt.given["same_side"]:
        return Reason("CP-17", "other_side_agrees")
    return None


# -- CP-12 … CP-15 -----------------------------------------------------------------------------------------------------


def only_urgent(attempt: Attempt) -> Reason | None:
    """CP-13: arrival on the scene belongs to urgent cases."""
    return None if attempt.subject.is_urgent else Reason("CP-13", "not_urgent")


def special_in_time(attempt: Attempt) -> Reason | None:
    """CP-12: the longer limit for the first contact needs the lead's reason while the shorter one still runs."""
    due = attempt.given.get("first_contact_due")
    if attempt.given["limit"] == "contact" and (due is None or due <= attempt.now):
        return Reason("CP-12", "special_too_late")
    return None


def special_only_for_special(attempt: Attempt) -> Reason | None:
    """CP-14: the seven days are for cases of special urgency."""
    if attempt.given["limit"] == "whole" and attempt.subject.urgency is not Urgency.SPECIAL:
        return Reason("CP-14", "not_special")
    return None


def in_future(attempt: Attempt) -> Reason | None:
    """CP-15: a promise names a time to come."""
    return Reason("CP-15", "promise_past") if attempt.given["due_at"] <= attempt.now else None


def not_paused(attempt: Attempt) -> Reason | None:
    return Reason("CP-14", "already_paused") if attempt.subject.paused_at else None


def is_paused(attempt: Attempt) -> Reason | None:
    return None if attempt.subject.paused_at else Reason("CP-14", "not_paused")


def customer_type_told(attempt: Attempt) -> Reason | None:
    """CP-08: an unsolved matter on site is handed up with the customer's traits."""
    case, given = attempt.subject, attempt.given
    on_site = case.channel is Channel.ONSITE and case.category is Category.OPERATION
    if (
        given["kind"] is Escalation.UNSOLVED
        and on_site
        and not (given.get("customer_type") or case.customer_type)
    ):
        return Reason("CP-08", "customer_type_missing")
    return None


# -- CP-17 … CP-20: follow-up and archive ------------------------------------------------------------------------------


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
    decisions: int = 0
    assistance: int = 0


def against_archiving(attempt: Attempt) -> Iterator[Reason]:
    """Every clause still in the way, so that a person is told once."""
    yield from what_blocks_archive(attempt.subject, attempt.given["loose"])


def what_blocks_archive(case: Any, loose: Loose) -> Iterator[Reason]:
    """CP-03, 09, 14 … 20: what must have happened before a case is put away."""
    complaint, reported = case.kind is Kind.COMPLAINT, case.state is State.REPORTED
    if reported and complaint and case.followed_up is None:
        yield Reason("CP-18", "not_followed_up")
    if reported and case.followed_up is Outcome.NO_ANSWER and not case.not_reached:
        yield Reason("CP-18", "call_again")
    if reported and (case.followed_up is Outcome.DISSATISFIED or case.satisfied is False):
        yield Reason("CP-17", "dissatisfied")
    if reported and complaint and not case.result:
        yield Reason("CP-19", "no_result")
    if case.department is not None and case.kind is not Kind.INQUIRY and case.filed_at is None:
        yield Reason("CP-20", "not_filed")
    if reported and case.confirmed_at is None:
        yield Reason("CP-03", "not_confirmed")
    if complaint and reported and case.urgency is Urgency.SPECIAL and not case.special_reason:
        yield Reason("CP-14", "special_unfounded")
    if reported and owes_opinion(case):
        yield Reason("CP-09", "no_opinion")
    if loose.promises:
        yield Reason("CP-15", "promise_open")
    if loose.decisions:
        yield Reason("CP-16", "decision_open")
    if loose.assistance:
        yield Reason("CP-11", "assistance_open")
    if case.asks:
        yield Reason("CP-06", "question_open")
    if case.read_back is None:
        yield Reason("CP-04", "read_back_missing")


def owes_opinion(case: Any) -> bool:
    """CP-09: a settled complaint about a named member of staff asks for an opinion on that person."""
    about = case.kind is Kind.COMPLAINT and case.category in ABOUT_STAFF
    return (
        about
        and case.person_concerned_id is not None
        and case.opinion_at is None
        and case.resolved_at is not None
    )


def important(case: Any) -> bool:
    """CP-20: what is kept longer."""
    return bool(case.major or case.is_urgent or case.round > 1)


# -- who waits for what: my day ----------------------------------------------------------------------------------------


def waiting(case: Any, loose: Loose, *, signs: str, approves: str) -> Iterable[tuple[str, str]]:
    """(verb, audience) of everything somebody must do next.

    `signs` and `approves` are the audiences of the department's lead, or of the level above where the lead is barred.
    """
    handler = f"person:{case.handler_id}" if case.handler_id else signs
    reporter = f"person:{case.reporter}" if case.reporter else handler
    responder = f"person:{case.first_responder_id}"
    if case.state not in {State.ARCHIVED, State.WITHDRAWN} and case.read_back is None:
        yield "read-back", f"person:{case.registered_by_id}"
    if case.paused_at is not None:
        yield "resume", handler
    for verb in case.asks.split():
        yield verb, "office" if case.department is None else approves
    if loose.decisions:
        yield "decide", "director"
    if case.is_urgent and case.on_site_at is None and case.state in _AT_WORK:
        yield "on-site", handler if case.handler_id else ("desk" if case.department is None else signs)
    if loose.promises:
        yield "contact", handler if case.department else responder
    elif case.contacted_at is None and case.state in {State.ACCEPTED, State.RETURNED}:
        yield "contact", handler
    if case.urgency is Urgency.SPECIAL and not case.special_reason and case.kind is Kind.COMPLAINT:
        if case.state in _WITH_DEPARTMENT:
            yield "special", signs
    match case.state:
        case State.REGISTERED if case.kind is Kind.INQUIRY:
            yield "report", responder
        case State.REGISTERED:
            yield "route", "office" if case.category is Category.OTHER else "desk"
        case State.ROUTED:
            yield "accept", signs
        case State.ACCEPTED if case.kind is Kind.INQUIRY:
            yield "report", handler
        case State.ACCEPTED if case.kind is Kind.SUGGESTION:
            yield "adopt", signs
        case State.ACCEPTED | State.RETURNED | State.REOPENED:
            yield "propose", handler
        case State.PROPOSED:
            yield "approve", approves
        case State.APPROVED:
            yield "resolve", handler
        case State.RESOLVED:
            yield "report", reporter
        case State.REPORTED:
            yield from _after_reporting(case, loose, signs, responder)
        case State.NOT_UPHELD:
            yield "archive", "desk"
    if owes_opinion(case) and case.state in {State.RESOLVED, State.REPORTED}:
        yield "opinion", signs


_WITH_DEPARTMENT = frozenset(
    {
        State.ROUTED,
        State.ACCEPTED,
        State.PROPOSED,
        State.RETURNED,
        State.APPROVED,
        State.RESOLVED,
        State.REOPENED,
    }
)
_AT_WORK = _WITH_DEPARTMENT - {State.RESOLVED} | {State.REGISTERED}


def _after_reporting(case: Any, loose: Loose, signs: str, responder: str) -> Iterator[tuple[str, str]]:
    if case.followed_up is Outcome.DISSATISFIED or case.satisfied is False:
        yield "reopen", "desk"
        return
    calls = (
        case.kind is Kind.COMPLAINT and case.followed_up in {None, Outcome.NO_ANSWER} and not case.not_reached
    )
    if calls:
        solved = case.first_responder_id in {case.handler_id, case.reported_by_id, case.resolved_by_id}
        yield "follow-up", "desk" if solved else responder
    if case.confirmed_at is None:
        yield "confirm", responder
    if case.filed_at is None and case.department is not None and case.kind is not Kind.INQUIRY:
        yield "file", signs
    if not any(what_blocks_archive(case, loose)):
        yield "archive", "desk"


def pauses_from(events: Iterable[tuple[str, datetime]]) -> list[tuple[datetime, datetime | None]]:
    """The spans in which a case waited for its customer, from its history: (event, moment) in order."""
    spans: list[tuple[datetime, datetime | None]] = []
    for event, at in events:
        if event == "case:pause":
            spans.append((at, None))
        elif event == "case:resume" and spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], at)
    return spans
