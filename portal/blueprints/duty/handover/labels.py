"""What people read of a handover: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.duty.handover.codes import Ground, Side, State
from portal.blueprints.duty.handover.workflow import (
    CONSENT,
    COUNT,
    EXPLAIN,
    ORDER,
    REFUSE,
    SIGN,
    TAKE_OVER,
)
from portal.i18n import _, _l, label, listed, moment

LABELS: dict[Any, Any] = {
    State: {
        State.OPEN: _l("Open, to be counted"),
        State.COUNTED: _l("Counted, to be signed"),
        State.SIGNED: _l("Signed by both"),
        State.REFUSED: _l("Handover refused"),
    },
    Side: {Side.OUTGOING: _l("Outgoing shift"), Side.INCOMING: _l("Incoming shift")},
    Ground: {
        Ground.UNCLEAR_RECORD: _l("Unclear record"),
        Ground.DIRTY_PLACE: _l("Dirty place"),
        Ground.MISSING_PROPERTY: _l("Missing property"),
        Ground.UNFINISHED_REPAIR: _l("Unfinished major repair"),
    },
}
BUTTONS: dict[str, Any] = {
    COUNT: _l("Read and count"),
    EXPLAIN: _l("Explain the difference"),
    TAKE_OVER: _l("Take the event over by word"),
    CONSENT: _l("Consent to pass the fault on"),
    SIGN: _l("Sign"),
    REFUSE: _l("Refuse to take over"),
    ORDER: _l("Order the takeover"),
}
SAID: dict[str, Any] = {
    COUNT: _l("%(number)s is counted."),
    EXPLAIN: _l("The difference is explained."),
    TAKE_OVER: _l("The event is taken over; the log says so."),
    CONSENT: _l("The consent is recorded."),
    SIGN: _l("%(number)s is signed."),
    REFUSE: _l("%(number)s is refused; the head was told, and the outgoing shift stays responsible."),
    ORDER: _l("The takeover is ordered; both shifts sign the defect."),
}
AWAITED: dict[str, Any] = {
    "handover-count": _l("Read, count and take over"),
    "handover-sign": _l("Sign the handover"),
    "handover-mend": _l("Mend what the next shift refused"),
    "handover-refused": _l("Decide about a refused handover"),
}
REASONS: dict[str, Any] = {
    "log_empty": _l("The outgoing shift has not written a single entry into the log since it began."),
    "unexplained": _l("The outgoing shift has not yet explained the difference of: %(names)s."),
    "unread": _l("The incoming shift has not yet read: %(numbers)s."),
    "signed_already": _l("This side or this person has signed already; two people sign."),
    "event_runs": _l("An event is in progress and stays with the outgoing shift until it is over or taken over by word: "
                     "%(numbers)s."),
    "nothing_runs": _l("No event is in progress."),
    "fault_open": _l("A fault is passed on with the leader's consent only: %(numbers)s."),
    "no_fault": _l("No fault waits for consent."),
    "seated_orders": _l("Who has a seat in one of the two shifts does not order the takeover."),
    "not_on_roster": _l("This person has no seat in either shift by the roster."),
}  # fmt: skip
NOTICES: dict[str, Any] = {
    "handover:opened": _l("The handover of your post is open: tidy up, complete the log, count."),
    "handover:differs": _l("The count at the handover differs from the ledger."),
    "handover:refused": _l("The takeover of a post was refused; the outgoing shift stays responsible."),
    "handover:ordered": _l("The head ordered the takeover; sign the defect that was recorded."),
}
HISTORY: dict[str, Any] = {
    "handover:open": _l("Handover opened"),
    f"handover:{COUNT}": _l("Read and counted"),
    f"handover:{EXPLAIN}": _l("Difference explained"),
    f"handover:{TAKE_OVER}": _l("Event taken over by word"),
    f"handover:{CONSENT}": _l("Consented to pass the fault on"),
    f"handover:{SIGN}": _l("Signed the handover"),
    f"handover:{REFUSE}": _l("Handover refused"),
    f"handover:{ORDER}": _l("Takeover ordered with the defect recorded"),
    "post_item:create": _l("Added to what the post holds"),
    "post_item:edit": _l("What the post holds was changed"),
}
CLOCKS: dict[str, Any] = {"relief": _l("The incoming shift is there"), "handover": _l("Both have signed")}
CLOCK_CLAUSES: dict[str, Any] = {"relief": "DR-08", "handover": "DR-10"}
FIGURES: dict[str, Any] = {
    "handover.opens_before": _l("Handover: minutes before the end of a shift at which it opens"),
    "handover.relief_before": _l("Handover: minutes before the change at which the next shift is there"),
    "ladder.relief": _l("Handover: the next shift is not there"),
    "ladder.handover": _l("Handover: not signed at the end of the shift"),
}
READERS: dict[str, telling.Readers] = {
    "handover": {
        "side": (_l("Side"), lambda code: label(Side(code))),
        "ground": (_l("Reason"), lambda code: label(Ground(code))),
        "by_password": (_l("How"), lambda _sure: _("by password on the other's screen")),
        "entries": (_l("Entries of the log"), listed),
        "differing": (_l("Differences"), str),
        "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
        "due": (_l("Due"), lambda text: moment(datetime.fromisoformat(text))),
        "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
    },
    "post_item": {"quantity": (_l("How many there should be"), str)},
}
