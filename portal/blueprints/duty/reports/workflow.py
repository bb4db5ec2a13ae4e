"""What may be done with a daily report, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.reports import rules
from portal.blueprints.duty.reports.codes import State
from portal.kernel.workflow import Step, Workflow

WRITE, SIGN, READ, SUPPLEMENT = "write", "sign", "read", "supplement"

DRAFT, FIXED = frozenset({State.DRAFT}), frozenset({State.SIGNED, State.READ})
WRITER = frozenset({"writer"})

REPORT = Workflow(
    "daily_report",
    (
        Step(WRITE, DRAFT, None, WRITER, "DR-18"),
        Step(SIGN, DRAFT, State.SIGNED, WRITER, "DR-18", (rules.is_complete,)),
        Step(READ, frozenset({State.SIGNED}), State.READ, frozenset({"head"}), "DR-18", (rules.another_reads,)),
        Step(SUPPLEMENT, FIXED, None, WRITER, "DR-18"),
    ),
    rules.standing,
)  # fmt: skip
