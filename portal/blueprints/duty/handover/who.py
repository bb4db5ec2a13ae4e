"""Who answers for a post now: by signed handovers, not by the plan (DR-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.handover import rules
from portal.blueprints.duty.handover.codes import State
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.handover.rules import Change, Seats
from portal.blueprints.duty.rosters.codes import State as RosterState
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel.db import db

BACK = timedelta(days=7)  # an unsigned handover holds a post no longer than that


def shifts(since: datetime, until: datetime, *besides: Any) -> Sequence[Any]:
    """The rows of published rosters that end after the one and begin before the other moment; `besides` are columns
    more, also of their roster."""
    columns = (Shift.id, Shift.post_id, Shift.kind_id, Shift.person_id, Shift.starts_at, Shift.ends_at)
    rows = (
        sa.select(*columns, *besides)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(Roster.state != RosterState.DRAFT, Shift.ends_at > since, Shift.starts_at <= until)
        .order_by(Shift.starts_at, Shift.id)
    )
    return db.session.execute(rows).all()


def planned(since: datetime, until: datetime) -> list[Seats]:
    """The shifts of published rosters that end after the one and begin before the other moment."""
    return rules.seats_of(shifts(since, until))


def on_duty(now: datetime) -> dict[int, list[Seats]]:
    """For each post the shifts that answer for it; two statements."""
    columns = (Handover.outgoing_id, Handover.incoming_id, Handover.changes_at, Handover.state)
    changes = [
        Change(outgoing, incoming, at, state is State.SIGNED)
        for outgoing, incoming, at, state in db.session.execute(
            sa.select(*columns).where(Handover.changes_at > now - BACK, Handover.opened_at <= now)
        )
    ]
    every = sorted(planned(now - BACK, now + timedelta(days=1)), key=lambda seats: seats.post_id)
    return {
        post_id: rules.responsible(list(those), changes, now)
        for post_id, those in groupby(every, key=lambda seats: seats.post_id)
    }


def posts_of(person_id: int, now: datetime) -> frozenset[int]:
    """The posts for which somebody answers now."""
    return frozenset(
        post_id
        for post_id, shifts in on_duty(now).items()
        if any(person_id in seats.people for seats in shifts)
    )
