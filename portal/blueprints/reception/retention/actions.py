"""RC-20: visits past their term are forgotten by the office, never by the portal; one person's on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import privacy
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.retention import queries, rules
from portal.blueprints.reception.retention.queries import Person
from portal.kernel import company_calendar, history, inbox, reference, search, timers, todos
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.todos import Todo
from portal.kernel.workflow import Refused

AT_ONCE = 500  # the oldest go first; the next ones with the next touch
A_WRITE = 25  # others write between
WAITS = "forget-visits"
ADDRESS = "/reception/privacy/"


def forget_past_term(*, by: Viewer, now: datetime) -> int:
    """Forget the oldest visits whose term is over; how many. In writes of its own, so that others get their turn."""
    ids = queries.oldest(now, AT_ONCE)
    count = 0
    for start in range(0, len(ids), A_WRITE):
        with db.write():
            for visit in queries.locked(ids[start : start + A_WRITE]):
                # Looked at again inside: somebody may have opened it, or forgotten it, meanwhile.
                if visit.anonymised_at is None and rules.against_forgetting(visit) is None:
                    privacy.forget(visit, now)
                    history.record(visit, "visit:anonymise", by=by.id, now=now, clause="RC-20")
                    count += 1
    with db.write():
        search.optimize("visit")
        _no_longer_awaited()
        _await_again(now)
    return count


def _no_longer_awaited() -> None:
    db.session.execute(sa.delete(Todo).where(Todo.kind == WAITS))


def _await_again(now: datetime) -> None:
    """What is left over from a very long list waits on."""
    for visit in queries.locked(queries.oldest(now, 1)):
        _await(visit, now)


def _await(visit: Visit, now: datetime) -> None:
    todos.replace(visit, [todos.Wanted(WAITS, "office")], now=now, title="", address=ADDRESS)


def remind(now: datetime) -> Iterator[str]:
    """RC-20: once a month, in working time, the office hears that visits are past their term; nothing goes by itself."""
    office = reference.staff().with_role(Role.OFFICE)
    if not office or not company_calendar.current().is_open(now) or queries.reminded(now):
        return
    due = queries.oldest(now, 1)
    if not due:
        return
    with db.write():
        history.wait_for_turn()
        if queries.reminded(now):
            return
        (visit,) = queries.locked(due)
        _no_longer_awaited()
        _await(visit, now)
        inbox.tell(office, "visit:term_over", visit, now=now, address=ADDRESS, clause="RC-20")
    yield f"{visit.number}\tretention\tpast its term, first of those to be anonymised (RC-20)"


timers.BY_CALENDAR.append(remind)


# -- one person ---------------------------------------------------------------------------------------------------


def take_out(person: Person, *, by: Viewer, now: datetime) -> dict[str, Any]:
    """All that is kept of one person, to be handed over; each visit's history says that it was (RC-20)."""
    with db.write():
        rows, cards = _found(person)
        visits = queries.locked(row.id for row in rows)
        for visit in visits:
            history.record(visit, "visit:export", by=by.id, now=now, clause="RC-20", count=len(visits))
        return {
            "taken_out_at": now.isoformat(),
            "cards": [_told(card) for card in cards],
            "visits": [_told(visit) for visit in visits],
        }


def _told(thing: Visit | Customer) -> dict[str, Any]:
    """Every column that is about the person; keys of forms and digests are not."""
    machines = {"idempotency_key", "fields_digest", "version", "barred_id"}
    columns = [column.key for column in type(thing).__mapper__.column_attrs if column.key not in machines]
    found = {name: getattr(thing, name) for name in columns}
    return {name: value for name, value in found.items() if value not in (None, "")}


def remove(person: Person, *, by: Viewer, now: datetime) -> tuple[int, int]:
    """Forget one person on request: how many visits went, how many stay because they are not over. Refused for two."""
    with db.write():
        rows, cards = _found(person)
        visits = queries.locked(row.id for row in rows)
        over = [visit for visit in visits if rules.against_forgetting(visit) is None]
        for visit in over:
            privacy.forget(visit, now)
            history.record(visit, "visit:remove", by=by.id, now=now, clause="RC-20", count=len(over))
        if len(over) == len(visits):  # whoever is still expected keeps the card until then
            for card in cards:
                privacy.forget_card(card, now)
                history.record(card, "customer:remove", by=by.id, now=now, clause="RC-20")
        search.optimize("visit")
    return len(over), len(visits) - len(over)


def _found(person: Person) -> tuple[list[Any], list[Customer]]:
    rows, cards = person.visits(), person.cards()
    found = [(row.visitor_name, row.phone) for row in rows] + [(card.name, card.phone) for card in cards]
    if reason := rules.several_people(found):
        raise Refused([reason])
    return rows, cards


def reveal(visit: Visit, *, by: Viewer, now: datetime) -> None:
    """RC-20: a look at the whole number, written down. Inside a write."""
    history.record(visit, "visit:reveal", by=by.id, now=now, clause="RC-20")
