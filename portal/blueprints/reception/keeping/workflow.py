"""What may be done with a deposit, a key loan, a goods pass, and by whom: tables (RC-26, RC-27)."""

from __future__ import annotations

from portal.blueprints.reception.keeping import rules
from portal.blueprints.reception.keeping.codes import Direction, Held, PassState
from portal.kernel.workflow import Step, Workflow

OUT, DESK, LEAD = frozenset({Held.OUT}), frozenset({"desk"}), frozenset({"lead"})

# Out, back and lost are told by the moments that the verbs set.
DEPOSIT = Workflow(
    "deposit",
    (
        Step("release", OUT, None, DESK, "RC-27", (rules.tag_fits,), meets=("deposit",)),
        Step("untagged", OUT, None, DESK, "RC-27", (rules.owner_shown,), meets=("deposit",)),
        Step("lost", OUT, None, DESK, "RC-27"),
    ),
    rules.standing,
)
KEY_LOAN = Workflow(
    "key_loan",
    (
        Step("return", OUT, None, DESK, "RC-26", meets=("key_return",)),
        Step("lost", OUT, None, DESK, "RC-26"),
    ),
    rules.standing,
)
GOODS_PASS = Workflow(
    "goods_pass",
    (
        Step("approve", frozenset({PassState.ASKED}), PassState.APPROVED, LEAD, "RC-26", (rules.another_approves,),
             kinds=frozenset({Direction.OUT})),
        Step("decline", frozenset({PassState.ASKED}), PassState.DECLINED, LEAD, "RC-26",
             kinds=frozenset({Direction.OUT})),
        Step("check", frozenset({PassState.ASKED, PassState.APPROVED}), PassState.PASSED, DESK, "RC-26",
             when=(rules.approved_before_out,)),
    ),
    rules.on_pass,
)  # fmt: skip
