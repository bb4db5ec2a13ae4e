"""Customer cards: one for a person, whether visitor, caller or complainant (CU-01, RC-20)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import pinyin, search
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Viewer

TAIL = 4  # digits at the end of a phone number by which people are found
PHONE = re.compile(r"[0-9+() .;,/#转ext-]*", re.IGNORECASE)
OFFERED = 8  # people that a search field offers
LOOKED_AT = 2000  # cards that answer it and are put in order


class Customer(Model):
    """One card for a person. `merged_into_id` names the card that took its place."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.Index("ix_customers_tail", "phone_tail"),
        sa.Index("ix_customers_owner", "owner_id", "id"),
        sa.Index("ix_customers_name", "name", "id"),
        # Whom the sweep looks at: few agree to be looked after (CU-02).
        sa.Index(
            "ix_customers_care",
            "id",
            sqlite_where=sa.text("care_consent_at IS NOT NULL"),
            postgresql_where=sa.text("care_consent_at IS NOT NULL"),
        ),
    )
    history_kind = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    pinyin: Mapped[str] = mapped_column(sa.String(160), default="")
    company: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    phone_tail: Mapped[str] = mapped_column(sa.String(4), default="")
    gender: Mapped[str] = mapped_column(sa.String(8), default="")
    birthday: Mapped[date | None] = mapped_column(sa.Date)
    interests: Mapped[str] = mapped_column(sa.String(400), default="")
    preferences: Mapped[str] = mapped_column(sa.String(400), default="")  # drink, seat, way of address
    opinions: Mapped[str] = mapped_column(sa.Text, default="")
    relation: Mapped[str] = mapped_column(sa.String(24), default="")  # level of the relation, a code
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to being kept beyond the visit
    care_consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to greetings and contact (CU-02)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customers.id"))
    anonymised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """What history and notices call it: a card has no number of its own."""
        return f"KH-{self.id}"

    @property
    def there(self) -> bool:
        """False once another card took its place, or the person was forgotten."""
        return self.merged_into_id is None and self.anonymised_at is None


# The condition of `there`, for statements.
THERE: sa.ColumnElement[bool] = sa.and_(Customer.merged_into_id.is_(None), Customer.anonymised_at.is_(None))


class Met(NamedTuple):
    """Something that happened with a customer, in any area: what it was, its number and address, when, about what."""

    kind: str
    number: str
    address: str
    at: datetime
    about: str
    state: str


# Each area adds what it knows of a customer, limited to what the viewer may see; at most MOST_MET, newest first.
HISTORIES: list[Callable[[Viewer, Customer], Iterable[Met]]] = []
MOST_MET = 50


def met(viewer: Viewer, card: Customer) -> list[Met]:
    """CU-01: everything that the areas know of a customer and the viewer may see, newest first."""
    every = [entry for history in HISTORIES for entry in history(viewer, card)]
    return sorted(every, key=lambda entry: entry.at, reverse=True)[:MOST_MET]


# -- found again ------------------------------------------------------------------------------------------------------

SEARCHED = (Customer.name, Customer.pinyin, Customer.company, Customer.phone)


def searchable(card: Customer) -> str | None:
    """The text under which a card is found; None when it is not there to be found."""
    return "\n".join(str(getattr(card, column.key)) for column in SEARCHED) if card.there else None


def indexed(card: Customer, old: str | None) -> None:
    """Have the index follow a change of a card, whose text was `old`. Inside the write of that change."""
    db.session.flush()
    search.put("customer", card.id, old=old, new=searchable(card))


def matching(wanted: sa.Select[Any], words: str) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
    """The statement narrowed to the cards that answer `words`, and the column to page by.

    A name, its pinyin or initials, a company, a phone number or a piece of it such as its last four digits.
    """
    wanted, place = search.join(wanted, "customer", words, Customer.id)
    return wanted.where(search.recheck(words, *SEARCHED)), place


def found(words: str, limit: int = OFFERED) -> list[Customer]:
    """The people whom somebody at the desk may mean who has typed a few signs; who was here last comes first.

    Of very many only the newest cards are looked at: whoever types a word that thousands have will type more.
    """
    wanted, place = matching(sa.select(Customer.id).where(THERE), words)
    newest = wanted.order_by(place.desc()).limit(LOOKED_AT).subquery()
    seen = sa.func.coalesce(Customer.last_seen_at, Customer.created_at)
    cards = sa.select(Customer).join(newest, newest.c.id == Customer.id)
    return list(db.session.scalars(cards.order_by(seen.desc(), Customer.id.desc()).limit(limit)))


def seen(card_id: int, now: datetime) -> None:
    """The person stood at the desk; what orders the cards that are offered. Inside a write."""
    db.session.execute(sa.update(Customer).where(Customer.id == card_id).values(last_seen_at=now))


def known(text: str | None) -> Customer | None:
    """The card of that id, as a form names it, if it is there to be found."""
    if not text or not re.fullmatch(r"[0-9]{1,9}", text):
        return None
    return db.session.scalars(sa.select(Customer).where(THERE, Customer.id == int(text))).one_or_none()


def doubles(card: Customer, most: int = 3) -> list[Customer]:
    """Other cards that look like the same person: the same phone, or the same name and company."""
    same = []
    if card.phone:
        same.append(sa.and_(Customer.phone_tail == card.phone_tail, Customer.phone == card.phone))
    if card.company:
        same.append(sa.and_(Customer.name == card.name, Customer.company == card.company))
    if not same:
        return []
    others = sa.select(Customer).where(THERE, Customer.id != card.id, sa.or_(*same))
    return list(db.session.scalars(others.order_by(Customer.id).limit(most)))


# -- as text ----------------------------------------------------------------------------------------------------------


def tail(phone: str) -> str:
    """The last four digits of a phone number; empty when it has fewer."""
    digits = re.sub(r"\D", "", phone)
    return digits[-TAIL:] if len(digits) >= TAIL else ""


def masked(phone: str) -> str:
    """How a phone number stands in a list: `138****1234`, shorter ones with their last two digits."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) >= 7:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if digits else ""


def card_for(name: str, phone: str, company: str, *, by: int, now: datetime) -> Customer:
    """The card of that person: same name and phone, or same name and company when no phone is known; else a new one.

    Inside a write.
    """
    known = sa.select(Customer).where(Customer.name == name, THERE)
    same = Customer.phone == phone if phone else sa.and_(Customer.company == company, Customer.phone == "")
    card = db.session.scalars(known.where(same).order_by(Customer.id).limit(1)).one_or_none()
    old = searchable(card) if card else None
    if card is None:
        card = Customer(
            name=name,
            pinyin=pinyin.readings(name),
            company=company,
            phone=phone,
            phone_tail=tail(phone),
            created_at=now,
            created_by_id=by,
        )
        db.session.add(card)
    elif company and not card.company:
        card.company = company
    indexed(card, old)
    return card
