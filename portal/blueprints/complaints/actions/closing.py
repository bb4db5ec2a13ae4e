"""What follows the solution: answer, follow up, file, archive, dispose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.complaints import closing, disposal, queries, watch
from portal.blueprints.complaints.actions.common import dealing, keep_promises
from portal.blueprints.complaints.actions.questions import asked_then_decided, close_loose_ends
from portal.blueprints.complaints.codes import (
    DealingKind,
    Kind,
    Outcome,
)
from portal.blueprints.complaints.models import Case, Dealing
from portal.kernel import files as store
from portal.kernel import history, links, policies, recents, search, search_care, timers
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.transitions import Effect


def report(case: Case, *, by: Viewer, now: datetime, answer: str, **_: Any) -> Effect:
    """CP-14, CP-17: the customer has the answer."""
    case.answer, case.reported_at, case.reported_by_id, case.satisfied = answer, now, by.id, None
    keep_promises(case, by, now)
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
    **_: Any,
) -> Effect:
    """CP-18: the call of the same day, and up to two more when nobody answers."""
    dealing(case, DealingKind.FOLLOW_UP, by, now, outcome=outcome, note=note)
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
    figure = "retention.important_years" if closing.important(case) else "retention.normal_years"
    case.archived_at, case.evaluation = now, evaluation
    case.keep_until = now + timedelta(days=365 * policies.number(figure, now))
    timers.end(case, now)
    return Effect(
        {"keep_until": case.keep_until, "not_reached": case.not_reached or None}, {"evaluation": evaluation}
    )


def withdraw(case: Case, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """The customer takes the matter back."""
    close_loose_ends(case, by, now)
    timers.end(case, now)
    return Effect({}, {"reason": reason})


def _forget(case: Case, _question: Dealing, _by: Viewer, now: datetime) -> dict[str, Any]:
    forget(case, now)
    return {}


def forget(case: Case, now: datetime) -> None:
    """CP-20: once its term is over the record loses every name and text; codes and figures stay. Inside a write."""
    disposal.erase(case)
    links.announce("case:disposed", case=case, now=now)
    recents.forget_about((case.customer_name, case.customer_pinyin, case.customer_phone))
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
    search_care.optimize("case")


dispose = asked_then_decided("dispose", _forget)

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
    "external_party",
    "external_contact",
    "fields_digest",  # without salt: whoever guesses the words could prove them by it
)
