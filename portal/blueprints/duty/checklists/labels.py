"""What people read of a checklist: its codes, refusals and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.checklists.codes import Moment, Standing, State
from portal.blueprints.duty.checklists.workflow import CORRECT, SIGN
from portal.i18n import _l, label, listed

LABELS: dict[Any, Any] = {
    Moment: {
        Moment.START: _l("Start of the shift"),
        Moment.END: _l("End of the shift"),
        Moment.CLOSING: _l("Closing of the day"),
    },
    State: {State.DUE: _l("To be signed"), State.DONE: _l("Is signed")},
    Standing: {
        Standing.DONE: _l("Is signed"),
        Standing.MISSING: _l("Not done"),
        Standing.LATER: _l("Not due yet"),
    },
}
AWAITED: dict[str, Any] = {
    "checklist-start": _l("Sign the checklist of the start"),
    "checklist-end": _l("Sign the checklist of the end"),
    "checklist-closing": _l("Sign the checklist of the closing"),
}
REASONS: dict[str, Any] = {
    "papers_unfiled": _l("Customers' papers are not filed; file them, or say for each in a few words why it stays: "
                         "%(numbers)s."),
    "checklist_signed": _l("Somebody of the shift has signed this checklist already."),
    "checklist_corrected": _l("This record has been corrected already; correct the later one."),
}  # fmt: skip
HISTORY: dict[str, Any] = {
    f"checklist:{SIGN}": _l("Checklist signed"),
    f"checklist:{CORRECT}": _l("Checklist corrected by a new record"),
    "checklist_list:edit": _l("List of things to look at changed"),
}
_MOMENT = (_l("Time of the shift"), lambda code: label(Moment(code)))
READERS: dict[str, telling.Readers] = {
    "checklist": {
        "moment": _MOMENT,
        "corrects": (_l("Corrects"), str),
        "open": (_l("Not in order"), str),
        "unfiled": (_l("Papers not filed"), listed),
        "version": (_l("Version of the list"), str),
    },
    "checklist_list": {"moment": _MOMENT, "version": (_l("Version of the list"), str)},
}
