"""What may be done with a swap, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.swaps import rules
from portal.blueprints.duty.swaps.codes import OPEN, State
from portal.kernel.workflow import Step, Workflow

ACCEPT, UNTAKE, APPROVE, DECLINE, WITHDRAW = "accept", "untake", "approve", "decline", "withdraw"

S = State
SOUND = (rules.still_in_time, rules.still_theirs, rules.swap_keeps_rules)

SWAP = Workflow(
    "swap",
    (
        #    verb       from                    to           who                              clause   gates
        Step(ACCEPT, frozenset({S.OFFERED}), S.TAKEN, frozenset({"candidate"}), "DR-21", SOUND, also=("DR-04",)),
        Step(UNTAKE, frozenset({S.TAKEN}), S.OFFERED, frozenset({"taker"}), "DR-21", (rules.not_at_once,)),
        Step(APPROVE, frozenset({S.TAKEN}), S.APPROVED, frozenset({"head"}), "DR-21", SOUND),
        Step(DECLINE, OPEN, S.DECLINED, frozenset({"head", "named"}), "DR-21", also=("DR-04",)),
        Step(WITHDRAW, OPEN, S.WITHDRAWN, frozenset({"asker"}), "DR-21", (rules.not_at_once,)),
    ),
    rules.standing,
)  # fmt: skip
