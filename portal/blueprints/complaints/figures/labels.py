"""What people read on the board and in reports."""

from __future__ import annotations

from portal.blueprints.complaints.figures.models import ReportState
from portal.blueprints.complaints.figures.rules import Again, Judged
from portal.i18n import _l

LABELS = {
    Judged: {Judged.UPHELD: _l("Upheld"), Judged.NOT_UPHELD: _l("Not upheld or withdrawn")},
    Again: {Again.HANDLED: _l("Handled"), Again.OPEN: _l("Still open")},
    ReportState: {ReportState.DRAFT: _l("Draft"), ReportState.SIGNED: _l("Signed")},
}

REASONS = {
    "period_runs": _l("The period still runs; its figures are not whole yet."),
    "no_findings": _l("What stood out is not written yet."),
    "no_measures": _l("The measures are not written yet."),
    "no_notice_board": _l("What goes on the notice board next quarter is not written yet."),
}

VERBS = {"write": _l("Write the report"), "sign": _l("Sign the report"), "erratum": _l("Add a correction")}

HISTORY = {
    "case_report:draft": _l("Report drafted"),
    "case_report:write": _l("Report written"),
    "case_report:sign": _l("Report signed"),
    "case_report:erratum": _l("Report corrected"),
}
