"""What people read of a spot check: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.spot_checks.codes import Duty, Show, State
from portal.blueprints.complaints.spot_checks.workflow import CALL, RATE, SETTLE
from portal.drawing import department_name, name_of
from portal.i18n import _l, label, listed

LABELS: dict[Any, Any] = {
    State: {
        State.DRAWN: _l("To be called"),
        State.CALLED: _l("Called again"),
        State.SETTLED: _l("Put right"),
    },
    Duty: {
        Duty.KEPT: _l("Kept"),
        Duty.NOT_HANDLED: _l("Not handled, or shifted to others"),
        Duty.RUDE: _l("Rude, argued with the customer"),
        Duty.LATE: _l("Late, or no answer"),
        Duty.COLD: _l("Cold"),
        Duty.NOT_REPORTED: _l("A larger matter was not reported"),
    },
    Show: {
        Show.TO_CALL: _l("To be called"),
        Show.TO_RATE: _l("To be rated"),
        Show.FINDINGS: _l("Findings"),
    },
}

VERBS = {CALL: _l("Call again"), RATE: _l("Rate the follow-up"), SETTLE: _l("Put right")}
SAID = {
    CALL: _l("The call is recorded."),
    RATE: _l("The rating is recorded."),
    SETTLE: _l("Recorded: put right."),
}

# What the head says when the customer answers.
OPENING = _l(
    "Good day, this is %(me)s, head at %(company)s. Your matter was settled a while ago; I would like to hear from you "
    "whether it is solved, whether one person saw to it from beginning to end, and how we spoke to you."
)

REASONS = {
    "quarter_runs": _l("The quarter is not over yet."),
    "drawn_before": _l("The sample of this quarter was drawn before; it is drawn once."),
    "nothing_solved": _l("Nothing was solved in this quarter."),
    "rated_inside": _l("The follow-up is rated by a department outside customer service."),
    "own_work": _l("Nobody checks what they solved, answered or followed up themselves."),
    "rated_before": _l("The follow-up of this matter was rated before."),
    "nothing_found": _l("Nothing was found here, so there is nothing to put right."),
}

NOTICES = {
    "spot_sample:drawn": _l("A quarter's sample was drawn: please call again, or rate the follow-up."),
    "spot_check:finding": _l("A spot check found something: please put it right."),
}

HISTORY = {
    "spot_sample:draw": _l("Sample drawn"),
    **{f"spot_check:{verb}": words for verb, words in VERBS.items()},
}
DETAILS: telling.Readers = {
    "outcome": (_l("Outcome"), lambda code: label(Outcome(code))),
    "duty": (_l("First responder's duty"), lambda code: label(Duty(code))),
    "at_fault": (_l("Who failed in it"), name_of),
    "try": (_l("Call"), str),
    "rating": (_l("Rating"), str),
}
DRAWN: telling.Readers = {
    "quarter": (_l("Quarter"), str),
    "solved": (_l("Solved"), str),
    "share": (_l("Share in per cent"), str),
    "seed": (_l("Seed"), str),
    "rater": (_l("Rated by"), department_name),
    "numbers": (_l("Numbers"), listed),
}
