"""What may be done with a handover, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.handover import rules
from portal.blueprints.duty.handover.codes import Side, State
from portal.kernel.workflow import Step, Workflow

COUNT, EXPLAIN, TAKE_OVER, CONSENT = "count", "explain", "take-over", "consent"
SIGN, REFUSE, ORDER = "sign", "refuse", "order"

S = State
OUT, IN = frozenset({str(Side.OUTGOING)}), frozenset({str(Side.INCOMING)})
HEAD = frozenset({"head"})
UNSIGNED = frozenset({S.OPEN, S.COUNTED, S.REFUSED})

HANDOVER = Workflow(
    "handover",
    (
        #    verb       from                       to          who       clause
        Step(COUNT, UNSIGNED, S.COUNTED, IN, "DR-08", meets=("relief",), also=("DR-09",)),
        Step(EXPLAIN, frozenset({S.COUNTED, S.REFUSED}), None, OUT, "DR-08"),
        Step(TAKE_OVER, UNSIGNED, None, IN, "DR-11", (rules.something_runs,)),
        Step(CONSENT, UNSIGNED, None, HEAD, "DR-12", (rules.something_to_consent,)),
        Step(SIGN, frozenset({S.COUNTED}), S.SIGNED, OUT | IN, "DR-10",
             (rules.two_people, rules.log_is_kept, rules.differences_explained, rules.all_read, rules.nothing_runs,
              rules.faults_may_pass)),
        Step(SIGN, frozenset({S.SIGNED}), None, OUT | IN, "DR-11", (rules.two_people,), when=(rules.was_ordered,)),
        Step(REFUSE, frozenset({S.COUNTED}), S.REFUSED, IN, "DR-11"),
        Step(ORDER, frozenset({S.REFUSED}), S.SIGNED, HEAD, "DR-11", (rules.another_orders,), meets=("handover",)),
    ),
    rules.standing,
)  # fmt: skip
