"""What people read of a check on duty: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.spot_checks.codes import Finding, State
from portal.blueprints.duty.spot_checks.workflow import ANSWER, SETTLE
from portal.i18n import _l, label, listed

LABELS: dict[Any, Any] = {
    Finding: {
        Finding.ABSENT: _l("Away from the post"),
        Finding.UNRELATED: _l("Busy with something else"),
        Finding.DRESS: _l("Dress or badge"),
        Finding.RECORD: _l("Records incomplete"),
        Finding.TIDY: _l("Place not tidy"),
        Finding.NONE: _l("Nothing found"),
    },
    State: {
        State.OPEN: _l("To be settled"),
        State.SETTLED: _l("Settled"),
        State.CLEAN: _l("In order"),
    },
}
BUTTONS: dict[str, Any] = {ANSWER: _l("Answer"), SETTLE: _l("Settle")}
SAID: dict[str, Any] = {ANSWER: _l("Your answer is kept."), SETTLE: _l("Settled.")}
AWAITED: dict[str, Any] = {
    "duty-check": _l("Check the duty this week"),
    "duty-check-answer": _l("Answer a check"),
    "duty-check-settle": _l("Settle what a check found"),
}
REASONS: dict[str, Any] = {
    "checks_own": _l("Nobody checks the own shift."),
    "settles_own": _l("Nobody settles what was found about themselves."),
    "answered_before": _l("You have answered already; the answer stays as it is."),
}
NOTICES: dict[str, Any] = {
    "duty_check:found": _l("Your duty was checked; read what was written, and answer if you wish.")
}
HISTORY: dict[str, Any] = {
    "duty_check:record": _l("Duty checked"),
    f"duty_check:{ANSWER}": _l("Answered by who was met"),
    f"duty_check:{SETTLE}": _l("Settled"),
}
READERS: dict[str, telling.Readers] = {
    "duty_check": {
        "findings": (_l("What was found"), lambda codes: listed(label(Finding(code)) for code in codes)),
        "people": (_l("On duty"), telling.people),
    },
}
