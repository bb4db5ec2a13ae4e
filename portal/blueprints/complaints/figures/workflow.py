"""The life of a report on a period, as a table."""

from __future__ import annotations

from portal.blueprints.complaints.figures import rules
from portal.kernel.workflow import Step, Workflow

DRAFT, SIGNED = frozenset({"draft"}), frozenset({"signed"})
OFFICE = frozenset({"office"})

REPORT = Workflow(
    "case_report",
    (
        #    verb       from    to        who     clause
        Step("write", DRAFT, None, OFFICE, "CP-29"),
        Step("sign", DRAFT, "signed", OFFICE, "CP-29", (rules.period_is_over, rules.report_is_complete)),
        Step("erratum", SIGNED, None, OFFICE, "CP-29"),
    ),
    rules.standing,
)
