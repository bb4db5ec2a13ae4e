"""What the clauses say about a case; pure. A gate answers with every reason against an attempt, or with nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from portal.blueprints.complaints.codes import (
    CLOSED,
    Category,
    Channel,
    Decision,
    Escalation,
    Kind,
    ReadBack,
    State,
    Urgency,
)
from portal.kernel.workflow import Attempt, Gate, Reason

HELPER = "impl"  # CP-07, CP-11: implementation looks at products
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
        "first_responder": case.first_responder_id == by.id,
        "handler": case.handler_id == by.id,
        "reporter": case.reporter == by.id,
        "assistant": bool({by.department, *by.leads} & set(case.assisting.split())),
        "supervisor": case.escalated_at is not None and case.department in by.supervises,
        "responder_lead": absent_in is not None and (office or absent_in in by.leads),
    }
    return frozenset(name for name, holds in roles.items() if holds)


# -- CP-04: read back before routing ----------------------------------------------------------------------------------


def read_back_fits(
    channel: Channel, read_back: ReadBack, anonymous: bool, reason: str, *, attached: bool
) -> str | None:
    """Why this way of confirming the record does not count for the channel (a code), or None (CP-04).

    `attached`: a file lies with the case, or comes with this very form.
    """
    if read_back is ReadBack.NOT_POSSIBLE:
        if not anonymous:
            return "read_back_only_anonymous"
        return None if reason else "read_back_needs_reason"
    if channel in SPOKEN and read_back in {ReadBack.ORIGINAL, ReadBack.COPY_SENT}:
        return "read_back_spoken"
    if read_back is ReadBack.ORIGINAL and not attached:
        return "read_back_no_original"
    return None


def read_back_before_routing(attempt: Attempt) -> Reason | None:
    """CP-04: the record is confirmed before routing; an urgent case goes first and the confirmation becomes a task."""
    case = attempt.subject
    if case.read_back is None and not case.is_urgent:
        return Reason("CP-04", "read_back_missing")
    return None


def read_back_counts(attempt: Attempt) -> Reason | None:
    """CP-04: the way of confirming fits the channel; an original that counts is there to be read."""
    case, given = attempt.subject, attempt.given
    anonymous, reason = not case.customer_name, given.get("reason") or ""
    code = read_back_fits(case.channel, given["read_back"], anonymous, reason, attached=given["attached"])
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


def helper(case: Any) -> str | None:
    """CP-11: which department is proposed to help: implementation, with product cases of another department."""
    helps = case.category is Category.PRODUCT and case.department not in {None, HELPER}
    return HELPER if helps else None


def own_proposal(attempt: Attempt) -> Reason | None:
    """CP-11: nobody approves or returns what they proposed."""
    return Reason("CP-11", "own_proposal") if attempt.subject.proposed_by_id == attempt.by.id else None


def approved_above(attempt: Attempt) -> Reason | None:
    """CP-09: a proposal in a matter about the department's own lead is decided by the general manager."""
    above = attempt.given.get("concerns_lead") and not attempt.by.is_manager
    return Reason("CP-09", "manager_approves") if above else None


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

    decided.__doc__ = f"{clause}: whoever asked does not decide."
    return decided


def reporter_agreed(attempt: Attempt) -> Reason | None:
    """CP-17: department and customer service agree who reports; one side asks, the other says yes."""
    asked_by = attempt.given.get("asked_by")
    if asked_by is None:
        return None
    if asked_by == attempt.by.id or attempt.given["same_side"]:
        return Reason("CP-17", "other_side_agrees")
    return None


def reporter_fits(attempt: Attempt) -> Reason | None:
    """CP-09: the person complained about cannot see the case, so never answers its customer."""
    reporter, case = attempt.given.get("reporter"), attempt.subject
    barred = reporter is not None and reporter.id == case.person_concerned_id
    return Reason("CP-09", "handler_concerned") if barred else None


# -- CP-02, CP-22, CP-26: beside the main path -------------------------------------------------------------------------


def nothing_asked(attempt: Attempt) -> Reason | None:
    """CP-02: an inquiry is answered from what was asked inside, never by a guess while the answer is awaited."""
    return Reason("CP-02", "answer_awaited") if attempt.given["loose"].assistance else None


def kind_leads_on(attempt: Attempt) -> Reason | None:
    """CP-02: an inquiry has no proposal, so what already has one cannot become an inquiry: nothing would lead on."""
    state, kind = attempt.subject.state, attempt.given.get("kind")
    proposed = state in {State.PROPOSED, State.RETURNED, State.APPROVED, State.RESOLVED}
    late = kind is Kind.INQUIRY and attempt.subject.kind is not kind and proposed
    return Reason("CP-02", "kind_settled") if late else None


def other_found(attempt: Attempt) -> Reason | None:
    """CP-22: the case that belongs to this one is another one, and one that the person may see."""
    other = attempt.given["other_case"]
    if other is None:
        return Reason("CP-22", "other_unknown")
    return Reason("CP-22", "same_case") if other.id == attempt.subject.id else None


def other_goes_on(attempt: Attempt) -> Reason | None:
    """CP-02: a double is closed in favour of a case that is still open."""
    other = attempt.given["other_case"]
    return Reason("CP-02", "other_closed") if other is not None and other.state in CLOSED else None


def phrase_once(case: Any) -> Reason | None:
    """CP-02: an answer is proposed as a phrase once."""
    return Reason("CP-02", "phrase_proposed") if case.phrase_at else None


def adopted(case: Any) -> Reason | None:
    """CP-26: what was declined is not published."""
    return None if case.approved_by_id is not None else Reason("CP-26", "not_adopted")


def unpublished(case: Any) -> Reason | None:
    """CP-26: an adopted suggestion is published once."""
    return Reason("CP-26", "published_already") if case.published_at else None


# -- CP-12 … CP-15 -----------------------------------------------------------------------------------------------------


def only_urgent(case: Any) -> Reason | None:
    """CP-13: arrival on the scene belongs to urgent cases."""
    return None if case.is_urgent else Reason("CP-13", "not_urgent")


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


def extension_fits(until: datetime, now: datetime, limits: Iterable[datetime | None]) -> str | None:
    """Why that moment is no extension of these limits (a code), or None; a limit that is paused has no end (CP-14)."""
    if until <= now:
        return "extension_past"
    return "extension_shortens" if any(due is not None and until <= due for due in limits) else None


def extension_lengthens(attempt: Attempt) -> Reason | None:
    """CP-14: more time is asked for and given until a moment to come that lies behind the present limit."""
    given = attempt.given
    if given.get("decision") is Decision.NO:
        return None
    until = given["question"].until if given.get("question") else given.get("until")
    code = extension_fits(until, attempt.now, given["limits"]) if until else None
    return Reason("CP-14", code) if code else None


def in_future(attempt: Attempt) -> Reason | None:
    """CP-15: a promise names a time to come; where none need be made, none is asked about."""
    due = attempt.given.get("due_at")
    return Reason("CP-15", "promise_past") if due is not None and due <= attempt.now else None


def director_decides(attempt: Attempt) -> Reason | None:
    """CP-16: a major matter that was handed up is the director's to decide, or the general manager's."""
    above = standing(attempt.subject, attempt.by) & {"director", "manager", "office"}
    return Reason("CP-16", "director_decides") if attempt.given["loose"].decisions and not above else None


def leader_decides(attempt: Attempt) -> Reason | None:
    """CP-31: who does not cooperate is the managing leader's matter, never that department's own."""
    above = standing(attempt.subject, attempt.by) & {"director", "manager", "office"}
    return Reason("CP-31", "leader_decides") if attempt.given["loose"].cooperation and not above else None


def something_handed_up(case: Any) -> Reason | None:
    """CP-16, CP-08: what nobody handed up waits for no decision."""
    return None if case.handed_up else Reason("CP-16", "nothing_handed_up")


def not_paused(case: Any) -> Reason | None:
    """CP-14: the clocks are stopped once."""
    return Reason("CP-14", "already_paused") if case.paused_at else None


def is_paused(case: Any) -> Reason | None:
    """CP-14: only clocks that stand still run on."""
    return None if case.paused_at else Reason("CP-14", "not_paused")


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


def about_somebody(case: Any) -> Reason | None:
    """CP-09: an opinion is given on the person complained about."""
    return None if case.person_concerned_id is not None else Reason("CP-09", "nobody_concerned")


def nobody_named(case: Any) -> Reason | None:
    """CP-09: the person complained about is named once; afterwards others handle the case."""
    return None if case.person_concerned_id is None else Reason("CP-09", "named_already")


def pauses_from(events: Iterable[tuple[str, datetime]]) -> list[tuple[datetime, datetime | None]]:
    """The spans in which a case waited for its customer, from its history: (event, moment) in order."""
    spans: list[tuple[datetime, datetime | None]] = []
    for event, at in events:
        if event == "case:pause":
            spans.append((at, None))
        elif event == "case:resume" and spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], at)
    return spans
