"""What people read of swaps: states, verbs, refusals, messages and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.swaps.codes import State, SwapKind
from portal.blueprints.duty.swaps.workflow import ACCEPT, APPROVE, DECLINE, UNTAKE, WITHDRAW
from portal.i18n import _, _l, label

LABELS: dict[Any, Any] = {
    State: {
        State.OFFERED: _l("Offered"),
        State.TAKEN: _l("Taken, the head has to approve"),
        State.APPROVED: _l("Approved"),
        State.DECLINED: _l("Not approved"),
        State.WITHDRAWN: _l("Withdrawn"),
        State.LAPSED: _l("Lapsed"),
    },
    SwapKind: {SwapKind.GIVE: _l("Given away"), SwapKind.EXCHANGE: _l("Exchanged")},
}
BUTTONS: dict[str, Any] = {
    ACCEPT: _l("Take this shift"),
    UNTAKE: _l("Give it back"),
    APPROVE: _l("Approve the swap"),
    DECLINE: _l("Say no"),
    WITHDRAW: _l("Withdraw the offer"),
}
SAID: dict[str, Any] = {
    ACCEPT: _l("You have taken %(number)s; the head was told."),
    UNTAKE: _l("%(number)s is offered again."),
    APPROVE: _l("%(number)s is approved; everybody concerned was told."),
    DECLINE: _l("Your no to %(number)s is recorded, and they were told."),
    WITHDRAW: _l("%(number)s is withdrawn."),
}
AWAITED: dict[str, Any] = {
    "take-swap": _l("Answer an offered shift"),
    "approve-swap": _l("Decide about a swap"),
}
REASONS: dict[str, Any] = {
    "swap_too_late": _l("The shift has begun; it can be offered anew, to be taken over at once."),
    "shift_moved": _l("One of the shifts belongs to somebody else by now."),
    "taken_over_already": _l("The running shift was taken over already."),
    "shift_over": _l(
        "The shift is over or running; only a running one that is given away can be taken over."
    ),
    "offered_already": _l("This shift is offered already: %(number)s."),
    "no_other_person": _l("A shift is offered to somebody else."),
    "gap_not_exchanged": _l("What nobody has cannot be exchanged."),
}
NOTICES: dict[str, Any] = {
    "swap:offered": _l("A shift is offered that you may take."),
    "swap:for_you": _l("A shift of yours is offered on your behalf."),
    "swap:taken": _l("The offered shift was taken; the head has to approve."),
    "swap:untaken": _l("The offered shift was given back, and is offered again."),
    "swap:decide": _l("A swap waits for your decision."),
    "swap:at_once": _l("A running shift was taken over; please decide whether it could be left."),
    "swap:approved": _l("A swap is approved; the shifts have changed hands."),
    "swap:declined": _l("A swap is not approved."),
    "swap:withdrawn": _l("A swap is withdrawn."),
    "swap:lapsed": _l("A swap has lapsed: the shift began before it was approved."),
}
HISTORY: dict[str, Any] = {
    "swap:offer": _l("Shift offered"),
    f"swap:{ACCEPT}": _l("Shift taken"),
    f"swap:{UNTAKE}": _l("Given back"),
    f"swap:{APPROVE}": _l("Swap approved"),
    f"swap:{DECLINE}": _l("Said no"),
    f"swap:{WITHDRAW}": _l("Withdrawn"),
    "swap:lapse": _l("Lapsed without approval"),
}
READERS: dict[str, telling.Readers] = {
    "swap": {
        "kind": (_l("Kind"), lambda code: label(SwapKind(code))),
        "giver": (_l("Who gives it"), telling.people),
        "to_person": (_l("Offered to"), telling.people),
        "taker": (_l("Who takes it"), telling.people),
        "at_once": (_l("How"), lambda _sure: _("at once, while it ran")),
        "to": (_l("To"), lambda code: label(State(code))),
    }
}
