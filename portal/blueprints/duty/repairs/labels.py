"""What people read of a repair order: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.duty.repairs.codes import State
from portal.blueprints.duty.repairs.workflow import ACCEPT, ASSIGN, CANCEL, DONE, RECHECK, RETURN
from portal.drawing import name_of
from portal.i18n import _, _l, label, moment

LABELS: dict[Any, Any] = {
    State: {
        State.REGISTERED: _l("Registered"),
        State.ASSIGNED: _l("In repair"),
        State.DONE: _l("To be checked again"),
        State.RECHECKED: _l("To be accepted"),
        State.ACCEPTED: _l("Accepted"),
        State.CANCELLED: _l("Cancelled"),
    },
}
BUTTONS: dict[str, Any] = {
    ASSIGN: _l("Have it repaired"),
    DONE: _l("It is repaired"),
    RECHECK: _l("Checked again: it works"),
    RETURN: _l("It does not work yet"),
    ACCEPT: _l("Accept and sign"),
    CANCEL: _l("Cancel the repair order"),
}
SAID: dict[str, Any] = {
    ASSIGN: _l("%(number)s is given out."),
    DONE: _l("%(number)s is done; somebody else checks it again."),
    RECHECK: _l("%(number)s is checked; it waits for its acceptance."),
    RETURN: _l("%(number)s goes back to be repaired."),
    ACCEPT: _l("%(number)s is accepted and signed."),
    CANCEL: _l("%(number)s is cancelled."),
}
# What my day calls the awaited acts.
AWAITED: dict[str, Any] = {
    "repair-assign": _l("Have it repaired"),
    "repair-done": _l("Repair it"),
    "repair-recheck": _l("Check the repair"),
    "repair-accept": _l("Accept the repair"),
}
REASONS: dict[str, Any] = {
    "repair_for_one": _l("Give it to a colleague or to an outside firm, to one of them."),
    "doer_rechecks": _l("Another person than the one who repaired it checks it again."),
    "doer_accepts": _l("Nobody accepts the own work."),
    "no_open_fault": _l("%(number)s is no fault that is open; a repair order is made of one."),
}
NOTICES: dict[str, Any] = {
    "repair:major": _l("A major breakdown was registered."),
    "repair:assigned": _l("You are to repair something."),
    "repair:returned": _l("A repair does not work yet and came back."),
}
HISTORY: dict[str, Any] = {
    "repair:register": _l("Breakdown registered"),
    f"repair:{ASSIGN}": _l("Given out to be repaired"),
    f"repair:{DONE}": _l("Repaired"),
    f"repair:{RECHECK}": _l("Checked again, it works"),
    f"repair:{RETURN}": _l("Checked again, it does not work"),
    f"repair:{ACCEPT}": _l("Repair accepted and signed"),
    f"repair:{CANCEL}": _l("Repair order cancelled"),
}
CLOCKS: dict[str, Any] = {
    "repair_assign": _l("Give out the repair"),
    "repair": _l("Repair"),
    "repair_accept": _l("Check and accept the repair"),
}
CLOCK_CLAUSES: dict[str, Any] = dict.fromkeys(CLOCKS, "DR-13")
FIGURES: dict[str, Any] = {
    "limit.repair_assign": _l("A breakdown is given out to be repaired within"),
    "limit.repair": _l("A breakdown is repaired within"),
    "limit.repair_accept": _l("A repair is checked and accepted within"),
    "ladder.repair_assign": _l("Repair: not given out"),
    "ladder.repair": _l("Repair: not done"),
    "ladder.repair_accept": _l("Repair: not accepted"),
}
READERS: dict[str, telling.Readers] = {
    "repair": {
        "major": (_l("Major"), lambda _major: _("yes")),
        "equipment": (_l("Code of equipment"), str),
        "round": (_l("Inspection"), str),
        "entry": (_l("Entry of the shift log"), str),
        "assignee": (_l("Repaired by"), name_of),
        "minutes": (_l("Working time in minutes"), str),
        "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
        "due": (_l("Due"), lambda text: moment(datetime.fromisoformat(text))),
        "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
    }
}
