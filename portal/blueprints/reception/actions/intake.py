"""Who stands there, or is expected: the record of a visit begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import places, queries, rules, watch
from portal.blueprints.reception.actions.common import (
    day_of,
    on_arrival,
    put_tasks,
    serve_usual,
    settle,
    tell_losers,
)
from portal.blueprints.reception.codes import (
    Errand,
    Late,
    State,
)
from portal.blueprints.reception.matrix import CategoryRule, rule_for
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.services import actions as services
from portal.kernel import (
    company_calendar,
    digests,
    history,
    numbers,
    search,
)
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Viewer


class Doubled(Exception):
    """A form that was sent before: `visit` is what it made; `same` tells whether it said the same."""

    def __init__(self, visit: Visit, same: bool) -> None:
        self.visit, self.same = visit, same
        super().__init__(visit.number)


def register(
    *,
    by: Viewer,
    now: datetime,
    idempotency_key: str | None = None,
    card: Customer | None = None,
    quiet: bool = False,
    kiosk: int | None = None,
    **fields: Any,
) -> Visit:
    """Record who stands there, or an appointment when it names a time (RC-17, RC-19). Inside a write.

    `fields` are the form's: category, errand, visitor_name, company, phone, party_size, purpose, host_id, department,
    place_id, starts_at, ends_at, refreshment, meal, lodging, on_business, consent, topic, late_reason; `card` is
    that of somebody who is known, `quiet` tells nobody: one of a series, see `appointments`. Raises Doubled for a key
    used before, Refused for a place that is taken. `kiosk`: the visitor wrote it there, nobody greeted yet
    (RC-23), the desk has yet to say the category (RC-01), and `by` answers for that tablet.
    """
    digest = digests.fields_digest(fields)
    number = numbers.take("LF", now)
    history.wait_for_turn()  # who asks for a place sees what another has just been given
    if idempotency_key and (before := _sent(by, idempotency_key)):
        raise Doubled(before, before.fields_digest == digest)
    booked = fields.get("starts_at") is not None
    visit = Visit(
        **fields,
        number=number,
        day=day_of(fields.get("starts_at") or now),
        state=State.EXPECTED if booked else State.ARRIVED,
        state_since=now,
        booked=booked,
        undecided=kiosk is not None and not booked,
        created_at=now,
        created_by_id=by.id,
        idempotency_key=idempotency_key,
        fields_digest=digest,
        pass_code=digests.pass_code(),
    )
    if card is not None:  # whoever is known need not be asked again
        visit.customer_id = card.id
        visit.consent = visit.consent or card.consent_at is not None
    settle(visit, now)
    rule = rule_for(visit.category, now)
    serve_usual(visit, rule)
    if booked:
        _book(visit, rule, by, now)
    else:
        _walk_in(visit, rule, None if kiosk else by, now)
    db.session.add(visit)
    db.session.flush()
    put_tasks(visit, rule, now)
    search.put("visit", visit.id, old=None, new=queries.searchable(visit))
    _record_new(visit, by, now, kiosk)
    places.hold(visit, now)
    watch.put_up(visit, now)
    services.wish(visit, by=by, now=now)
    tell_losers(places.gave_way(visit), visit.number, now)
    if booked and not visit.confirmed_at and not quiet:
        watch.tell(visit, ["handler"], "visit:booked", now, but=by.id)
    if not booked:
        on_arrival(visit, rule, by, now)
    return visit


def _sent(by: Viewer, key: str) -> Visit | None:
    ours = sa.and_(Visit.created_by_id == by.id, Visit.idempotency_key == key)
    return db.session.scalars(sa.select(Visit).where(ours)).one_or_none()


def _book(visit: Visit, rule: CategoryRule, by: Viewer, now: datetime) -> None:
    """RC-19: an appointment; the host's own needs no further word. RC-04: is the arrangement form in time?"""
    if visit.host_id == by.id:
        visit.confirmed_at, visit.confirmed_by_id = now, by.id
        if visit.place_id is None and (place := places.free_for(visit, rule.places, now)):
            visit.place_id = place.id
    if rule.needs_form and visit.starts_at is not None:
        if rules.arranged(visit):
            visit.arranged_at, visit.arranged_by_id = now, by.id
        calendar = company_calendar.current()
        if not rules.in_time(now, visit.starts_at, rule.lead_days, calendar):
            visit.late = Late.ASKED


def _walk_in(visit: Visit, rule: CategoryRule, greeter: Viewer | None, now: datetime) -> None:
    visit.arrived_at, visit.measured = now, greeter is None
    if greeter is not None:
        visit.greeted_at, visit.greeted_by_id = now, greeter.id
    if rule.needs_form and visit.errand is not Errand.COMPLAINT:
        visit.late = Late.AFTERWARDS  # RC-04: received all the same, the form follows


def _record_new(visit: Visit, by: Viewer, now: datetime, kiosk: int | None) -> None:
    words = {
        name: getattr(visit, name) for name in ("visitor_name", "company", "phone", "purpose", "late_reason")
    }
    history.record(
        visit,
        "visit:book" if visit.booked else "visit:register",
        by=None if kiosk else by.id,
        now=now,
        clause="RC-19" if visit.booked else "RC-17",
        kiosk=kiosk,
        category=visit.category,
        number=visit.number,
        host=visit.host_id,
        department=visit.department,
        party_size=visit.party_size,
        late=visit.late if visit.late is not Late.NO else None,
        words={name: text for name, text in words.items() if text},
    )
