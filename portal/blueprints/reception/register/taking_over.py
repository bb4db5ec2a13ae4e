"""Visits of an old register: they come in as what they are, over and put away (RC-17).

No clock runs for them, nobody is told, no place is held and no room waits for its check. Their term counts from the day
of the visit (RC-20). Their history says who took them over, and what the old register called them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception import queries as visits
from portal.blueprints.reception.actions.common import day_of, settle
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.register import queries, rules
from portal.blueprints.reception.retention.queries import until
from portal.kernel import history, numbers, search
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.workflow import Reason, Refused


def against(arrived_at: datetime, now: datetime) -> Reason | None:
    """RC-17, RC-20: why a visit of that day cannot be taken over."""
    day = day_of(arrived_at)
    register = queries.register_of(day)
    return rules.against_taking_over(day, day_of(now), until(now), register.state if register else None)


def take_over(*, by: Viewer, now: datetime, reference: str, key: str, **fields: Any) -> Visit:
    """A visit as the old register has it, under a number of its day. Inside a write; Refused as `against` says.

    `fields` are category, visitor_name, company, phone, party_size, purpose, host_id, department, place_id, arrived_at,
    left_at, satisfaction, remark; `key` is by what the same line is known again, also once the visitor is forgotten.
    """
    _refuse(fields["arrived_at"], now)
    visit = Visit(
        **fields,
        number=numbers.take("LF", fields["arrived_at"]),
        day=day_of(fields["arrived_at"]),
        state=State.ARCHIVED,
        state_since=now,
        taken_over=reference,
        created_at=now,
        created_by_id=by.id,
        idempotency_key=key,
    )
    settle(visit, now)
    db.session.add(visit)
    db.session.flush()
    search.put("visit", visit.id, old=None, new=visits.searchable(visit))
    words = {"reference": reference, "visitor_name": visit.visitor_name, "purpose": visit.purpose}
    history.record(
        visit,
        "visit:take_over",
        by=by.id,
        now=now,
        clause="RC-17",
        category=visit.category,
        host=visit.host_id,
        department=visit.department,
        party_size=visit.party_size,
        words={name: text for name, text in words.items() if text},
    )
    return visit


def change(visit: Visit, *, by: Viewer, now: datetime, **fields: Any) -> None:
    """The same line with other words; what stood there stays in the history. Inside a write."""
    _refuse(fields["arrived_at"], now)
    changed = {name: value for name, value in fields.items() if getattr(visit, name) != value}
    texts = (name for name, value in changed.items() if isinstance(value, str) and name != "category")
    words = {name: str(getattr(visit, name) or "") for name in texts}
    old = visits.searchable(visit)
    for name, value in changed.items():
        setattr(visit, name, value)
    visit.day = day_of(visit.arrived_at or now)
    settle(visit, now)
    db.session.flush()
    search.put("visit", visit.id, old=old, new=visits.searchable(visit))
    fields_changed = sorted(changed)
    history.record(
        visit, "visit:take_over_edit", by=by.id, now=now, clause="RC-17", fields=fields_changed, words=words
    )


def _refuse(arrived_at: datetime, now: datetime) -> None:
    """The register of that day cannot be compiled in between: whoever compiles waits for this write, or was before it."""
    history.wait_for_turn()
    if reason := against(arrived_at, now):
        raise Refused([reason])
