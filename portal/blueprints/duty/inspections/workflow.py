"""What becomes of an inspection: a table (DR-13, DR-19)."""

from __future__ import annotations

from portal.blueprints.duty.inspections import rules
from portal.blueprints.duty.inspections.codes import State
from portal.kernel.workflow import Step, Workflow

COMPLETE, MISS = "complete", "miss"

_DUE = frozenset({State.DUE})

INSPECTION = Workflow(
    "inspection",
    (
        Step(
            COMPLETE, _DUE, State.DONE, frozenset({"doer"}), "DR-13", meets=("inspection",), also=("DR-19", "DR-12")
        ),
        Step(MISS, _DUE, State.MISSED, frozenset({"portal"}), "DR-13", (rules.limit_over,)),
    ),
    rules.standing,
)  # fmt: skip
