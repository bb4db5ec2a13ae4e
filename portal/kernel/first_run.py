"""The first person: while nobody of the general office can log in, whoever reads the server's log can make one.

The code is the secret key's, so every process knows it, nothing is kept of it, and a stranger who finds the page first
can do nothing there. With the first person it is good for nothing more.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from portal.config import keyed
from portal.kernel import accounts, history, reference
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.reference import Reference
from portal.kernel.rights import Role

DEPARTMENT = "office"
GROUPS, SIGNS = 3, 4  # of the code: 59 bits


class TooLate(Exception):
    """Somebody of the general office is there already."""


def is_awaited() -> bool:
    """True while nobody of the general office can log in."""
    cards = reference.staff().cards.values()
    return not any(card.active and card.role is Role.OFFICE for card in cards)


def code(app: Flask) -> str:
    """What whoever sets the portal up proves by that the server is theirs."""
    digest = hmac.digest(keyed(app).encode(), b"portal first run", hashlib.sha256)
    signs = [accounts.SIGNS[byte % len(accounts.SIGNS)] for byte in digest[: GROUPS * SIGNS]]
    return "-".join("".join(signs[at : at + SIGNS]) for at in range(0, len(signs), SIGNS))


def fits(app: Flask, typed: str) -> bool:
    """True when it is the code, however it was typed."""
    plain = "".join(sign for sign in typed.lower() if sign.isalnum())
    return hmac.compare_digest(plain.encode(), code(app).replace("-", "").encode())


def told(base_url: str, code: str) -> str:
    """What the server says while the first person is awaited."""
    address = f"{base_url.rstrip('/')}/first-run"
    return f"Nobody of the general office can log in yet. Open {address} and type the code {code}"


def begin(username: str, *, name: str, hashed: str, now: datetime) -> Person:
    """The first person of the general office. Inside a write. TooLate; ValueError when the user name is taken."""
    # Locked, so that of two who are here at the same moment the second sees the first one's person.
    db.session.execute(sa.select(Reference.id).with_for_update())
    there = sa.select(Person.id).where(Person.role == Role.OFFICE, Person.status == Status.ACTIVE)
    if db.session.scalars(there.limit(1)).first() is not None:
        raise TooLate
    person = accounts.create(
        username,
        name=name,
        role=Role.OFFICE,
        department=DEPARTMENT,
        hashed=hashed,
        by=None,
        now=now,
        must_change=False,
    )
    history.record(person, "person:first_run", by=person.id, now=now)
    return person
