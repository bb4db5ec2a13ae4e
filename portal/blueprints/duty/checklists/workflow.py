"""What may be done with a checklist, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.checklists import rules
from portal.blueprints.duty.checklists.codes import State
from portal.kernel.workflow import Step, Workflow

SIGN, CORRECT = "sign", "correct"

CHECKLIST = Workflow(
    "checklist",
    (
        Step(SIGN, frozenset({State.DUE}), State.DONE, frozenset({"on_duty"}), "DR-03", (rules.papers_filed,),
             also=("DR-20",)),
        Step(CORRECT, frozenset({State.DONE}), None, frozenset({"signer"}), "DR-03",
             (rules.corrected_once, rules.papers_filed)),
    ),
    rules.standing,
)  # fmt: skip
