"""The care that the calendar brings: greetings and contacts put up by the sweep, and whom they wait for (CU-02)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from portal.blueprints.reception.customers import rules
from portal.blueprints.reception.customers.codes import CLOSE, CareKind
from portal.blueprints.reception.customers.models import CareNote
from portal.kernel import clock, history, holidays, policies, reference, timers, todos
from portal.kernel.customers import THERE, Customer
from portal.kernel.db import db, insert

AGREED: sa.ColumnElement[bool] = sa.and_(Customer.care_consent_at.is_not(None), THERE)


class Due(NamedTuple):
    """A note that should be there."""

    customer_id: int
    kind: CareKind
    occasion: str
    due_on: date


def address(card: Customer) -> str:
    """Where a card is; links in open matters need no request."""
    return f"/reception/customers/{card.id}"


def put_up(note: CareNote, card: Customer, now: datetime) -> None:
    """Have an open note wait for the card's owner, and nobody once it is done; the desk stands in for no owner."""
    open_ = note.done_at is None and note.due_on is not None
    if card.owner_id is None:
        audience = "desk"
    else:
        audience = f"person:{card.owner_id}" if reference.staff().active(card.owner_id) else "office"
    wanted = []
    if open_ and note.due_on is not None:
        ends = datetime.combine(note.due_on + timedelta(days=1), time(), clock.zone())
        wanted = [todos.Wanted(f"care-{note.kind}", audience, ends)]
    todos.replace(note, wanted, now=now, title=card.name, address=address(card))


def due(now: datetime) -> list[Due]:
    """Every note that the calendar asks for today and that is not there, of the customers who agreed to care."""
    today = clock.local(now).date()
    ahead = policies.number("care.days_ahead", now)
    return [*_birthdays(today, ahead), *_festivals(today, ahead), *_contacts(today, now)]


def _none_yet(kind: CareKind, *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(CareNote.customer_id == Customer.id, CareNote.kind == kind, *more)


def _birthdays(today: date, ahead: int) -> Iterator[Due]:
    days = rules.birthdays(today, ahead)
    place = sa.extract("month", Customer.birthday) * 100 + sa.extract("day", Customer.birthday)
    born = sa.select(Customer.id, Customer.birthday).where(
        AGREED, Customer.birthday.is_not(None), place.in_([month * 100 + day for month, day in days])
    )
    for year in sorted({day.year for day in days.values()}):
        these = {each for each, day in days.items() if day.year == year}
        for customer_id, birthday in db.session.execute(
            born.where(_none_yet(CareKind.BIRTHDAY, CareNote.occasion == str(year)))
        ):
            place_of = (birthday.month, birthday.day) if birthday else (0, 0)
            if place_of in these:
                yield Due(customer_id, CareKind.BIRTHDAY, str(year), days[place_of])


def _festivals(today: date, ahead: int) -> Iterator[Due]:
    years = {today.year, (today + timedelta(days=ahead)).year} & holidays.known_years()
    for festival, day in rules.festivals(today, ahead, holidays.statutory(years).holidays):
        occasion = f"{day.year}:{festival}"
        wanted = sa.select(Customer.id).where(
            AGREED, _none_yet(CareKind.FESTIVAL, CareNote.occasion == occasion)
        )
        for customer_id in db.session.scalars(wanted):
            yield Due(customer_id, CareKind.FESTIVAL, occasion, day)


def _contacts(today: date, now: datetime) -> Iterator[Due]:
    since = now - timedelta(days=policies.number("care.contact_days", now))
    lately = sa.or_(CareNote.done_at.is_(None), CareNote.done_at > since)
    wanted = sa.select(Customer.id).where(
        AGREED,
        Customer.relation.in_([str(level) for level in CLOSE]),
        Customer.care_consent_at <= since,
        _none_yet(CareKind.CONTACT, lately),
    )
    for customer_id in db.session.scalars(wanted):
        yield Due(customer_id, CareKind.CONTACT, today.isoformat(), today)


def remind(now: datetime) -> Iterator[str]:
    """CU-02: put up what is due; of two workers that pass at once, one makes each note."""
    for wanted in due(now):
        with db.write():
            made = _make(wanted, now)
        if made:
            yield f"KH-{wanted.customer_id}\tcare\t{wanted.kind} due on {wanted.due_on.isoformat()} (CU-02)"


def _make(wanted: Due, now: datetime) -> bool:
    locked = sa.select(Customer).where(Customer.id == wanted.customer_id, AGREED).with_for_update()
    card = db.session.scalars(locked).one_or_none()
    if card is None:  # withdrawn, merged or forgotten meanwhile
        return False
    row = {**wanted._asdict(), "note": "", "result": "", "created_at": now}
    keys = ["customer_id", "kind", "occasion"]
    new = insert(CareNote).values(**row).on_conflict_do_nothing(index_elements=keys).returning(CareNote.id)
    note_id = db.session.scalar(new)
    if note_id is None:
        return False
    put_up(db.session.get_one(CareNote, note_id), card, now)
    history.record(
        card, "customer:remind", by=None, now=now, clause="CU-02", care=wanted.kind, on=wanted.due_on
    )
    return True


timers.BY_CALENDAR.append(remind)
