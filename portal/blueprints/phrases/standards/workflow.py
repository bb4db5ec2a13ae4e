"""What may be done with a record: nothing but correct it by another, which stands beside it (PG-14, GO-01)."""

from __future__ import annotations

from portal.blueprints.phrases.standards import rules
from portal.blueprints.phrases.standards.codes import State
from portal.kernel.workflow import Step, Workflow

CORRECT = "correct"

RUN = Workflow(
    "standard_run",
    (
        Step(
            CORRECT, frozenset({State.SIGNED}), None, frozenset({"signer", "head"}), "GO-01",
            (rules.corrected_once, rules.not_the_own), also=("PG-14",),
        ),
    ),
    rules.standing,
)  # fmt: skip
