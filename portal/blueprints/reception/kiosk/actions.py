"""What a visitor does at the kiosk: an appointment arrives, or somebody without one is recorded; the desk is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import actions, traces, watch
from portal.blueprints.reception.codes import Category, Errand, State
from portal.blueprints.reception.kiosk.codes import Why
from portal.blueprints.reception.kiosk.models import KioskVisit
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.privacy import ERASERS
from portal.blueprints.reception.traces import Keeper
from portal.kernel import clock, history, kiosks, policies, sessions
from portal.kernel.db import db
from portal.kernel.kiosks import Tablet
from portal.kernel.people import PORTAL

NOTICE = "visit.privacy_notice"


def notice(language: str, now: datetime) -> policies.Policy:
    """RC-20: the privacy notice in force, in that language."""
    return policies.in_force(f"{NOTICE}.{language}", now)


def expected(now: datetime) -> list[Visit]:
    """Today's appointments that may still arrive, earliest first; the kiosk shows none of them unasked."""
    today = clock.local(now).date().isoformat()
    open_ones = sa.and_(Visit.day == today, Visit.state.in_((State.EXPECTED, State.NO_SHOW)))
    return list(db.session.scalars(sa.select(Visit).where(open_ones).order_by(Visit.starts_at, Visit.id)))


def arrive(tablet: Tablet, number: str, *, party_size: int | None, notice_id: int, now: datetime) -> None:
    """RC-18: the visitor of an appointment is here; RC-23: from now on it counts how long the greeting takes.

    Raises Refused when the desk was faster, or the appointment was cancelled meanwhile.
    """
    with db.write():
        visit = db.session.scalars(sa.select(Visit).where(Visit.number == number).with_for_update()).one()
        actions.perform(visit, "arrive", by=PORTAL, now=now, kiosk=tablet.id, party_size=party_size)
        _note(tablet, visit, notice_id, now)


def walk_in(
    tablet: Tablet, *, why: Why, asked_for: str, notice_id: int, key: str, now: datetime, **fields: Any
) -> None:
    """RC-18: somebody without an appointment; RC-01: of no category until the desk says of which.

    The same turn again records nothing.
    """
    owner = sessions.person_as_viewer(tablet.owner_id)
    try:
        with db.write():
            visit = actions.register(
                by=owner,
                now=now,
                idempotency_key=key,
                kiosk=tablet.id,
                category=Category.D,
                errand=Errand.USUAL,
                **fields,
            )
            _note(tablet, visit, notice_id, now, asked_for, why)
    except actions.Doubled:
        return


def _note(
    tablet: Tablet, visit: Visit, notice_id: int, now: datetime, asked_for: str = "", why: Why | None = None
) -> None:
    """RC-20: what was agreed to; the desk hears that somebody is there."""
    row = db.session.get(KioskVisit, visit.id)
    if row is None:
        row = KioskVisit(visit_id=visit.id)
        db.session.add(row)
    row.kiosk_id, row.notice_id, row.consent_at = tablet.id, notice_id, now
    row.asked_for, row.why = asked_for, why
    words = {"asked_for": asked_for} if asked_for else {}
    history.record(
        visit, "visit:consent", by=None, now=now, clause="RC-20", notice=notice_id, why=why, words=words
    )
    kiosks.used(tablet.id, now)
    watch.tell(visit, ["desk"], "visit:kiosk", now)


def erase(visit_id: int) -> None:
    """RC-20: whom the visitor asked for is forgotten; that there was consent stays. Inside a write."""
    ours = sa.update(KioskVisit).where(KioskVisit.visit_id == visit_id)
    db.session.execute(ours.values(asked_for=""))


ERASERS.append(erase)
traces.KEEPERS.append(Keeper(key="kiosk", model=KioskVisit, visit=KioskVisit.visit_id))
