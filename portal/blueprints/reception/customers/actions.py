"""What is done with a customer card; each inside a write, on a card that was locked by it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.reception import privacy
from portal.blueprints.reception.customers import care, queries, rules
from portal.blueprints.reception.customers.codes import BY_HAND, CareKind, Consent
from portal.blueprints.reception.customers.models import CareNote
from portal.blueprints.reception.models import Visit
from portal.kernel import clock, customers, history, pinyin
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.todos import Todo
from portal.kernel.workflow import Reason, Refused

# What a form says of a person, in the order in which pages show it.
FIELDS = (
    "name", "company", "phone", "gender", "birthday", "relation", "owner_id", "preferences", "interests", "opinions",
)  # fmt: skip
DATES = {Consent.KEEP: "consent_at", Consent.CARE: "care_consent_at"}
CLAUSES = {Consent.KEEP: "RC-20", Consent.CARE: "CU-02"}


def create(
    *, by: Viewer, now: datetime, consents: Iterable[Consent] = (), **fields: Any
) -> tuple[Customer, bool]:
    """CU-01: a new card, and True; the one that is there for a person of that name, phone and company, and False."""
    history.wait_for_turn()  # of two that are sent at once, the second sees the first's
    same = sa.select(Customer).where(
        customers.THERE, *(getattr(Customer, name) == fields[name] for name in ("name", "phone", "company"))
    )
    before = db.session.scalars(same.order_by(Customer.id).limit(1)).one_or_none()
    if before is not None:
        return before, False
    card = Customer(created_at=now, created_by_id=by.id)
    _write(card, fields)
    db.session.add(card)
    customers.indexed(card, None)
    history.record(card, "customer:new", by=by.id, now=now, clause="CU-01", words={"name": card.name})
    for consent in consents:
        agree(card, consent, by=by, now=now)
    return card, True


def _write(card: Customer, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(card, name, value)
    card.pinyin, card.phone_tail = pinyin.readings(card.name), customers.tail(card.phone)


def edit(card: Customer, *, by: Viewer, now: datetime, **fields: Any) -> bool:
    """CU-01: complete and current; the earlier words stay in the history, a phone number only masked."""
    moved = {name: getattr(card, name) for name, value in fields.items() if getattr(card, name) != value}
    if not moved:
        return False
    old = customers.searchable(card)
    _write(card, fields)
    customers.indexed(card, old)
    history.record(
        card,
        "customer:edit",
        by=by.id,
        now=now,
        clause="CU-01",
        words={f"was {name}": told for name, value in moved.items() if (told := _told(name, value))},
        fields=sorted(moved),
        owner=card.owner_id if "owner_id" in moved else None,
    )
    for note in queries.open_notes(card):  # another owner, another name
        care.put_up(note, card, now)
    return True


def _told(name: str, value: Any) -> str:
    if name == "owner_id" or not value:
        return ""
    return customers.masked(value) if name == "phone" else str(value)


def look(card: Customer, event: str, *, by: Viewer, now: datetime) -> None:
    """RC-20: every look at what is masked leaves a line."""
    history.record(card, event, by=by.id, now=now, clause="RC-20")


# -- consent ----------------------------------------------------------------------------------------------------------


def agree(card: Customer, consent: Consent, *, by: Viewer, now: datetime) -> None:
    """RC-20, CU-02: the person agreed; who wrote it down and when stays."""
    if getattr(card, DATES[consent]) is not None:
        return
    setattr(card, DATES[consent], now)
    history.record(card, "customer:agree", by=by.id, now=now, clause=CLAUSES[consent], consent=consent)


def withdraw(card: Customer, consent: Consent, *, by: Viewer, now: datetime) -> None:
    """The person takes it back: with the consent to care, everything that is still to be done goes (CU-02)."""
    if getattr(card, DATES[consent]) is None:
        return
    setattr(card, DATES[consent], None)
    if consent is Consent.CARE:
        _drop(queries.open_notes(card))
    history.record(card, "customer:withdraw", by=by.id, now=now, clause=CLAUSES[consent], consent=consent)


def _drop(notes: Sequence[CareNote]) -> None:
    ids = [note.id for note in notes]
    ours = sa.and_(Todo.subject_kind == CareNote.history_kind, Todo.subject_id.in_(ids))
    db.session.execute(sa.delete(Todo).where(ours))
    for note in notes:
        db.session.delete(note)
    db.session.flush()


# -- care -------------------------------------------------------------------------------------------------------------


def note_care(
    card: Customer,
    *,
    by: Viewer,
    now: datetime,
    kind: CareKind,
    note: str,
    due_on: date | None = None,
    key: str | None = None,
) -> CareNote:
    """CU-02: what a customer wants, or when sympathy or contact is due; a form sent twice is the note it made."""
    if reason := rules.care_agreed(card):
        raise Refused([reason])
    if kind not in BY_HAND:
        raise ValueError(f"the calendar brings {kind}, nobody notes it")
    if key:
        sent = (CareNote.customer_id == card.id, CareNote.kind == kind, CareNote.occasion == key)
        before = db.session.scalars(sa.select(CareNote).where(*sent)).one_or_none()
        if before is not None:
            return before
    made = CareNote(
        customer_id=card.id,
        kind=kind,
        occasion=key or secrets.token_urlsafe(16),
        due_on=None if kind is CareKind.WANTED else due_on or clock.local(now).date(),
        note=note,
        created_at=now,
        created_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    care.put_up(made, card, now)
    told = {"note": note}
    history.record(
        card, "customer:care", by=by.id, now=now, clause="CU-02", words=told, care=kind, on=made.due_on
    )
    return made


def _note(card: Customer, note_id: int) -> CareNote:
    ours = sa.select(CareNote).where(CareNote.id == note_id, CareNote.customer_id == card.id)
    note = db.session.scalars(ours.with_for_update()).one_or_none() if 0 < note_id < 2**31 else None
    if note is None:
        raise NotFound
    return note


def arrived(card: Customer, note_id: int, *, by: Viewer, now: datetime) -> CareNote:
    """CU-02: the wanted item is there; the owner tells the customer today."""
    note = _note(card, note_id)
    if note.kind is not CareKind.WANTED or note.arrived_at is not None:
        raise Refused([Reason("CU-02", "not_awaited")])
    note.arrived_at, note.due_on = now, clock.local(now).date()
    care.put_up(note, card, now)
    history.record(card, "customer:arrived", by=by.id, now=now, clause="CU-02", care=note.kind)
    return note


def done(card: Customer, note_id: int, *, by: Viewer, now: datetime, result: str = "") -> CareNote:
    """CU-02: the customer was greeted, contacted, told."""
    note = _note(card, note_id)
    if note.done_at is not None:
        raise Refused([Reason("CU-02", "care_done")])
    note.done_at, note.done_by_id, note.result = now, by.id, result
    care.put_up(note, card, now)
    told = {"note": result}
    history.record(card, "customer:done", by=by.id, now=now, clause="CU-02", words=told, care=note.kind)
    return note


# -- two cards of one person ------------------------------------------------------------------------------------------


def both(by: Viewer, stays_id: int, goes_id: int) -> tuple[Customer, Customer]:
    """Two cards, locked in one order by everybody, so that nobody waits for a card whose holder waits for the other."""
    cards = {each: queries.find(by, each, lock=True) for each in sorted({stays_id, goes_id})}
    return cards[stays_id], cards[goes_id]


def merge(stays: Customer, goes: Customer, *, by: Viewer, now: datetime) -> None:
    """CU-01: one card for a person. What the one that stays lacks it takes over; consents are its own."""
    if reasons := rules.merges(stays, goes):
        raise Refused(reasons)
    old, gone = customers.searchable(stays), customers.searchable(goes)
    fill = {name: getattr(goes, name) for name in FIELDS if not getattr(stays, name) and getattr(goes, name)}
    _write(stays, fill)
    stays.last_seen_at = max(filter(None, (stays.last_seen_at, goes.last_seen_at)), default=None)
    goes.merged_into_id = stays.id
    _move(stays, goes, now)
    customers.indexed(stays, old)
    customers.indexed(goes, gone)
    history.record(stays, "customer:merge", by=by.id, now=now, clause="CU-01", other=goes.number)
    history.record(goes, "customer:merged", by=by.id, now=now, clause="CU-01", other=stays.number)


def _move(stays: Customer, goes: Customer, now: datetime) -> None:
    db.session.execute(sa.update(Visit).where(Visit.customer_id == goes.id).values(customer_id=stays.id))
    earlier = sa.update(Customer).where(Customer.merged_into_id == goes.id)
    db.session.execute(earlier.values(merged_into_id=stays.id))
    there = {(note.kind, note.occasion) for note in queries.notes(stays, 1000)}
    notes = queries.notes(goes, 1000)
    needless = [n for n in notes if n.done_at is None and stays.care_consent_at is None]
    needless += [n for n in notes if (n.kind, n.occasion) in there and n not in needless]
    _drop(needless)
    for note in notes:
        if note not in needless:
            note.customer_id = stays.id
    db.session.flush()
    for note in queries.open_notes(stays):
        care.put_up(note, stays, now)


# -- forgotten --------------------------------------------------------------------------------------------------------


def anonymise(card: Customer, *, by: Viewer, now: datetime) -> None:
    """RC-20: the person is forgotten, with every card that was merged into this one and every visit; figures stay."""
    merged = db.session.scalars(
        sa.select(Customer).where(Customer.merged_into_id == card.id).with_for_update()
    )
    every = [card, *merged]
    ids = [each.id for each in every]
    if reason := rules.forgettable(queries.unfinished_visits(ids)):
        raise Refused([reason])
    visits = db.session.scalars(sa.select(Visit).where(Visit.customer_id.in_(ids)).with_for_update()).all()
    for each in every:
        privacy.forget_card(each, now)
    for visit in visits:
        privacy.forget(visit, now)
    privacy.wipe()
    history.record(card, "customer:anonymise", by=by.id, now=now, clause="RC-20")


def forget_care(card_id: int) -> None:
    """RC-20: the notes of a card lose their words, the open ones go."""
    card = db.session.get_one(Customer, card_id)
    _drop(queries.open_notes(card))
    ours = sa.update(CareNote).where(CareNote.customer_id == card_id)
    db.session.execute(ours.values(note="", result=""))


def everything_of(viewer: Viewer, card: Customer) -> dict[str, Any]:
    """RC-20: all that is kept of a person, for the person: the card, what happened with them, the care."""
    told = {name: getattr(card, name) for name in FIELDS if name != "owner_id"}
    dates = ("consent_at", "care_consent_at", "last_seen_at", "created_at")
    return {
        "number": card.number,
        **told,
        **{name: getattr(card, name) for name in dates},
        "met": [
            {"kind": m.kind, "number": m.number, "at": m.at, "about": m.about, "state": m.state}
            for m in customers.met(viewer, card)
        ],
        "care": [
            {
                name: getattr(note, name)
                for name in ("kind", "due_on", "note", "arrived_at", "done_at", "result")
            }
            for note in queries.notes(card, 1000)
        ],
    }
