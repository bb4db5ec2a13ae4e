"""Recurring appointments: made together, and changed one by one or from one on (RC-19)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import actions, watch
from portal.blueprints.reception.appointments import rules
from portal.blueprints.reception.appointments.codes import Scope
from portal.blueprints.reception.codes import Late, State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import find, visible_to
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import clock, company_calendar, sent_forms
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.workflow import Reason, Refused


def book(
    further: Iterable[date], *, by: Viewer, now: datetime, idempotency_key: str | None = None, **fields: Any
) -> Visit:
    """An appointment and, on further days, the same again, each a visit of its own; all or none. Inside a write.

    The host hears of a series once. Raises what `actions.register` raises.
    """
    days = list(further)
    first = actions.register(by=by, now=now, idempotency_key=idempotency_key, quiet=bool(days), **fields)
    if not days:
        return first
    calendar = company_calendar.current()
    first.series = first.number
    for day in days:
        begins = rules.on_day(fields["starts_at"], day, calendar)
        ends = begins + (fields["ends_at"] - fields["starts_at"]) if fields.get("ends_at") else None
        try:
            again = actions.register(
                by=by, now=now, quiet=True, **fields | {"starts_at": begins, "ends_at": ends}
            )
        except Refused as refused:
            raise _on(day, refused) from refused
        again.series = first.number
        if again.late is Late.NO:
            again.late_reason = ""
    if not first.confirmed_at:
        watch.tell(first, ["handler"], "visit:series_booked", now, but=by.id)
    db.session.flush()
    return first


def _on(day: date, refused: Refused) -> Refused:
    """A refusal that names the day of the series that stands in the way."""
    return Refused(
        Reason(r.clause, "series_place_taken", {"day": day.isoformat()}) if r.code == "place_taken" else r
        for r in refused.reasons
    )


def following(visit: Visit, by: Viewer, verb: str) -> Sequence[Visit]:
    """Those of the same series that come later, still expected and this person's to act on; locked for the write."""
    rows = sa.select(Visit).where(
        Visit.series == visit.series,
        Visit.series != "",
        Visit.starts_at > visit.starts_at,
        Visit.state == State.EXPECTED,
        Visit.id != visit.id,
        visible_to(by),
    )
    later = db.session.scalars(rows.order_by(Visit.starts_at, Visit.id).with_for_update())
    return [other for other in later if any(step.verb == verb for step in VISIT.open_to(other, by))]


def act(
    number: str,
    verb: str,
    *,
    by: Viewer,
    now: datetime,
    sent: Sent | None = None,
    scope: Scope | None = None,
    **given: Any,
) -> tuple[Visit, int]:
    """One verb on a visit or on it and those that follow in its series, all or none; and on how many.

    A form that was taken before is not taken again. Raises NotFound, Forbidden, Refused, SaidOtherwise.
    """
    with db.write():
        visit = find(by, number, lock=True)
        if not sent_forms.taken(visit, by, sent, now):
            return visit, 1
        others = following(visit, by, verb) if scope is Scope.FOLLOWING else []
        was = visit.starts_at
        # The last first, where they move on: none stands in the way of another.
        forward = verb == "move" and was is not None and given["starts_at"] > was
        both = [visit, *others]
        for one in reversed(both) if forward else both:
            if one is visit:
                actions.perform(visit, verb, by=by, now=now, **given)
                continue
            told = _given(verb, one, was, given)
            # Read before: what the database refused cannot be asked any more.
            day = clock.local(told.get("starts_at") or one.starts_at or now).date()
            try:
                actions.perform(one, verb, by=by, now=now, **told)
            except Refused as refused:
                raise _on(day, refused) from None
    return visit, len(both)


def _given(verb: str, one: Visit, was: datetime | None, given: dict[str, Any]) -> dict[str, Any]:
    """What the verb is given for one that follows: told once with the first, moved as far as the first was."""
    mine = given | {"quiet": True}
    if verb != "move" or was is None or one.starts_at is None:
        return mine
    begins = rules.shifted(one.starts_at, was, given["starts_at"], company_calendar.current())
    ends = begins + (given["ends_at"] - given["starts_at"]) if given.get("ends_at") else None
    return mine | {"starts_at": begins, "ends_at": ends}
