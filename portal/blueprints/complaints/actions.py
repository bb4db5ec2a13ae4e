"""What each verb does to a case: one function a verb, called by `perform` after right, state and gates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries, rules, watch
from portal.blueprints.complaints.codes import (
    TWO_PERSON,
    CustomerType,
    DealingKind,
    Decision,
    Escalation,
    Finding,
    Kind,
    Outcome,
    ReadBack,
    State,
)
from portal.blueprints.complaints.models import Case, CaseDepartment, Dealing
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import files as store
from portal.kernel import history, numbers, pinyin, policies, reference, routing, search, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import Rank, Role
from portal.kernel.timers import Basis
from portal.kernel.transitions import Effect


class Doubled(Exception):
    """A form that was sent before: `case` is what it made; `same` tells whether it said the same."""

    def __init__(self, case: Case, same: bool) -> None:
        self.case, self.same = case, same
        super().__init__(case.number)


def fields_digest(fields: dict[str, Any]) -> str:
    """A digest of a form's fields, to tell a resent form from a changed one."""
    written = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def register(
    *,
    by: Viewer,
    now: datetime,
    idempotency_key: str | None = None,
    files: Sequence[store.Checked] = (),
    **fields: Any,
) -> Case:
    """Record a case (CP-01, CP-03, CP-04). Inside a write.

    `fields` are the form's: kind, channel, category, urgency, major, confidential, content, demand, customer_*,
    read_back, read_back_reason, person_concerned_id, occurred_at. Raises Doubled for a key used before.
    """
    digest = fields_digest(fields | {"files": [checked.sha256 for checked in files]})
    if idempotency_key:
        same_key = sa.select(Case).where(
            Case.registered_by_id == by.id, Case.idempotency_key == idempotency_key
        )
        if first := db.session.scalars(same_key).one_or_none():
            raise Doubled(first, first.fields_digest == digest)
    concerned: int | None = fields.get("person_concerned_id")
    case = Case(
        **fields,
        number=numbers.take("TS", now),
        registered_at=now,
        registered_by_id=by.id,
        first_responder_id=_first_responder(by, concerned, confidential=bool(fields.get("confidential"))),
        state=State.REGISTERED,
        state_since=now,
        idempotency_key=idempotency_key,
        fields_digest=digest,
    )
    if case.read_back is not None:
        case.read_back_at, case.read_back_by_id = now, by.id
    case.customer_pinyin = pinyin.readings(case.customer_name)
    db.session.add(case)
    db.session.flush()
    search.put("case", case.id, old=None, new=queries.searchable(case))
    words = {
        name: getattr(case, name)
        for name in ("content", "demand", "customer_name", "customer_phone", "customer_address")
    }
    codes = {name: getattr(case, name) for name in ("kind", "channel", "category", "urgency", "read_back")}
    history.record(
        case,
        "case:register",
        by=by.id,
        now=now,
        clause="CP-01",
        **codes,
        major=case.major or None,
        confidential=case.confidential or None,
        number=case.number,
        first_responder=case.first_responder_id,
        passed_on=True if case.first_responder_id != by.id else None,
        words=words,
    )
    if files:
        attach(case, by=by, now=now, files=files)
    for kind in watch.at_registration(case):
        watch.WATCH.start(case, kind, now)
    if case.major:
        _tell_major(case, now)
    watch.WATCH.clocks_moved(case, now)
    return case


def _first_responder(by: Viewer, concerned: int | None, *, confidential: bool) -> int:
    """CP-03: who takes the case answers for it.

    A complaint about oneself passes to another at the desk, else to the general office (CP-09); a confidential tip-off
    to the general office, which alone may see it (CP-04).
    """
    staff = reference.staff()
    office = [i for i in staff.with_role(Role.OFFICE) if i != concerned]
    if confidential:
        return by.id if by.role is Role.OFFICE and concerned != by.id else (office or [by.id])[0]
    if concerned != by.id:
        return by.id
    return ([i for i in staff.with_role(Role.DESK) if i != by.id] or office or [by.id])[0]


def act(
    number: str, verb: str, *, by: Viewer, now: datetime, idempotency_key: str | None = None, **given: Any
) -> Case:
    """Perform one verb on a case, from looking it up to the commit. Raises NotFound, Forbidden, Refused."""
    with db.write():
        case = queries.find(by, number, lock=True)
        if idempotency_key:
            sent = sa.select(Dealing.id).where(
                Dealing.by_id == by.id, Dealing.idempotency_key == idempotency_key
            )
            if db.session.scalar(sent) is not None:
                return case
            given["idempotency_key"] = idempotency_key
        transitions.perform(
            CASE, case, verb, ACTIONS[verb], by=by, now=now, **prepared(case, verb, by, now, given)
        )
    return case


def prepared(case: Case, verb: str, by: Viewer, now: datetime, given: dict[str, Any]) -> dict[str, Any]:
    """The form's fields and what the gates must know besides."""
    if verb == "route":
        proposed = proposed_department(case)
        department = given.get("department") or proposed
        signers = watch.signers(case, department) if department else []
        given |= {
            "proposed": proposed,
            "department": department,
            "nobody_signs": bool(department) and not signers,
        }
    if verb in {"accept", "assign"}:
        given["lowest_rank"] = Rank(policies.value(f"level.{rules.level(case)}", now))
    if verb in {"approve", "return"}:
        given["concerns_lead"] = watch.concerns_lead(case)
    if verb == "special":
        running = timers.running(case, ["first_contact"])
        given["first_contact_due"] = running[0].due_at if running else None
    if verb in {"archive", "decide"}:
        given["loose"] = queries.loose_ends(case)
    if verb in TWO_PERSON and (question := queries.open_question(case, verb)):
        asker = reference.staff().cards[question.by_id]
        desk = {Role.DESK, Role.OFFICE}
        given |= {
            "asked_by": question.by_id,
            "same_side": (asker.role in desk) == (by.role in desk),
            "question": question,
        }
    return given


def proposed_department(case: Case) -> str:
    """CP-05: the department of the person complained about, else the category's."""
    if case.person_concerned_id is not None:
        return reference.staff().cards[case.person_concerned_id].department
    return routing.proposed(case.category)


def _dealing(case: Case, kind: DealingKind, by: Viewer, now: datetime, **fields: Any) -> Dealing:
    row = Dealing(case_id=case.id, kind=kind, round=case.round, at=now, by_id=by.id, **fields)
    db.session.add(row)
    db.session.flush()
    return row


def _tell_major(case: Case, now: datetime) -> None:
    """CP-16: the department's head and the general office learn of a major case at once."""
    watch.tell(case, ["lead", "office", "director"], "case:major", now, at_once=True, clause="CP-16")


# -- intake and routing -----------------------------------------------------------------------------------------------


def read_back(
    case: Case, *, by: Viewer, now: datetime, read_back: ReadBack, reason: str = "", **_: Any
) -> Effect:
    """CP-04: the record was confirmed by the customer, or why not."""
    case.read_back, case.read_back_at, case.read_back_by_id, case.read_back_reason = (
        read_back,
        now,
        by.id,
        reason,
    )
    return Effect({"read_back": read_back}, {"reason": reason})


def route(
    case: Case, *, by: Viewer, now: datetime, department: str, proposed: str, reason: str = "", **_: Any
) -> Effect:
    """CP-05, CP-10: the case and its numbered notice go to a department."""
    if case.state is State.NOT_UPHELD:
        timers.reopen(case, ["solution", "whole_case"], now)
    case.department, case.routed_at = department, now
    if not case.notice_number:
        unnumbered = queries.searchable(case)
        case.notice_number = numbers.take("GZ", now)
        search.put("case", case.id, old=unnumbered, new=queries.searchable(case))
    if db.session.get(CaseDepartment, (case.id, department)) is None:
        db.session.add(CaseDepartment(case_id=case.id, department=department))
    if case.major:
        _tell_major(case, now)
    watch.tell(case, ["lead"], "case:routed", now, clause="CP-10")
    overruled = department != proposed
    return Effect(
        {"department": department, "proposed": proposed if overruled else None, "notice": case.notice_number},
        {"reason": reason},
    )


def hand_back(case: Case, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """CP-05: the department shows why it is not theirs; the desk routes anew."""
    was, case.department = case.department, None
    timers.end(case, now, ["first_contact"])
    watch.tell(case, ["first_responder"], "case:handed_back", now, clause="CP-05")
    return Effect({"department": was}, {"reason": reason})


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


# -- solving -----------------------------------------------------------------------------------------------------------


def contact(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    note: str,
    substantive: bool = False,
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-12: somebody spoke to the customer and said what is offered; promises are kept by it (CP-15)."""
    _dealing(case, DealingKind.CONTACT, by, now, note=note, idempotency_key=idempotency_key)
    if case.contacted_at is None and case.department is not None:
        case.contacted_at = now
    kept = _keep_promises(case, by, now)
    if substantive:
        timers.meet(case, ["answer"], now)
    return Effect({"promises_kept": kept or None, "substantive": substantive or None}, {"note": note})


def _keep_promises(case: Case, by: Viewer, now: datetime) -> int:
    """CP-15: whoever speaks to the customer keeps what was promised; how many."""
    kept = queries.open_dealings(case, DealingKind.PROMISE)
    for row in kept:
        row.done_at, row.done_by_id = now, by.id
    return len(kept)


def promise(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    due_at: datetime,
    note: str = "",
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-15: the customer was promised news by a time."""
    _dealing(case, DealingKind.PROMISE, by, now, until=due_at, note=note, idempotency_key=idempotency_key)
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
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-11, CP-34: what happened, whose doing, and up to four ways to settle it, the recommended one first."""
    row = _dealing(
        case,
        DealingKind.PROPOSAL,
        by,
        now,
        note=findings,
        outcome=finding,
        person_id=responsible.id if responsible else None,
        until=agreed_at,
        solutions=Dealing.written(solution),
        idempotency_key=idempotency_key,
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
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-11: another department helps to find the cause, with a limit of its own."""
    _dealing(
        case,
        DealingKind.ASSISTANCE,
        by,
        now,
        department=department,
        note=note,
        idempotency_key=idempotency_key,
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
    watch.tell(case, ["handler"], "case:assisted", now, clause="CP-11")
    return Effect({"department": by.department}, {"note": note})


def opinion(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-09: the opinion on the person concerned; a copy goes to personnel for the appraisal."""
    _dealing(case, DealingKind.OPINION, by, now, note=note, person_id=case.person_concerned_id)
    case.opinion_at = now
    watch.tell(case, ["personnel"], "case:opinion", now, clause="CP-09")
    return Effect({"person": case.person_concerned_id}, {"note": note})


# -- answering, following up, archiving ----------------------------------------------------------------------------------


def report(case: Case, *, by: Viewer, now: datetime, answer: str, **_: Any) -> Effect:
    """CP-14, CP-17: the customer has the answer."""
    case.answer, case.reported_at, case.reported_by_id, case.satisfied = answer, now, by.id, None
    _keep_promises(case, by, now)
    if case.kind is Kind.INQUIRY:
        case.handler_id = case.handler_id or by.id
    if case.kind is not Kind.COMPLAINT and by.id == case.first_responder_id:
        case.confirmed_at = now
    watch.tell(case, ["first_responder"], "case:reported", now, but=by.id, clause="CP-18")
    return Effect({"round": case.round}, {"answer": answer})


def satisfied(case: Case, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-17: the customer said so."""
    case.satisfied = True
    return Effect({}, {"note": note})


def reopen(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-17: the customer is not satisfied; a new round begins, the case's own limits run on."""
    case.round += 1
    case.satisfied = case.followed_up = case.confirmed_at = case.filed_at = None
    case.tries, case.not_reached = 0, False
    case.proposal_id = case.proposed_by_id = case.approved_by_id = case.resolved_at = None
    timers.end(case, now, ["follow_up", "opinion"])
    timers.reopen(case, ["solution", "whole_case"], now)
    watch.tell(case, ["handler", "lead"], "case:reopened", now, but=by.id, clause="CP-17")
    return Effect({"round": case.round}, {"note": note})


def follow_up(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    outcome: Outcome,
    note: str = "",
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-18: the call of the same day, and up to two more when nobody answers."""
    _dealing(
        case, DealingKind.FOLLOW_UP, by, now, outcome=outcome, note=note, idempotency_key=idempotency_key
    )
    case.tries += 1
    case.followed_up = outcome
    if outcome is Outcome.NO_ANSWER:
        case.not_reached = case.tries >= policies.number("follow_up.tries", now)
        if not case.not_reached:
            watch.WATCH.start(case, "follow_up_again", now)
    return Effect({"outcome": outcome, "try": case.tries}, {"note": note})


def confirm(case: Case, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-03: the first responder, or the lead of an absent one, confirms that the answer closes the matter."""
    case.confirmed_at = now
    return Effect(
        {"instead_of": case.first_responder_id if by.id != case.first_responder_id else None}, {"note": note}
    )


def file(case: Case, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-20: the department files its copy of the notice."""
    case.filed_at = now
    return Effect({"notice": case.notice_number}, {"note": note})


def archive(case: Case, *, by: Viewer, now: datetime, evaluation: str, **_: Any) -> Effect:
    """CP-19, CP-20: customer service files its copy with an evaluation; kept one year, important ones longer."""
    figure = "retention.important_years" if rules.important(case) else "retention.normal_years"
    case.archived_at, case.evaluation = now, evaluation
    case.keep_until = now + timedelta(days=365 * policies.number(figure, now))
    timers.end(case, now)
    return Effect(
        {"keep_until": case.keep_until, "not_reached": case.not_reached or None}, {"evaluation": evaluation}
    )


# -- beside the main path ------------------------------------------------------------------------------------------------


def escalate(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    kind: Escalation,
    reason: str,
    customer_type: CustomerType | None = None,
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-08, CP-16, CP-31: hand the matter up; the ladder of its clock climbs by itself."""
    _dealing(
        case, DealingKind.ESCALATION, by, now, outcome=kind, note=reason, idempotency_key=idempotency_key
    )
    case.customer_type = customer_type or case.customer_type
    case.escalated_at = case.escalated_at or now
    match kind:
        case Escalation.UNSOLVED:
            _start_once(case, "escalated", now)
            watch.tell(case, ["supervisor"], "case:escalated", now, at_once=True, clause="CP-08")
        case Escalation.MAJOR:
            case.major = True
            _start_once(case, "decision", now)
            _tell_major(case, now)
        case Escalation.NO_COOPERATION:
            watch.tell(case, ["manager", "office"], "case:no_cooperation", now, at_once=True, clause="CP-31")
    clause = {Escalation.UNSOLVED: "CP-08", Escalation.MAJOR: "CP-16", Escalation.NO_COOPERATION: "CP-31"}[
        kind
    ]
    return Effect({"kind": kind, "under": clause, "customer_type": customer_type}, {"reason": reason})


def _start_once(case: Case, kind: str, now: datetime) -> None:
    if not timers.running(case, [kind]):
        watch.WATCH.start(case, kind, now)


def decide(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-08, CP-16: what was handed up gets its result."""
    for row in queries.open_dealings(case, DealingKind.ESCALATION):
        row.done_at, row.done_by_id, row.answer = now, by.id, note
    watch.tell(case, ["handler", "first_responder"], "case:decided", now, but=by.id, clause="CP-16")
    return Effect({}, {"note": note})


def _ask(case: Case, verb: str, by: Viewer, now: datetime, **fields: Any) -> Effect:
    row = _dealing(case, TWO_PERSON[verb], by, now, **fields)
    case.asks = " ".join([*case.asks.split(), verb])
    watch.tell(case, ["approver"], "case:asked", now, but=by.id, verb=verb)
    return Effect(
        {"asked": row.id, "until": row.until, "person": row.person_id}, {"reason": row.note}, stay=True
    )


def _answer_question(
    case: Case, verb: str, question: Dealing, by: Viewer, now: datetime, decision: Decision
) -> Effect:
    question.done_at, question.done_by_id, question.outcome = now, by.id, decision
    case.asks = " ".join(v for v in case.asks.split() if v != verb)
    watch.tell_person(case, question.by_id, "case:answered", now, verb=verb, decision=decision)
    return Effect({"asked": question.id, "decision": decision}, stay=decision is Decision.NO)


def extend(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    question: Dealing | None = None,
    decision: Decision = Decision.NO,
    until: datetime | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-14: more time is asked for by one person and given by another."""
    if question is None:
        return _ask(case, "extend", by, now, until=until, note=reason, idempotency_key=idempotency_key)
    effect = _answer_question(case, "extend", question, by, now, decision)
    if decision is Decision.YES and question.until is not None:
        for clock in timers.running(case, ["whole_case", "solution"]):
            timers.extend(clock, question.until, watch.WATCH.pauses(case))
        effect.details["until"] = question.until
    return effect


def not_upheld(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    question: Dealing | None = None,
    decision: Decision = Decision.NO,
    reason: str = "",
    answer: str = "",
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-06: a complaint that does not stand needs a reason, the answer given, and a second person's yes."""
    if question is None:
        effect = _ask(
            case, "not-upheld", by, now, note=reason, answer=answer, idempotency_key=idempotency_key
        )
        effect.words["answer"] = answer
        return effect
    effect = _answer_question(case, "not-upheld", question, by, now, decision)
    if decision is Decision.YES:
        case.answer = question.answer
        _close_loose_ends(case, by, now)
        timers.end(case, now)
    return effect


def no_contact(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    question: Dealing | None = None,
    decision: Decision = Decision.NO,
    reason: str = "",
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-18: nobody can be reached at all; with a second person's yes the case counts as not reached."""
    if question is None:
        return _ask(case, "no-contact", by, now, note=reason, idempotency_key=idempotency_key)
    effect = _answer_question(case, "no-contact", question, by, now, decision)
    if decision is Decision.YES:
        case.followed_up, case.not_reached = Outcome.NO_ANSWER, True
        timers.meet(case, ["follow_up"], now)
    return effect


def reporter(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    question: Dealing | None = None,
    decision: Decision = Decision.NO,
    reporter: Card | None = None,
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-17: department and customer service agree who tells the customer."""
    if question is None:
        person_id = reporter.id if reporter else None
        return _ask(case, "reporter", by, now, person_id=person_id, idempotency_key=idempotency_key)
    effect = _answer_question(case, "reporter", question, by, now, decision)
    if decision is Decision.YES:
        case.reporter_id = question.person_id
        effect.details["reporter"] = question.person_id
    return effect


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


def dispose(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    question: Dealing | None = None,
    decision: Decision = Decision.NO,
    reason: str = "",
    idempotency_key: str | None = None,
    **_: Any,
) -> Effect:
    """CP-20: once its term is over the record loses every name and text; codes and figures stay."""
    if question is None:
        return _ask(case, "dispose", by, now, note=reason, idempotency_key=idempotency_key)
    effect = _answer_question(case, "dispose", question, by, now, decision)
    if decision is Decision.YES:
        old = queries.searchable(case)
        for name in TEXTS:
            setattr(case, name, "")
        case.disposed_at = now
        for row in queries.dealings(case):
            row.note = row.answer = ""
            row.solutions = Dealing.written([])
        history.erase(case)
        store.remove_all_of(case)
        db.session.flush()
        search.put("case", case.id, old=old, new=queries.searchable(case))
        search.optimize("case")
    return effect


# What names or describes anybody, and goes when the record is disposed of.
TEXTS = (
    "content",
    "demand",
    "customer_name",
    "customer_pinyin",
    "customer_phone",
    "customer_address",
    "read_back_reason",
    "special_reason",
    "result",
    "answer",
    "evaluation",
)


def withdraw(case: Case, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """The customer takes the matter back."""
    _close_loose_ends(case, by, now)
    timers.end(case, now)
    return Effect({}, {"reason": reason})


def _close_loose_ends(case: Case, by: Viewer, now: datetime) -> None:
    """Nobody waits any more for what was promised, handed up or asked of another department."""
    for kind in queries.LOOSE_KINDS:
        for row in queries.open_dealings(case, kind):
            row.done_at, row.done_by_id = now, by.id


EDITABLE = (
    "kind",
    "category",
    "content",
    "demand",
    "customer_name",
    "customer_phone",
    "customer_address",
    "customer_type",
)


def edit(case: Case, *, by: Viewer, now: datetime, **fields: Any) -> Effect:
    """Mend the record; what it said before stays in the history. No clock moves (CP-02, CP-04)."""
    old = queries.searchable(case)
    changed = {
        name: getattr(case, name)
        for name in EDITABLE
        if name in fields and fields[name] != getattr(case, name)
    }
    for name in changed:
        setattr(case, name, fields[name])
    case.customer_pinyin = pinyin.readings(case.customer_name)
    db.session.flush()
    search.put("case", case.id, old=old, new=queries.searchable(case))
    return Effect(
        {"fields": sorted(changed)}, {f"was {name}": str(value or "") for name, value in changed.items()}
    )


def attach(case: Case, *, by: Viewer, now: datetime, files: Sequence[store.Checked], **_: Any) -> Effect:
    """CP-01: the original letter, a picture, a recording."""
    there = {row.sha256 for row in store.of(case)}  # a form sent twice adds nothing
    kept = [store.add(case, checked, by.id, now) for checked in files if checked.sha256 not in there]
    return Effect({"files": [row.id for row in kept]}, {"names": ", ".join(row.name for row in kept)})


def note(
    case: Case, *, by: Viewer, now: datetime, note: str, idempotency_key: str | None = None, **_: Any
) -> Effect:
    """A remark for colleagues; it moves no clock."""
    _dealing(case, DealingKind.NOTE, by, now, note=note, idempotency_key=idempotency_key)
    return Effect({}, {"note": note})


# The verb is the key: the row of the workflow, the address, the form, the function.
ACTIONS: dict[str, transitions.Action] = {
    "read-back": read_back,
    "route": route,
    "accept": accept,
    "on-site": on_site,
    "propose": propose,
    "approve": approve,
    "return": return_,
    "adopt": adopt,
    "decline": decline,
    "resolve": resolve,
    "report": report,
    "follow-up": follow_up,
    "satisfied": satisfied,
    "reopen": reopen,
    "confirm": confirm,
    "file": file,
    "archive": archive,
    "contact": contact,
    "promise": promise,
    "opinion": opinion,
    "escalate": escalate,
    "decide": decide,
    "special": special,
    "assist": assist,
    "assisted": assisted,
    "assign": assign,
    "hand-back": hand_back,
    "reporter": reporter,
    "extend": extend,
    "pause": pause,
    "resume": resume,
    "not-upheld": not_upheld,
    "no-contact": no_contact,
    "dispose": dispose,
    "withdraw": withdraw,
    "edit": edit,
    "attach": attach,
    "note": note,
}
