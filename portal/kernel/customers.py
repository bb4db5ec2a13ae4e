"""Customer cards: one for a person, whether visitor, caller or complainant (CU-01, RC-20)."""

from __future__ import annotations

import re
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import pinyin
from portal.kernel.db import Model, UTCDateTime, db

TAIL = 4  # digits at the end of a phone number by which people are found


class Customer(Model):
    """One card for a person. `merged_into_id` names the card that took its place."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.Index("ix_customers_tail", "phone_tail"),
        sa.Index("ix_customers_owner", "owner_id", "id"),
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
    known = sa.select(Customer).where(
        Customer.name == name, Customer.merged_into_id.is_(None), Customer.anonymised_at.is_(None)
    )
    same = Customer.phone == phone if phone else sa.and_(Customer.company == company, Customer.phone == "")
    card = db.session.scalars(known.where(same).order_by(Customer.id).limit(1)).one_or_none()
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
    card.last_seen_at = now
    db.session.flush()
    return card
