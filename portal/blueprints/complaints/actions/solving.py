"""What the department does: sign, contact, propose, approve, carry out, hand up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.actions.common import dealing, keep_promises, start_once, tell_major
from portal.blueprints.complaints.codes import (
    CustomerType,
    DealingKind,
    Escalation,
    Finding,
)
from portal.blueprints.complaints.models import Case, CaseDepartment, Dealing
from portal.kernel import clock, timers
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.timers import Basis
from portal.kernel.transitions import Effect


def accept(
    case: Case, *, by: Viewer, now: datetime, handler: Card, special_reason: str = "", **_: Any
) -> Effect:
    """CP-10: the lead signs for the notice and names who carries it out."""
    case.accepted_at, case.accepted_by_id, case.handler_id = now, by.id, handler.id
    if special_reason:
        case.special_reason = special_reason
    watch.tell(case, ["handler"], "case:accepted", now, but=by.id, clause="CP-11")
    return Effect({"handler": handler.id, "notice": case.notice_number}, {"reason": special_reason})


def assign(case: Case, *, by: Viewer, now: datetime, handler: Card, reason: str, **_: Any) -> Effect:
    """CP-11: the lead names somebody else; a hand-over restarts the contact's clock while nobody has called yet."""
    was, case.handler_id = case.handler_id, handler.id
    if timers.running(case, ["first_contact"]):
        timers.end(case, now, ["first_contact"])
        watch.WATCH.start(case, "first_contact", now)
    watch.tell(case, ["handler"], "case:accepted", now, but=by.id, clause="CP-11")
    return Effect({"handler": handler.id, "was": was}, {"reason": reason})


def special(case: Case, *, by: Viewer, now: datetime, limit: str, reason: str, **_: Any) -> Effect:
    """CP-12, CP-14: the lead's reason for the longer limit."""
    pauses = watch.WATCH.pauses(case)
    if limit == "contact":
        figure = "limit.first_contact.urgent_special" if case.is_urgent else "limit.first_contact.special"
        for clock in timers.running(case, ["first_contact"]):
            timers.set_limit(clock, figure, now, pauses)
    else:
        case.special_reason = reason
    return Effect({"limit": limit}, {"reason": reason})


def contact(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    note: str,
    substantive: bool = False,
    **_: Any,
) -> Effect:
    """CP-12: somebody spoke to the customer and said what is offered; promises are kept by it (CP-15)."""
    dealing(case, DealingKind.CONTACT, by, now, note=note)
    if case.contacted_at is None and case.department is not None:
        case.contacted_at = now
    kept = keep_promises(case, by, now)
    if substantive:
        timers.meet(case, ["answer"], now)
    return Effect({"promises_kept": kept or None, "substantive": substantive or None}, {"note": note})


def promise(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    due_at: datetime,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-15: the customer was promised news by a time."""
    dealing(case, DealingKind.PROMISE, by, now, until=due_at, note=note)
    timers.start(
        case, "promise", now=now, clause="CP-15", basis=Basis.CASE, ends_at=due_at, urgent=case.is_urgent
    )
    return Effect({"due": due_at}, {"note": note})


def on_site(case: Case, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-13: somebody is there."""
    case.on_site_at = case.on_site_at or now
    return Effect({}, {"note": note})


def propose(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    findings: str,
    finding: Finding,
    solution: list[str],
    responsible: Card | None = None,
    agreed_at: datetime | None = None,
    **_: Any,
) -> Effect:
    """CP-11, CP-34: what happened, whose doing, and up to four ways to settle it, the recommended one first."""
    row = dealing(
        case,
        DealingKind.PROPOSAL,
        by,
        now,
        note=findings,
        outcome=finding,
        person_id=responsible.id if responsible else None,
        until=agreed_at,
        solutions=Dealing.written(solution),
    )
    case.proposal_id, case.proposed_by_id, case.finding, case.agreed_at = row.id, by.id, finding, agreed_at
    case.responsible_id = responsible.id if responsible else None
    watch.tell(case, ["approver"], "case:proposed", now, but=by.id, clause="CP-11")
    told = {f"solution {n}": text for n, text in enumerate(solution, 1)}
    return Effect(
        {"proposal": row.id, "finding": finding, "responsible": case.responsible_id, "agreed": agreed_at},
        {"findings": findings, **told},
    )


def _decide_proposal(case: Case, by: Viewer, now: datetime, outcome: str, note: str) -> None:
    row = db.session.get_one(Dealing, case.proposal_id)
    row.done_at, row.done_by_id, row.answer = now, by.id, note


def approve(case: Case, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-11: the lead stands behind the proposal; whoever carries it out may begin."""
    _decide_proposal(case, by, now, "yes", note)
    case.approved_by_id = by.id
    watch.tell(case, ["handler"], "case:approved", now, but=by.id, clause="CP-11")
    return Effect({"proposal": case.proposal_id}, {"note": note})


def return_(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-11: the proposal goes back with the reason."""
    _decide_proposal(case, by, now, "no", note)
    watch.tell(case, ["handler"], "case:returned", now, but=by.id, clause="CP-11")
    return Effect({"proposal": case.proposal_id}, {"note": note})


def adopt(
    case: Case, *, by: Viewer, now: datetime, note: str = "", due_at: datetime | None = None, **_: Any
) -> Effect:
    """CP-26: the head adopts a suggestion and says by when its author hears of it."""
    case.approved_by_id, case.handler_id = by.id, case.handler_id or by.id
    if due_at is not None:
        promise(case, by=by, now=now, due_at=due_at, note=note)
    return Effect({"due": due_at}, {"note": note})


def decline(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-26: the head declines a suggestion; its author is told why."""
    case.handler_id, case.result, case.resolved_at, case.resolved_by_id = (
        case.handler_id or by.id,
        note,
        now,
        by.id,
    )
    return Effect({}, {"note": note})


def resolve(case: Case, *, by: Viewer, now: datetime, result: str, **_: Any) -> Effect:
    """CP-13: the approved solution was carried out."""
    case.result, case.resolved_at, case.resolved_by_id = result, now, by.id
    watch.tell(case, ["reporter", "first_responder"], "case:resolved", now, but=by.id, clause="CP-17")
    return Effect({"round": case.round}, {"result": result})


def assist(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    department: str,
    note: str,
    **_: Any,
) -> Effect:
    """CP-11: another department helps to find the cause, with a limit of its own."""
    dealing(
        case,
        DealingKind.ASSISTANCE,
        by,
        now,
        department=department,
        note=note,
    )
    case.assisting = " ".join(dict.fromkeys([*case.assisting.split(), department]))
    helper = db.session.get(CaseDepartment, (case.id, department))
    helper = helper or CaseDepartment(case_id=case.id, department=department)
    helper.assisting = True
    db.session.add(helper)
    if not timers.running(case, ["assistance"]):
        watch.WATCH.start(case, "assistance", now)
    watch.tell(case, ["assistants"], "case:assist", now, clause="CP-11")
    return Effect({"department": department}, {"note": note})


def assisted(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-11: what the assisting department found."""
    for row in queries.open_dealings(case, DealingKind.ASSISTANCE):
        row.done_at, row.done_by_id, row.answer = now, by.id, note
    # Before an inquiry is routed its first responder asked (CP-02).
    asker = "handler" if case.department else "first_responder"
    watch.tell(case, [asker], "case:assisted", now, clause="CP-11")
    return Effect({"department": by.department}, {"note": note})


def opinion(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-09: the opinion on the person concerned; a copy goes to personnel for the appraisal."""
    concerned = case.person_concerned_id
    dealing(case, DealingKind.OPINION, by, now, note=note, person_id=concerned)
    case.opinion_at = now
    # Personnel need not see the case; the copy lies beside the month's penalties.
    watch.tell(
        case,
        ["personnel"],
        "case:opinion",
        now,
        address=f"/complaints/penalties/months/{clock.local(now):%Y-%m}",
        clause="CP-09",
    )
    return Effect({"person": concerned}, {"note": note})


def escalate(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    kind: Escalation,
    reason: str,
    customer_type: CustomerType | None = None,
    **_: Any,
) -> Effect:
    """CP-08, CP-16, CP-31: hand the matter up; the ladder of its clock climbs by itself."""
    dealing(case, DealingKind.ESCALATION, by, now, outcome=kind, note=reason)
    case.customer_type = customer_type or case.customer_type
    case.escalated_at = case.escalated_at or now
    case.handed_up = " ".join(dict.fromkeys([*case.handed_up.split(), kind]))
    match kind:
        case Escalation.UNSOLVED:
            start_once(case, "escalated", now)
            watch.tell(case, ["supervisor"], "case:escalated", now, at_once=True, clause="CP-08")
        case Escalation.MAJOR:
            case.major = True
            start_once(case, "decision", now)
            tell_major(case, now)
        case Escalation.NO_COOPERATION:
            watch.tell(case, ["manager", "office"], "case:no_cooperation", now, at_once=True, clause="CP-31")
    clause = {Escalation.UNSOLVED: "CP-08", Escalation.MAJOR: "CP-16", Escalation.NO_COOPERATION: "CP-31"}[
        kind
    ]
    return Effect({"kind": kind, "under": clause, "customer_type": customer_type}, {"reason": reason})


def decide(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-08, CP-16: what was handed up gets its result."""
    for row in queries.open_dealings(case, DealingKind.ESCALATION):
        row.done_at, row.done_by_id, row.answer = now, by.id, note
    case.handed_up = ""
    watch.tell(case, ["handler", "first_responder"], "case:decided", now, but=by.id, clause="CP-16")
    return Effect({}, {"note": note})


def pause(case: Case, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """CP-14: the company waits for the customer; the time does not count."""
    case.paused_at = now
    timers.reckon_again(case, [*watch.WATCH.pauses(case), (now, None)])
    return Effect({}, {"reason": reason})


def resume(case: Case, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """CP-14: the customer answered; the clocks run on, later by the time that was waited."""
    since, case.paused_at = case.paused_at, None
    pauses = [span for span in watch.WATCH.pauses(case) if span[1] is not None]
    timers.reckon_again(case, [*pauses, (since or now, now)])
    return Effect({"since": since})
