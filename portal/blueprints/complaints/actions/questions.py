"""What one person asks and another decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.actions.common import dealing
from portal.blueprints.complaints.codes import (
    TWO_PERSON,
    Decision,
    Outcome,
)
from portal.blueprints.complaints.models import Case, Dealing
from portal.kernel import timers
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Effect


def ask(case: Case, verb: str, by: Viewer, now: datetime, **fields: Any) -> Effect:
    row = dealing(case, TWO_PERSON[verb], by, now, **fields)
    case.asks = " ".join([*case.asks.split(), verb])
    watch.tell(case, ["approver"], "case:asked", now, but=by.id, verb=verb)
    return Effect(
        {"asked": row.id, "until": row.until, "person": row.person_id}, {"reason": row.note}, stay=True
    )


def answer_question(
    case: Case, verb: str, question: Dealing, by: Viewer, now: datetime, decision: Decision
) -> Effect:
    question.done_at, question.done_by_id, question.outcome = now, by.id, decision
    case.asks = " ".join(v for v in case.asks.split() if v != verb)
    watch.tell_person(case, question.by_id, "case:answered", now, verb=verb, decision=decision)
    return Effect({"asked": question.id, "decision": decision}, stay=decision is Decision.NO)


def close_loose_ends(case: Case, by: Viewer, now: datetime) -> None:
    """Nobody waits any more for what was promised, handed up or asked of another department."""
    for kind in queries.LOOSE_KINDS:
        for row in queries.open_dealings(case, kind):
            row.done_at, row.done_by_id = now, by.id


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
        return ask(case, "extend", by, now, until=until, note=reason, idempotency_key=idempotency_key)
    effect = answer_question(case, "extend", question, by, now, decision)
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
        effect = ask(case, "not-upheld", by, now, note=reason, answer=answer, idempotency_key=idempotency_key)
        effect.words["answer"] = answer
        return effect
    effect = answer_question(case, "not-upheld", question, by, now, decision)
    if decision is Decision.YES:
        case.answer = question.answer
        close_loose_ends(case, by, now)
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
        return ask(case, "no-contact", by, now, note=reason, idempotency_key=idempotency_key)
    effect = answer_question(case, "no-contact", question, by, now, decision)
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
        return ask(case, "reporter", by, now, person_id=person_id, idempotency_key=idempotency_key)
    effect = answer_question(case, "reporter", question, by, now, decision)
    if decision is Decision.YES:
        case.reporter_id = question.person_id
        effect.details["reporter"] = question.person_id
    return effect
