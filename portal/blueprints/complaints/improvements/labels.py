"""What people read about improvement cases: codes, verbs, refusals, history, messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.complaints.improvements.codes import Cause, Recurring, State
from portal.drawing import name_of
from portal.i18n import _l, label, listed, moment

LABELS: dict[Any, Any] = {
    State: {
        State.RAISED: _l("Raised"),
        State.ASSIGNED: _l("Assigned"),
        State.PLANNED: _l("Planned"),
        State.CARRIED_OUT: _l("Carried out, effect not confirmed"),
        State.CLOSED: _l("Closed, effect confirmed"),
        State.CANCELLED: _l("Cancelled"),
    },
    Cause: {
        Cause.PEOPLE: _l("People (knowledge, care, attitude)"),
        Cause.METHOD: _l("Method (process, rule, limit)"),
        Cause.MATERIAL: _l("Material (parts, supplies)"),
        Cause.DEVICE: _l("Device (product, tool, software)"),
        Cause.ENVIRONMENT: _l("Environment (place, season, load)"),
        Cause.INFORMATION: _l("Information (documents, handing on)"),
        Cause.OUTSIDE: _l("Outside the company"),
    },
    Recurring: {
        Recurring.MATTER: _l("The same matter again and again"),
        Recurring.CUSTOMER: _l("The same customer again and again"),
        Recurring.MISTAKE: _l("An ordinary mistake that asks for an improvement plan (CP-34)"),
    },
}

CASE: Any = _l("Improvement case")  # what a line of a case's history calls it

VERBS: dict[str, Any] = {
    "assign": _l("Name an owner"),
    "plan": _l("Plan the improvement"),
    "carry-out": _l("Improvement carried out"),
    "evaluate": _l("Confirm the effect"),
    "reopen": _l("Effect not confirmed"),
    "note": _l("Add a remark"),
    "cancel": _l("Cancel the improvement case"),
}
# What my day calls the awaited acts; verbs of cases have some of the same names.
AWAITED: dict[str, Any] = {
    "name-owner": VERBS["assign"],
    "plan": VERBS["plan"],
    "carry-out": VERBS["carry-out"],
    "confirm-effect": VERBS["evaluate"],
}
SAID: dict[str, Any] = {
    "assign": _l("The owner was told."),
    "plan": _l("The plan is kept."),
    "carry-out": _l("Carried out; somebody else confirms the effect."),
    "evaluate": _l("Effect confirmed; the improvement case is closed."),
    "reopen": _l("Opened for another round; the owner was told."),
    "note": _l("Remark added."),
    "cancel": _l("The improvement case is cancelled."),
}

CLOCKS: dict[str, Any] = {
    "improvement_assign": _l("Owner named"),
    "improvement": _l("Improvement"),
    "improvement_effect": _l("Effect confirmed"),
}

REASONS: dict[str, Any] = {
    "improvement_due_past": _l("The day by which it is carried out lies ahead."),
    "owner_concerned": _l("A case behind it is about this person."),
    "own_improvement": _l("Whoever owned or carried out an improvement does not confirm its effect."),
    "effect_too_early": _l("The effect has not had time to show."),
    "evaluation_missing": _l("An improvement case is closed with an evaluation."),
    "cause_missing": _l("The plan names a cause."),
    "improvement_open": _l("The improvement case %(number)s is still open."),
    "proposal_gone": _l("This proposal is no longer there."),
}

HISTORY: dict[str, Any] = {
    "improvement:raise": _l("Improvement case raised"),
    **{f"improvement:{verb}": words for verb, words in VERBS.items()},
    "recurrence:dismiss": _l("Proposal of an improvement case not followed"),
}
# Lines of a case's own history.
OF_CASE: dict[str, Any] = {"case:improvement": _l("Improvement case raised from it")}

NOTICES: dict[str, Any] = {
    "improvement:raised": _l("An improvement case was raised: please name an owner."),
    "improvement:assigned": _l("You own an improvement case: please plan it and carry it out."),
    "improvement:carried_out": _l("An improvement was carried out: its effect is to be confirmed."),
    "improvement:reopened": _l("The effect of an improvement is not there: another round begins."),
    "improvement:closed": _l("The effect of an improvement was confirmed."),
    "improvement:cancelled": _l("An improvement case was cancelled."),
}


def _moment(text: Any) -> Any:
    return moment(datetime.fromisoformat(text))


DETAILS: telling.Readers = {
    "owner": (_l("Owner"), name_of),
    "was": (_l("Before"), name_of),
    "until": (_l("To be carried out by"), _moment),
    "effect_from": (_l("Effect can be confirmed from"), _moment),
    "cause": (_l("Root cause"), lambda code: label(Cause(code))),
    "origin": (_l("Proposed because"), lambda code: label(Recurring(code))),
    "round": (_l("Round"), str),
    "cases": (_l("Cases"), listed),
    "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
    "due": (_l("Due"), _moment),
    "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
}
WORDS: dict[str, Any] = {
    "title": _l("Improvement"),
    "problem": _l("Problem"),
    "plan": _l("Plan"),
    "changes": _l("Changes"),
    "result": _l("Result"),
    "evaluation": _l("Evaluation"),
    "reason": _l("Reason"),
}
