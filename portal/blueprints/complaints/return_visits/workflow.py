"""What may be done with a return visit, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.complaints.return_visits import rules
from portal.blueprints.complaints.return_visits.codes import State
from portal.kernel.workflow import Step, Workflow

RECORD, ANSWER, CASE = "record-visit", "answer-visit", "make-a-case"
BOTH = frozenset({"visitor", "planner"})
AFTERWARDS = frozenset({State.VISITED, State.ANSWERED})

RETURN_VISIT = Workflow(
    "return_visit",
    (
        Step(RECORD, frozenset({State.PLANNED}), State.VISITED, BOTH, "CU-03", (rules.promised_ahead,),
             meets=("return_visit",)),
        Step(ANSWER, frozenset({State.VISITED}), State.ANSWERED, BOTH, "CU-03", when=(rules.answer_owed,),
             meets=("promise",)),
        Step(CASE, AFTERWARDS, None, BOTH, "CU-03", when=(rules.becomes_case_once,)),
    ),
    rules.standing,
)  # fmt: skip
