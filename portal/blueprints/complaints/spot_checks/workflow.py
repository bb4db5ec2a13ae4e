"""What may be done with a spot check, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.complaints.spot_checks import rules
from portal.blueprints.complaints.spot_checks.codes import State
from portal.kernel.workflow import Step, Workflow

CALL, RATE, SETTLE = "call-again", "rate-follow-up", "settle-finding"

SPOT_CHECK = Workflow(
    "spot_check",
    (
        Step(
            CALL,
            frozenset({State.DRAWN}),
            State.CALLED,
            frozenset({"head"}),
            "CP-23",
            (rules.not_own_work,),
            also=("CP-32",),
        ),
        Step(
            RATE,
            frozenset(State),
            None,
            frozenset({"rater"}),
            "CP-23",
            (rules.not_own_work,),
            when=(rules.rated_once,),
        ),
        Step(
            SETTLE,
            frozenset({State.CALLED}),
            State.SETTLED,
            frozenset({"tasked"}),
            "CP-23",
            when=(rules.something_found,),
        ),
    ),
    rules.standing,
)
