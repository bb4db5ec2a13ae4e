"""Shifts get other people: who had a running one until then stays known, and open handovers follow (DR-10, DR-21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.handover import queries as handovers
from portal.blueprints.duty.handover import watch as handover_watch
from portal.blueprints.duty.handover.codes import State
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.leave.models import Takeover
from portal.blueprints.duty.rosters import changes
from portal.blueprints.duty.rosters.models import Shift
from portal.kernel.db import db


def hand_over(
    hands: Mapping[Shift, int | None], *, by: int, now: datetime, paper: str, clause: str, gap: str = ""
) -> None:
    """DR-04, DR-21: the shifts get their new people. Inside the write that asked the book.

    Of a shift that runs it is kept who had it until now; who answers for its post follows at once, because the shift
    that the signatures name has other people (DR-10).
    """
    for shift, taker in hands.items():
        if shift.starts_at <= now and shift.person_id is not None:
            row = {"shift_id": shift.id, "from_id": shift.person_id, "to_id": taker}
            db.session.add(Takeover(**row, at=now, paper=paper))
    changes.hand_over(hands, by=by, now=now, clause=clause, paper=paper, gap=gap)
    _handovers_follow(hands, now)


def _handovers_follow(shifts: Iterable[Shift], now: datetime) -> None:
    """Handovers that are open wait for the people who have the shifts now."""
    same = [
        sa.and_(
            Shift.post_id == each.post_id, Shift.kind_id == each.kind_id, Shift.starts_at == each.starts_at
        )
        for each in shifts
    ]
    if not same:
        return
    theirs = sa.exists().where(Shift.id.in_((Handover.outgoing_id, Handover.incoming_id)), sa.or_(*same))
    open_ones = sa.select(Handover.id).where(Handover.state != State.SIGNED, theirs).order_by(Handover.id)
    for handover_id in db.session.scalars(open_ones).all():
        handover_watch.WATCH.clocks_moved(handovers.load(handover_id), now)
