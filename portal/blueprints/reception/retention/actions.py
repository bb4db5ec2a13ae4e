"""RC-20: names past their term are forgotten by the office, never by the portal; one person's on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal import telling
from portal.blueprints.reception import privacy
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.retention import queries, rules
from portal.blueprints.reception.retention.queries import Found
from portal.blueprints.reception.traces import KEEPERS, Keeper, Person
from portal.kernel import clock, company_calendar, history, inbox, reference, timers, todos
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
    """Forget the oldest names whose term is over: visits first, then what belongs to none; how many.

    In writes of its own, so that others get their turn.
    """
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
    for keeper, _count in queries.other_things(now):
        count += _forget_things(keeper, AT_ONCE - count, by, now)
    with db.write():
        privacy.wipe()
        _no_longer_awaited()
        _await_again(now)
    return count


def _forget_things(keeper: Keeper, most: int, by: Viewer, now: datetime) -> int:
    count = 0
    while count < most:
        with db.write():
            things = queries.oldest_things(keeper, now, min(A_WRITE, most - count))
            for thing in things:
                whose = Person(getattr(thing, keeper.name.key), "" if keeper.phone is None else thing.phone)
                keeper.forget(thing, whose, now)
                history.record(thing, f"{keeper.lines}anonymise", by=by.id, now=now, clause="RC-20")
        if not things:
            break
        count += len(things)
    return count


def _no_longer_awaited() -> None:
    db.session.execute(sa.delete(Todo).where(Todo.kind == WAITS))


def _first_past_term(now: datetime) -> Any:
    """The oldest visit that may be forgotten, else something that belongs to none. Inside a write."""
    for visit in queries.locked(queries.oldest(now, 1)):
        return visit
    for keeper, _count in queries.other_things(now):
        for thing in queries.oldest_things(keeper, now, 1):
            return thing
    return None


def _await_again(now: datetime) -> None:
    """What is left over from a very long list waits on."""
    if (first := _first_past_term(now)) is not None:
        _await(first, now)


def _await(first: Any, now: datetime) -> None:
    todos.replace(first, [todos.Wanted(WAITS, "office")], now=now, title="", address=ADDRESS)


def remind(now: datetime) -> Iterator[str]:
    """RC-20: once a month, in working time, the office hears that names are past their term; nothing goes by itself."""
    office = reference.staff().with_role(Role.OFFICE)
    if not office or not company_calendar.current().is_open(now) or queries.reminded(now):
        return
    if not queries.oldest(now, 1) and not queries.other_things(now):
        return
    with db.write():
        history.wait_for_turn()
        if queries.reminded(now) or (first := _first_past_term(now)) is None:
            return
        _no_longer_awaited()
        _await(first, now)
        inbox.tell(office, "visit:term_over", first, now=now, address=ADDRESS, clause="RC-20")
    yield f"{first.number}\tretention\tpast its term, first of those to be anonymised (RC-20)"


timers.BY_CALENDAR.append(remind)


# -- one person ---------------------------------------------------------------------------------------------------


def take_out(person: Person, *, by: Viewer, now: datetime) -> dict[str, Any]:
    """RC-20: all that is kept of one person, to be handed over; the history of each thing says that it was.

    A whole phone number in it counts as a look at the number. Refused where it could be two people.
    """
    with db.write():
        found = _found(person)
        told: dict[str, Any] = {"taken_out_at": f"{clock.local(now):%Y-%m-%d %H:%M}"}
        for keeper in KEEPERS:
            own = _locked(keeper, found.ids(keeper.key)) if keeper.name is not None else []
            for thing in own:
                if keeper.phone is not None and thing.phone:
                    history.record(thing, f"{keeper.lines}reveal", by=by.id, now=now, clause="RC-20")
                history.record(thing, f"{keeper.lines}export", by=by.id, now=now, clause="RC-20")
            told[keeper.key] = [
                keeper.tell(thing, found.person) for thing in (*own, *queries.belongings(keeper, found))
            ]
        told["earlier_words"] = list(_earlier_words(found))
    return {name: entries for name, entries in told.items() if entries}


def _earlier_words(found: Found) -> Iterator[dict[str, Any]]:
    """What the history of the person's own things still says: earlier names and numbers, remarks."""
    for keeper in KEEPERS:
        numbers = {trace.id: trace.number for trace in found.traces if trace.keeper is keeper}
        if not numbers or keeper.beside:
            continue
        for its_id, at, event, words in history.words_of(keeper.model.history_kind, numbers):
            yield {
                "number": numbers[its_id],
                "at": f"{clock.local(at):%Y-%m-%d %H:%M}",
                "what": str(telling.EVENTS.get(event, event)),
                "words": words,
            }


def _locked(keeper: Keeper, ids: Iterable[int], *conditions: sa.ColumnElement[bool]) -> list[Any]:
    wanted = sa.select(keeper.model).where(keeper.model.id.in_(list(ids)), *conditions)
    return list(db.session.scalars(wanted.order_by(keeper.model.id).with_for_update(of=keeper.model)))


def remove(person: Person, *, by: Viewer, now: datetime) -> tuple[int, int]:
    """RC-20: forget one person on request: how many things went, how many stay because they are not over.

    Refused where it could be two people.
    """
    with db.write():
        found = _found(person)
        gone = 0
        for keeper in KEEPERS:
            leaving = [trace.id for trace in found.leaving if trace.keeper is keeper]
            for thing in _locked(keeper, leaving, keeper.over) if leaving else []:
                keeper.forget(thing, found.person, now)
                history.record(thing, f"{keeper.lines}remove", by=by.id, now=now, clause="RC-20")
                gone += 1
        privacy.wipe()
    return gone, len(found.traces) - gone


def _found(person: Person) -> Found:
    found = queries.find(person)
    if found.against:
        raise Refused(found.against)
    return found


def reveal(visit: Visit, *, by: Viewer, now: datetime) -> None:
    """RC-20: a look at the whole number, written down. Inside a write."""
    history.record(visit, "visit:reveal", by=by.id, now=now, clause="RC-20")
