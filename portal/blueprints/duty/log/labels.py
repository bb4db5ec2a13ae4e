"""What people read of the shift log."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.i18n import _, _l, label

LABELS: dict[Any, Any] = {
    Category: {
        Category.ROUTINE: _l("Routine"),
        Category.VISITOR: _l("Visitors"),
        Category.EQUIPMENT: _l("Equipment"),
        Category.FAULT: _l("Breakdown"),
        Category.INCIDENT: _l("Incident"),
        Category.OTHER: _l("Other"),
    },
    Standing: {
        Standing.DONE: _l("Done"),
        Standing.OPEN: _l("Still open"),
        Standing.RUNNING: _l("In progress"),
    },
    Act: {
        Act.NOTE: _l("Entry"),
        Act.CORRECT: _l("Correction"),
        Act.SETTLE: _l("Settled"),
        Act.TAKE_OVER: _l("Taken over"),
        Act.CONSENT: _l("Consent given"),
    },
}
NOTICES: dict[str, Any] = {"duty_log:major": _l("A major problem was written into the shift log.")}
HISTORY: dict[str, Any] = {
    f"duty_log:{Act.NOTE}": _l("Written into the shift log"),
    f"duty_log:{Act.CORRECT}": _l("Entry of the shift log corrected"),
    f"duty_log:{Act.SETTLE}": _l("Matter of the shift log settled"),
    f"duty_log:{Act.TAKE_OVER}": _l("Event taken over by the incoming shift"),
    f"duty_log:{Act.CONSENT}": _l("Consent to pass the fault on"),
}
READERS: dict[str, telling.Readers] = {
    "duty_log": {
        "category": (_l("Category of the entry"), lambda code: label(Category(code))),
        "standing": (_l("Where it stands"), lambda code: label(Standing(code))),
        "post": (_l("Post"), str),
        "major": (_l("Major"), lambda _major: _("yes")),
        "equipment": (_l("Code of equipment"), str),
        "pictures": (_l("Pictures"), str),
    }
}
SAID: dict[Act, Any] = {
    Act.CORRECT: _l("The correction is written down; the entry stays as it was."),
    Act.SETTLE: _l("The matter is settled."),
}
