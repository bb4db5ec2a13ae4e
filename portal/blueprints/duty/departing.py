"""Shifts and repairs of somebody who leaves the company."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal import departing
from portal.blueprints.duty.leave import takeovers
from portal.blueprints.duty.repairs import queries as repairs
from portal.blueprints.duty.repairs.actions import ACTIONS
from portal.blueprints.duty.repairs.codes import State as RepairState
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.repairs.workflow import ASSIGN, REPAIR
from portal.blueprints.duty.rosters import changes
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.i18n import _l
from portal.kernel import departures, transitions
from portal.kernel.departures import Belongings, line
from portal.kernel.people import Card, Viewer

departures.CAPTIONS.update({"shift": _l("Shifts that become open"), "repair": _l("Repair orders")})


def _shifts(person_id: int, _viewer: Viewer, now: datetime) -> sa.Select[Any]:
    address = sa.literal("/duty/rosters/") + sa.cast(Shift.roster_id, sa.String)
    rows = line("shift", Shift.id, Shift.day, address).join(Roster, Roster.id == Shift.roster_id)
    return rows.where(Shift.person_id == person_id, Roster.state != State.DRAFT, Shift.ends_at > now)


def _shift_open(shift_id: str, _to: Card, by: Viewer, now: datetime, paper: str) -> None:
    """DR-04, DR-21: nobody is put on duty by somebody else's leaving: it is a gap, openly, for whoever may take it."""
    shift = changes.fresh([int(shift_id)]).get(int(shift_id))
    if shift is None:
        raise NotFound
    changes.Book.of([shift.day], now, lock=True)
    takeovers.hand_over({shift: None}, by=by.id, now=now, paper=paper, clause="DR-04", gap=departing.reason())


def _repairs(person_id: int, viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    address = sa.literal("/duty/repairs/") + Repair.number
    rows = line("repair", Repair.number, Repair.number, address, sa.func.substr(Repair.what, 1, 60))
    return rows.where(
        Repair.assignee_id == person_id, Repair.state == RepairState.ASSIGNED, repairs.visible_to(viewer)
    )


def _repair_to(number: str, to: Card, by: Viewer, now: datetime, _paper: str) -> None:
    """DR-13: somebody else takes it over; the limit runs on."""
    repair, note = repairs.find(by, number, lock=True), departing.reason()
    given: dict[str, Any] = {"assignee": to, "firm": "", "note": note}
    transitions.perform(REPAIR, repair, ASSIGN, ACTIONS[ASSIGN], by=by, now=now, **given)


BELONGINGS = (Belongings("shift", _shifts, _shift_open), Belongings("repair", _repairs, _repair_to))
