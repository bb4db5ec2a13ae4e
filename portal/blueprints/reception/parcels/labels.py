"""What people read of a parcel: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.reception.parcels.codes import ParcelKind, State
from portal.blueprints.reception.parcels.workflow import PUT_BACK, RETURN, SIGN
from portal.drawing import name_of
from portal.i18n import _l, label, moment

LABELS: dict[Any, Any] = {
    ParcelKind: {
        ParcelKind.EXPRESS: _l("Express delivery"),
        ParcelKind.PARCEL: _l("Parcel"),
        ParcelKind.LETTER: _l("Letter"),
        ParcelKind.NEWSPAPER: _l("Newspaper"),
    },
    State: {
        State.WAITING: _l("Not collected"),
        State.COLLECTED: _l("Collected"),
        State.RETURNED: _l("Sent back"),
    },
}
BUTTONS: dict[str, Any] = {
    SIGN: _l("Signed for"),
    RETURN: _l("Send it back"),
    PUT_BACK: _l("It is here after all"),
}
RECEIVED: Any = _l("I have received it")  # the same verb on the recipient's own page
# What my day calls the awaited acts.
AWAITED: dict[str, Any] = {
    "collect-parcel": _l("Collect it at the desk"),
    "parcel": _l("Left lying at the desk"),
}
SAID: dict[str, Any] = {
    SIGN: _l("%(number)s is signed for."),
    RETURN: _l("%(number)s went back to the sender."),
    PUT_BACK: _l("%(number)s is among the uncollected again."),
}
REASONS: dict[str, Any] = {
    "signs_for_others": _l("Only the desk records that somebody else took it."),
    "collector_missing": _l("It is for a department: name who took it."),
}
NOTICES: dict[str, Any] = {
    "parcel:arrived": _l("Something arrived for you at the front desk."),
    "parcel:collected": _l("Somebody else took what had arrived for you."),
    "parcel:returned": _l("What had arrived for you went back to its sender."),
}
HISTORY: dict[str, Any] = {
    "parcel:take-in": _l("Letter or parcel taken in"),
    f"parcel:{SIGN}": _l("Signed for"),
    f"parcel:{RETURN}": _l("Sent back"),
    f"parcel:{PUT_BACK}": _l("Put back among the uncollected"),
}
CLOCKS: dict[str, Any] = {"parcel": _l("Collection at the desk")}
CLOCK_CLAUSES: dict[str, Any] = {"parcel": "RC-29"}

DETAILS: telling.Readers = {
    "kind": (_l("What it is"), lambda code: label(ParcelKind(code))),
    "recipient": (_l("Recipient"), name_of),
    "collector": (_l("Taken by"), name_of),
    "pieces": (_l("Pieces"), str),
    "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
    "due": (_l("Due"), lambda text: moment(datetime.fromisoformat(text))),
    "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
}
READERS: dict[str, telling.Readers] = {"parcel": DETAILS}
