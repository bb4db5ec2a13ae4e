"""What may be done with a check on duty, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.spot_checks import rules
from portal.blueprints.duty.spot_checks.codes import State
from portal.kernel.workflow import Step, Workflow

ANSWER, SETTLE = "answer", "settle"

DUTY_CHECK = Workflow(
    "duty_check",
    (
        Step(ANSWER, frozenset(State), None, frozenset({"found"}), "DR-05", (rules.answers_once,)),
        Step(SETTLE, frozenset({State.OPEN}), State.SETTLED, frozenset({"head"}), "DR-05", (rules.another_settles,)),
    ),
    rules.standing,
)  # fmt: skip
