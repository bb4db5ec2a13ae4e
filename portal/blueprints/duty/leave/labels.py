"""What people read of leave and absences: states, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.duty.leave.codes import Answer, LeaveKind, State
from portal.blueprints.duty.leave.workflow import ACCEPT, APPROVE, DECLINE, LEFT, NAME, WITHDRAW
from portal.i18n import _l, label, listed, moment

LABELS: dict[Any, Any] = {
    State: {
        State.ASKED: _l("The substitute has to answer"),
        State.SEEKING: _l("A substitute is missing"),
        State.ACCEPTED: _l("The head has to approve"),
        State.APPROVED: _l("Approved"),
        State.DECLINED: _l("Not approved"),
        State.WITHDRAWN: _l("Withdrawn"),
        State.LAPSED: _l("Lapsed"),
    },
    LeaveKind: {
        LeaveKind.PERSONAL: _l("Personal leave"),
        LeaveKind.SICK: _l("Sick leave"),
        LeaveKind.ANNUAL: _l("Annual leave"),
        LeaveKind.OTHER: _l("Other leave"),
    },
    Answer: {
        Answer.NOBODY: _l("nobody named"),
        Answer.WAITING: _l("has to answer"),
        Answer.ACCEPTED: _l("accepts"),
        Answer.DECLINED: _l("says no"),
    },
}
BUTTONS: dict[str, Any] = {
    ACCEPT: _l("I take these shifts"),
    NAME: _l("Name a substitute"),
    APPROVE: _l("Approve the leave"),
    DECLINE: _l("Say no"),
    WITHDRAW: _l("Withdraw the request"),
    LEFT: _l("The post has been left already"),
}
SAID: dict[str, Any] = {
    ACCEPT: _l("You take the shifts once the head has approved %(number)s."),
    NAME: _l("The substitute of %(number)s is asked."),
    APPROVE: _l("%(number)s is approved; everybody concerned was told."),
    DECLINE: _l("Your no to %(number)s is recorded, and they were told."),
    WITHDRAW: _l("%(number)s is withdrawn."),
    LEFT: _l("It is noted; unless the leave is approved in time, it counts as absence."),
}
AWAITED: dict[str, Any] = {
    "accept-leave": _l("Answer as a substitute"),
    "name-substitute": _l("Name a substitute"),
    "approve-leave": _l("Decide about a leave"),
}
REASONS: dict[str, Any] = {
    "substitute_unfit": _l("The substitute is not free, qualified and rested."),
    "no_substitute": _l(
        "No substitute has accepted for: %(shifts)s. Wait for one, or give the reason why the shift is left to nobody."
    ),
    "leave_too_late": _l("The leave should have been approved before it began."),
    "leave_begun": _l("The leave has begun already."),
    "no_running_shift": _l("No shift of this person is running now."),
    "leave_overlaps": _l("%(number)s is a leave of this person for some of these days already."),
    "absence_recorded": _l("This absence is recorded already."),
}
NOTICES: dict[str, Any] = {
    "leave:asked": _l("You are asked to be the substitute in a leave."),
    "leave:decide": _l("A leave waits for your decision."),
    "leave:for_you": _l("Leave was asked for on your behalf."),
    "leave:accepted": _l("A substitute has accepted your shifts."),
    "leave:refused": _l("A substitute has said no; please name another."),
    "leave:approved": _l("A leave is approved; the shifts have changed hands."),
    "leave:gap": _l("A leave was approved that leaves a shift to nobody."),
    "leave:declined": _l("A leave is not approved."),
    "leave:withdrawn": _l("A leave is withdrawn."),
    "leave:left": _l("Somebody left the post before the leave was approved; please decide."),
    "leave:lapsed": _l("A leave has lapsed: it began before it was approved."),
    "absence:recorded": _l("An absence of yours was recorded."),
}
HISTORY: dict[str, Any] = {
    "leave:ask": _l("Leave asked for"),
    f"leave:{ACCEPT}": _l("Substitute accepted"),
    f"leave:{NAME}": _l("Substitute named"),
    f"leave:{APPROVE}": _l("Leave approved"),
    f"leave:{DECLINE}": _l("Said no"),
    f"leave:{WITHDRAW}": _l("Withdrawn"),
    f"leave:{LEFT}": _l("Left without waiting for approval"),
    "leave:lapse": _l("Lapsed without approval"),
    "absence:record": _l("Absence recorded"),
    "person:absence": _l("Absence recorded"),
}


def _moment(text: str) -> Any:
    return moment(datetime.fromisoformat(text))


READERS: dict[str, telling.Readers] = {
    "leave": {
        "kind": (_l("Kind"), lambda code: label(LeaveKind(code))),
        "begins": (_l("Begins"), _moment),
        "ends": (_l("Ends"), _moment),
        "person": (_l("Who is away"), telling.people),
        "substitutes": (_l("Substitutes"), telling.people),
        "gaps": (_l("Left to nobody"), listed),
        "to": (_l("To"), lambda code: label(State(code))),
    },
    "absence": {
        "person": (_l("Who was absent"), telling.people),
        "since": (_l("Begins"), _moment),
        "until": (_l("Ends"), _moment),
    },
}
