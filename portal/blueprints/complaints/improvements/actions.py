"""What each verb does to an improvement case; each inside a write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.blueprints.complaints import disposal
from portal.blueprints.complaints.improvements import queries, rules, watch
from portal.blueprints.complaints.improvements.codes import Cause, Recurring, State
from portal.blueprints.complaints.improvements.models import (
    Dismissal,
    DismissedCase,
    Improvement,
    ImprovementCase,
)
from portal.blueprints.complaints.improvements.workflow import IMPROVEMENT
from portal.blueprints.complaints.models import Case
from portal.kernel import history, numbers, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Forbidden, Reason, Refused


class Doubled(Exception):
    """A form that was sent before: `improvement` is what it made; `same` tells whether it said the same."""

    def __init__(self, improvement: Improvement, same: bool) -> None:
        self.improvement, self.same = improvement, same
        super().__init__(improvement.number)


def raise_(
    *,
    by: Viewer,
    now: datetime,
    department: str,
    title: str,
    problem: str,
    cases: Sequence[Case] = (),
    cause: Cause | None = None,
    changes: str = "",
    origin: Recurring | None = None,
    idempotency_key: str | None = None,
    digest: str = "",
) -> Improvement:
    """CP-21: raise an improvement case from one or several cases, or from what recurs. Inside a write."""
    if not rules.may_raise(by, department):
        raise Forbidden("raise", "CP-21")
    number = numbers.take("GS", now)  # first: two forms of one key queue here
    if idempotency_key:
        sent = sa.select(Improvement).where(
            Improvement.raised_by_id == by.id, Improvement.idempotency_key == idempotency_key
        )
        if before := db.session.scalars(sent).one_or_none():
            raise Doubled(before, before.fields_digest == digest)
    made = Improvement(
        number=number,
        state=State.RAISED,
        state_since=now,
        department=department,
        title=title,
        problem=problem,
        cause=cause,
        changes=changes,
        origin=origin,
        raised_at=now,
        raised_by_id=by.id,
        idempotency_key=idempotency_key,
        fields_digest=digest,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(ImprovementCase(improvement_id=made.id, case_id=case.id) for case in cases)
    history.record(
        made,
        "improvement:raise",
        by=by.id,
        now=now,
        clause="CP-21",
        words={"title": title, "problem": problem},
        department=department,
        cases=[case.number for case in cases] or None,
        cause=cause,
        origin=origin,
    )
    for case in cases:
        history.record(case, "case:improvement", by=by.id, now=now, clause="CP-21", improvement=number)
    watch.WATCH.start(made, "improvement_assign", now)
    watch.WATCH.clocks_moved(made, now)
    watch.tell(made, ["lead", "office"], "improvement:raised", now, but=by.id)
    return made


def perform(improvement: Improvement, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb on an improvement case that was loaded inside a write."""
    if verb == "assign":
        given["concerned"] = queries.concerned(improvement.id)
    transitions.perform(IMPROVEMENT, improvement, verb, ACTIONS[verb], by=by, now=now, **given)


act = transitions.one_write(queries.find, perform)


def _assign(
    improvement: Improvement,
    *,
    by: Viewer,
    now: datetime,
    owner: Card,
    target_at: datetime,
    note: str = "",
    **_: Any,
) -> Effect:
    """An owner and a day by which it is carried out."""
    was, improvement.owner_id, improvement.target_at = improvement.owner_id, owner.id, target_at
    timers.end(improvement, now, ["improvement"])
    watch.WATCH.start(improvement, "improvement", now)
    watch.tell(improvement, ["handler"], "improvement:assigned", now, but=by.id)
    return Effect({"owner": owner.id, "was": was, "until": target_at}, {"note": note})


def _plan(
    improvement: Improvement,
    *,
    now: datetime,
    plan: str,
    cause: Cause | None = None,
    changes: str = "",
    **_: Any,
) -> Effect:
    """What is to be done about which cause, and what it changes in the house."""
    improvement.plan = plan
    improvement.cause = cause or improvement.cause
    improvement.changes = changes or improvement.changes
    return Effect({"cause": improvement.cause}, {"plan": plan, "changes": improvement.changes})


def _carry_out(improvement: Improvement, *, by: Viewer, now: datetime, result: str, **_: Any) -> Effect:
    """Done; the effect is looked at when it has had time to show."""
    improvement.result, improvement.carried_out_at, improvement.carried_out_by_id = result, now, by.id
    improvement.effect_from = watch.after("limit.improvement.effect", now, now)
    watch.WATCH.start(improvement, "improvement_effect", now)
    watch.tell(improvement, ["office"], "improvement:carried_out", now, but=by.id)
    return Effect({"round": improvement.round, "effect_from": improvement.effect_from}, {"result": result})


def _evaluate(improvement: Improvement, *, by: Viewer, now: datetime, evaluation: str, **_: Any) -> Effect:
    """The effect is there, says somebody else."""
    improvement.evaluation, improvement.evaluated_at, improvement.evaluated_by_id = evaluation, now, by.id
    timers.end(improvement, now)
    watch.tell(improvement, ["handler", "lead"], "improvement:closed", now, but=by.id)
    return Effect({"round": improvement.round}, {"evaluation": evaluation})


def _reopen(
    improvement: Improvement, *, by: Viewer, now: datetime, note: str, target_at: datetime, **_: Any
) -> Effect:
    """The effect is not there: another round, to be carried out by a new day."""
    improvement.round += 1
    improvement.target_at, improvement.effect_from = target_at, None
    watch.WATCH.start(improvement, "improvement", now)
    watch.tell(improvement, ["handler", "lead"], "improvement:reopened", now, but=by.id)
    return Effect({"round": improvement.round, "until": target_at}, {"note": note})


def _note(improvement: Improvement, *, note: str, **_: Any) -> Effect:
    """Something worth knowing."""
    return Effect({}, {"note": note})


def _cancel(improvement: Improvement, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """It is not pursued, with a reason."""
    timers.end(improvement, now)
    watch.tell(improvement, ["handler", "lead"], "improvement:cancelled", now, but=by.id)
    return Effect({}, {"reason": reason})


ACTIONS: dict[str, transitions.Action] = {
    "assign": _assign,
    "plan": _plan,
    "carry-out": _carry_out,
    "evaluate": _evaluate,
    "reopen": _reopen,
    "note": _note,
    "cancel": _cancel,
}


def dismiss(proposal: queries.Proposal, *, by: Viewer, now: datetime, reason: str) -> None:
    """CP-22: a proposal is not followed; its cases count no more for one of its kind. Inside a write."""
    row = Dismissal(origin=proposal.origin, at=now, by_id=by.id, reason=reason)
    db.session.add(row)
    db.session.flush()
    ids = list(db.session.scalars(sa.select(Case.id).where(Case.number.in_(proposal.numbers))))
    db.session.add_all(
        DismissedCase(origin=proposal.origin, case_id=case_id, dismissal_id=row.id) for case_id in ids
    )
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody dismissed it a moment ago
        raise Refused([Reason("CP-22", "proposal_gone")]) from error
    history.record(
        row,
        "recurrence:dismiss",
        by=by.id,
        now=now,
        clause="CP-22",
        origin=proposal.origin,
        cases=list(proposal.numbers),
        words={"reason": reason},
    )


# -- CP-20: when a case behind it is disposed of --------------------------------------------------------------


def _bar(case: Case) -> Reason | None:
    number = queries.open_of(case.id)
    return rules.open_for(number) if number else None


def _forget(case: Case) -> None:
    """What was written about the case may name its customer, so it goes with the case; codes and days stay."""
    ours = sa.select(ImprovementCase.improvement_id).where(ImprovementCase.case_id == case.id)
    for improvement in db.session.scalars(sa.select(Improvement).where(Improvement.id.in_(ours))):
        improvement.title = improvement.problem = improvement.plan = ""
        improvement.result = improvement.evaluation = improvement.fields_digest = ""
        if rules.points_at(improvement.changes) == "words":
            improvement.changes = ""
        history.erase(improvement)
    dismissed = sa.select(DismissedCase.dismissal_id).where(DismissedCase.case_id == case.id)
    for row in db.session.scalars(sa.select(Dismissal).where(Dismissal.id.in_(dismissed))):
        row.reason = ""
        history.erase(row)


disposal.BARS.append(_bar)
disposal.ERASERS.append(_forget)
