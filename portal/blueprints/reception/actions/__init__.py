"""What each verb does to a visit: one function a verb, called by `perform` after right, state and gates.

By what it is about: `intake` (the record begins), `arriving`, `leaving`, `booking` (appointments), `mending`; `knowing`
holds what the gates must know.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.blueprints.reception import places, queries
from portal.blueprints.reception.actions import arriving, booking, leaving, mending
from portal.blueprints.reception.actions.common import OPEN, put_tasks, tell_losers
from portal.blueprints.reception.actions.intake import Doubled, register
from portal.blueprints.reception.actions.knowing import (
    TO_A_PLACE,
    host_is_leader,
    last_step,
    no_answer_after,
    no_show_after,
    place_for,
    places_for,
    prepared,
    undo_within,
    warned_before,
    with_places,
)
from portal.blueprints.reception.actions.mending import EDITABLE, open_tasks
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Visit, VisitStep
from portal.blueprints.reception.reach import find
from portal.blueprints.reception.services import actions as services
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import search, sent_forms, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Refused

# What a touch on the board moves and `undo` puts back.
KEPT = (
    "state", "state_since", "arrived_at", "measured", "greeted_at", "greeted_by_id", "asked_at", "decided_at",
    "decided_by_id", "decision_note", "on_business", "place_id", "seated_at", "met_at", "left_at", "used_place",
    "desk_checked_at", "desk_checked_by_id", "clerk_checked_at", "clerk_checked_by_id", "late", "satisfaction",
    "day", "material",
)  # fmt: skip


class RefusedFor(Refused):
    """Of several visits the one that a touch cannot be done to."""

    def __init__(self, refused: Refused, number: str) -> None:
        self.number = number
        super().__init__(refused.reasons)


UNDOABLE = frozenset(
    {"arrive", "greet", "ask", "decline", "seat", "meet", "leave", "check", "cancel", "no-show"}
)


def act(number: str, verb: str, *, by: Viewer, now: datetime, **given: Any) -> Visit:
    """Perform one verb on a visit, from looking it up to the commit. Raises NotFound, Forbidden, Refused."""
    with db.write():
        visit = find(by, number, lock=True)
        perform(visit, verb, by=by, now=now, **given)
    return visit


def perform(visit: Visit, verb: str, *, by: Viewer, now: datetime, **given: Any) -> Effect:
    """One verb inside a write: what the gates must know, the transition, the step that can be taken back, the place."""
    before = {name: getattr(visit, name) for name in KEPT}
    unsought = queries.searchable(visit)
    if visit.state in OPEN:  # RC-01: a changed matrix reaches the open ones with their next act
        put_tasks(visit, rule_for(visit.category, now), now)
    effect = transitions.perform(
        VISIT, visit, verb, ACTIONS[verb], by=by, now=now, **prepared(visit, verb, by, now, given)
    )
    if verb in UNDOABLE and (verb != "decline" or by.role in {Role.DESK, Role.OFFICE}):
        moved = {name: was for name, was in before.items() if was != getattr(visit, name)}
        db.session.add(
            VisitStep(
                visit_id=visit.id, verb=verb, at=now, by_id=by.id, before=json.dumps(moved, default=str)
            )
        )
    if (sought := queries.searchable(visit)) != unsought:
        search.put("visit", visit.id, old=unsought, new=sought)
    places.hold(visit, now)
    if visit.state in {State.CANCELLED, State.DECLINED}:
        services.call_off(visit, by=by, now=now)
    tell_losers(places.gave_way(visit), visit.number, now)
    return effect


def many(
    numbers_: Sequence[str], verb: str, *, by: Viewer, now: datetime, sent: Sent | None = None
) -> list[Visit]:
    """One touch for several visits, each by itself; all or none, and once however often it is sent.

    Raises RefusedFor the first of them that it cannot be done to.
    """
    at = ""
    try:
        with db.write():
            found = [find(by, number, lock=True) for number in sorted(set(numbers_))]
            if not found or not sent_forms.taken(found[0], by, sent, now):
                return found
            for visit in found:
                at = visit.number
                perform(visit, verb, by=by, now=now)
    except Refused as refused:
        raise RefusedFor(refused_there(refused, at, verb, by=by, now=now), at) from refused
    return found


def refused_there(refused: Refused, number: str, verb: str, *, by: Viewer, now: datetime) -> Refused:
    """A refusal as it is told: about a place it names the free ones (RC-02). After the write."""
    return with_places(refused, find(by, number), verb, by, now) if verb in TO_A_PLACE else refused


# The verb is the key: the row of the workflow, the address, the form, the function.
ACTIONS: dict[str, transitions.Action] = {
    "categorise": mending.categorise,
    "arrive": arriving.arrive,
    "ask": arriving.ask,
    "agree": arriving.agree,
    "decline": arriving.decline,
    "confirm": booking.confirm,
    "seat": arriving.seat,
    "meet": arriving.meet,
    "leave": leaving.leave,
    "check": leaving.check,
    "greet": arriving.greet,
    "farewell": leaving.farewell,
    "task": mending.task,
    "arrange": booking.arrange,
    "approve-late": booking.approve_late,
    "move": booking.move,
    "cancel": booking.cancel,
    "no-show": booking.no_show,
    "report": leaving.report,
    "edit": mending.edit,
    "undo": mending.undo,
    "archive": leaving.archive,
}

__all__ = [
    "ACTIONS",
    "EDITABLE",
    "TO_A_PLACE",
    "UNDOABLE",
    "Doubled",
    "RefusedFor",
    "act",
    "host_is_leader",
    "last_step",
    "many",
    "no_answer_after",
    "no_show_after",
    "open_tasks",
    "perform",
    "place_for",
    "places_for",
    "prepared",
    "refused_there",
    "register",
    "tell_losers",
    "undo_within",
    "warned_before",
]
