"""What people read of a daily report: its codes, verbs, refusals and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.reports.codes import State
from portal.blueprints.duty.reports.workflow import READ, SIGN, SUPPLEMENT, WRITE
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    State: {
        State.DRAFT: _l("Draft"),
        State.SIGNED: _l("Signed, to be read"),
        State.READ: _l("Read by the head"),
    },
}
BUTTONS: dict[str, Any] = {
    WRITE: _l("Save the draft"),
    SIGN: _l("Sign the daily report"),
    READ: _l("I have read it"),
    SUPPLEMENT: _l("Add a supplement"),
}
SAID: dict[str, Any] = {
    WRITE: _l("The draft is saved."),
    SIGN: _l("The report is signed; the head is asked to read it."),
    READ: _l("Marked as read."),
    SUPPLEMENT: _l("The supplement is added."),
}
AWAITED: dict[str, Any] = {
    "report-sign": _l("Complete and sign the daily report"),
    "report-read": _l("Read the daily report"),
}
REASONS: dict[str, Any] = {
    "report_incomplete": _l("Say what was done and what is planned before you sign."),
    "reads_own": _l("Nobody reads the own report as its head; the general office does."),
}
HISTORY: dict[str, Any] = {
    "daily_report:begin": _l("Daily report begun"),
    f"daily_report:{WRITE}": _l("Draft saved"),
    f"daily_report:{SIGN}": _l("Daily report signed"),
    f"daily_report:{READ}": _l("Read by the head"),
    f"daily_report:{SUPPLEMENT}": _l("Supplement added"),
}
READERS: dict[str, telling.Readers] = {"daily_report": {"day": (_l("Day"), str)}}
