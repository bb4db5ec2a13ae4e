"""Which state of a repair order may follow which, by whose hand: a table (DR-13)."""

from __future__ import annotations

from portal.blueprints.duty.repairs import rules
from portal.blueprints.duty.repairs.codes import State
from portal.kernel.workflow import Step, Workflow

ASSIGN, DONE, RECHECK, RETURN, ACCEPT, CANCEL = "assign", "done", "recheck", "return", "accept", "cancel"

S = State
LEAD, DOER = frozenset({"lead"}), frozenset({"assignee"})
CHECKS = frozenset({"lead", "responsible", "witness"})
SIGNS = frozenset({"lead", "responsible"})

# The order is the order in which a page offers them: what moves the order first.
REPAIR = Workflow(
    "repair",
    (
        Step(ASSIGN, frozenset({S.REGISTERED}), S.ASSIGNED, LEAD, "DR-13", (rules.somebody_repairs,),
             meets=("repair_assign",), starts=("repair",)),
        Step(DONE, frozenset({S.ASSIGNED}), S.DONE, DOER, "DR-13", meets=("repair",), starts=("repair_accept",)),
        Step(RECHECK, frozenset({S.DONE}), S.RECHECKED, CHECKS, "DR-13", (rules.another_checks,)),
        Step(RETURN, frozenset({S.DONE, S.RECHECKED}), S.ASSIGNED, CHECKS, "DR-13", (rules.another_checks,),
             meets=("repair_accept",), starts=("repair",)),
        Step(ACCEPT, frozenset({S.RECHECKED}), S.ACCEPTED, SIGNS, "DR-13", (rules.another_accepts,),
             meets=("repair_accept",), also=("DR-12",)),
        # Somebody else takes it over; the limit runs on.
        Step(ASSIGN, frozenset({S.ASSIGNED}), None, LEAD, "DR-13", (rules.somebody_repairs,)),
        Step(CANCEL, frozenset({S.REGISTERED, S.ASSIGNED}), S.CANCELLED, LEAD, "DR-13", also=("DR-12",)),
    ),
    rules.standing,
)  # fmt: skip
