"""Somebody who worked here: what is kept of them, handed over, and forgotten when their term is over (RC-20)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.office.privacy import queries
from portal.kernel import clock, history, policies, reference
from portal.kernel.browsers import KnownBrowser
from portal.kernel.db import db
from portal.kernel.departures import Departure, DepartureLine
from portal.kernel.identities import Identity, Invitation
from portal.kernel.inbox import Notice
from portal.kernel.login_steps import LoginStep
from portal.kernel.outbox import Delivery
from portal.kernel.people import Person, Status
from portal.kernel.personal_data import Held, Own, Sought, Trace
from portal.kernel.second_factor import RecoveryCode, SecondFactor
from portal.kernel.sent_forms import SentForm
from portal.kernel.sessions import Session
from portal.kernel.workflow import Reason

GONE = "gone-{}"  # the user name of somebody who was forgotten


def held(person: Person, now: datetime) -> Held | None:
    """RC-20: whoever works here is needed; of those who left, what they did is answered for until the term is over."""
    if person.status is not Status.DEPARTED:
        return Held(Reason("RC-20", "works_here"))
    left = queries.left_at(person.id) or person.created_at
    until = left + timedelta(days=policies.number("retention.departed_days", now))
    if until <= now:
        return None
    return Held(Reason("RC-20", "left_in_term", {"until": f"{clock.local(until):%Y-%m-%d}"}), until)


def _person(sought: Sought) -> Person | None:
    return db.session.get(Person, sought.person_id) if sought.person_id is not None else None


def find(sought: Sought, now: datetime) -> list[Trace]:
    """The person's own record."""
    person = _person(sought)
    if person is None or person.username == GONE.format(person.id):
        return []
    page, subject = f"/office/people/{person.id}", ("person", person.id)
    return [Trace("staff", person.username, page, held=held(person, now), subject=subject)]


def tell(sought: Sought, by: int, now: datetime) -> dict[str, Any]:
    """The record as it is handed over."""
    person = _person(sought)
    if person is None:
        return {}
    with db.write():
        history.record(person, "person:handed_over", by=by, now=now, clause="RC-20")
    names = ("username", "name", "name_en", "department", "email", "phone", "created_at")
    return {"person": {name: str(getattr(person, name)) for name in names}}


def forget(sought: Sought, by: int, now: datetime) -> None:
    """The person becomes a number: who did what stays told apart, and nobody can say who it was."""
    with db.write():
        person = db.session.get(Person, sought.person_id or 0, with_for_update=True)
        if person is None or held(person, now) is not None or person.username == GONE.format(person.id):
            return
        person.username = GONE.format(person.id)
        person.name = person.name_en = f"#{person.id}"
        person.pinyin = person.email = person.phone = person.password = ""
        person.locale = person.theme = ""
        told = sa.select(Notice.id).where(Notice.person_id == person.id)
        db.session.execute(sa.delete(Delivery).where(Delivery.notice_id.in_(told)))
        db.session.execute(sa.delete(Notice).where(Notice.person_id == person.id))
        for each in (Session, SecondFactor, RecoveryCode, LoginStep, KnownBrowser, Identity, Invitation):
            db.session.execute(sa.delete(each).where(each.__table__.c.person_id == person.id))
        ended = sa.select(Departure.id).where(Departure.person_id == person.id)
        db.session.execute(sa.delete(DepartureLine).where(DepartureLine.departure_id.in_(ended)))
        db.session.execute(sa.delete(Departure).where(Departure.person_id == person.id))
        db.session.execute(sa.delete(SentForm).where(SentForm.by_id == person.id))
        history.erase(person)
        history.record(person, "person:forget", by=by, now=now, clause="RC-20")
        reference.changed()


OWN = Own("staff", find, tell, forget)
