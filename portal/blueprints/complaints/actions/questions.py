"""What one person asks and another decides: one shape for every such verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.actions.common import dealing
from portal.blueprints.complaints.codes import TWO_PERSON, Decision, Outcome
from portal.blueprints.complaints.models import Case, Dealing
from portal.kernel import reference, timers
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Action, Effect

# What a yes does to the case; answers with the details for the history.
Yes = Callable[[Case, Dealing, Viewer, datetime], dict[str, Any]]


def asked_then_decided(verb: str, yes: Yes) -> Action:
    """The action of a two-person verb: its first POST asks, the second, by somebody else, decides.

    The gates have seen to it that another person decides; a no leaves everything as it was.
    """

    def act(
        case: Case,
        *,
        by: Viewer,
        now: datetime,
        question: Dealing | None = None,
        decision: Decision = Decision.NO,
        **typed: Any,
    ) -> Effect:
        if question is None:
            return _ask(case, verb, by, now, **typed)
        effect = _decide(case, verb, question, by, now, decision)
        if decision is Decision.YES:
            effect.details |= yes(case, question, by, now)
        return effect

    act.__doc__ = yes.__doc__
    return act


def _ask(
    case: Case,
    verb: str,
    by: Viewer,
    now: datetime,
    *,
    until: datetime | None = None,
    reason: str = "",
    answer: str = "",
    reporter: Card | None = None,
    **_: Any,
) -> Effect:
    row = dealing(
        case,
        TWO_PERSON[verb],
        by,
        now,
        until=until,
        note=reason,
        answer=answer,
        person_id=reporter.id if reporter else None,
    )
    case.asks = " ".join([*case.asks.split(), verb])
    decides = watch.decided_by(case, verb, reference.staff().cards[by.id])
    watch.tell(case, [decides], "case:asked", now, but=by.id, verb=verb)
    details = {"asked": row.id, "until": until, "person": row.person_id}
    return Effect(details, {"reason": reason, "answer": answer}, stay=True)


def _decide(
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
    case.handed_up = ""


EXTENDED = ("whole_case", "solution")  # the limits that more time lengthens (CP-14)


def _give_time(case: Case, question: Dealing, _by: Viewer, _now: datetime) -> dict[str, Any]:
    """CP-14: more time is asked for by one person and given by another."""
    for clock in timers.running(case, EXTENDED):
        if question.until is not None:
            timers.extend(clock, question.until, watch.WATCH.pauses(case))
    return {"until": question.until}


def _let_fall(case: Case, question: Dealing, by: Viewer, now: datetime) -> dict[str, Any]:
    """CP-06: a complaint that does not stand needs a reason, the answer given, and a second person's yes."""
    case.answer = question.answer
    close_loose_ends(case, by, now)
    timers.end(case, now)
    return {}


def _count_as_not_reached(case: Case, _question: Dealing, _by: Viewer, now: datetime) -> dict[str, Any]:
    """CP-18: nobody can be reached at all; with a second person's yes the case counts as not reached."""
    case.followed_up, case.not_reached = Outcome.NO_ANSWER, True
    timers.meet(case, ["follow_up"], now)
    return {}


def _name_reporter(case: Case, question: Dealing, _by: Viewer, _now: datetime) -> dict[str, Any]:
    """CP-17: department and customer service agree who tells the customer."""
    case.reporter_id = question.person_id
    return {"reporter": question.person_id}


extend = asked_then_decided("extend", _give_time)
not_upheld = asked_then_decided("not-upheld", _let_fall)
no_contact = asked_then_decided("no-contact", _count_as_not_reached)
reporter = asked_then_decided("reporter", _name_reporter)
