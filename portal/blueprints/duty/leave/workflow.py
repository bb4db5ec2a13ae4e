"""What may be done with a leave, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.leave import rules
from portal.blueprints.duty.leave.codes import PENDING, State
from portal.kernel.workflow import Step, Workflow

ACCEPT, NAME, APPROVE, DECLINE, WITHDRAW, LEFT = "accept", "name", "approve", "decline", "withdraw", "left"

S = State
ASKER, SUBSTITUTE, HEAD = frozenset({"asker"}), frozenset({"substitute"}), frozenset({"head"})
SOUND = (rules.still_in_time, rules.rules_kept)

LEAVE = Workflow(
    "leave",
    (
        #    verb      from                            to           who                clause   gates
        Step(ACCEPT, frozenset({S.ASKED}), S.ACCEPTED, SUBSTITUTE, "DR-04", SOUND, also=("DR-21",)),
        Step(NAME, PENDING, S.ASKED, ASKER | HEAD, "DR-04", SOUND, also=("DR-21",)),
        Step(APPROVE, PENDING, S.APPROVED, HEAD, "DR-04", (*SOUND, rules.every_shift_covered),
             also=("DR-01", "DR-21")),
        # A substitute who says no is replaced; the head's no is the last word.
        Step(DECLINE, PENDING, S.DECLINED, SUBSTITUTE | HEAD, "DR-04"),
        Step(WITHDRAW, PENDING | {S.APPROVED}, S.WITHDRAWN, ASKER, "DR-04", (rules.not_begun,)),
        Step(LEFT, PENDING, None, ASKER | SUBSTITUTE | HEAD, "DR-04", (rules.on_duty,)),
    ),
    rules.standing,
)  # fmt: skip
