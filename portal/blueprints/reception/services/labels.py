"""What people read about meals and lodging."""

from __future__ import annotations

from typing import Any

from portal.blueprints.reception.services.codes import ServiceKind, State
from portal.i18n import _, _l, label

LABELS: dict[Any, Any] = {
    ServiceKind: {ServiceKind.MEAL: _l("Meal"), ServiceKind.LODGING: _l("Lodging")},
    State: {
        State.ASKED: _l("Waits for the department's lead"),
        State.AGREED: _l("To be arranged"),
        State.ARRANGED: _l("Arranged"),
        State.DONE: _l("Done, cost known"),
        State.REFUSED: _l("Not agreed to"),
        State.CANCELLED: _l("Called off"),
    },
}

VERBS = {
    "approve": _l("Agree"),
    "refuse": _l("Do not agree"),
    "arrange": _l("Arranged"),
    "done": _l("Done"),
    "cancel": _l("Call off"),
}

AWAITED = {
    "service-approve": _l("Agree to a meal or lodging"),
    "service-arrange": _l("Arrange a meal or lodging"),
    "service-done": _l("Enter the cost of a meal or lodging"),
}

SAID = {
    "approve": _l("Agreed; the desk arranges it."),
    "refuse": _l("Not agreed to; whoever asked was told."),
    "arrange": _l("Arranged."),
    "done": _l("Done; the cost is kept."),
    "cancel": _l("Called off."),
}

HISTORY = {
    "service:ask": _l("Meal or lodging asked for"),
    "service:approve": _l("Meal or lodging agreed to"),
    "service:refuse": _l("Meal or lodging not agreed to"),
    "service:arrange": _l("Meal or lodging arranged"),
    "service:done": _l("Meal or lodging done"),
    "service:cancel": _l("Meal or lodging called off"),
}

NOTICES = {
    "service:ask": _l("A meal or lodging for visitors waits for your word."),
    "service:refused": _l("The meal or lodging you asked for was not agreed to."),
    "service:arranged": _l("A meal or lodging for your visitors is arranged."),
    "service:called_off": _l("A meal or lodging you arranged is called off; please cancel it there too."),
}

REASONS = {
    "service_unnamed": _l("Name the restaurant or the hotel first."),
    "service_cost": _l("Say what it cost; 0 when nothing was to pay."),
}


def yuan(fen: int | None) -> str:
    """An amount as people write it; empty when none is known."""
    return "" if fen is None else f"{fen // 100}.{fen % 100:02}"


READERS = {
    "service": {
        "service": (_l("Kind"), lambda code: label(ServiceKind(code))),
        "persons": (_l("Number of people"), str),
        "cost": (_l("Cost"), lambda fen: _("%(amount)s yuan", amount=yuan(int(fen)))),
    }
}
