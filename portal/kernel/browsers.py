"""Browsers: which of them a person has used before, and what one is called in two words."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import inbox
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Person

REMEMBERED = timedelta(days=400)  # as long as browsers keep a cookie
# The first that fits: most browsers name others beside themselves.
NAMES = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class KnownBrowser(Model):
    """A browser in which a person has logged in; it holds a random key in a cookie of its own."""

    __tablename__ = "known_browsers"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column("key_digest", sa.String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class OwnAccount:
    """A person's account as the subject of a message to themselves."""

    id: int
    number: str  # the user name
    history_kind: str = "person"

    @classmethod
    def of(cls, person: Person) -> OwnAccount:
        """The account of that person."""
        return cls(person.id, person.username)


def words_of(agent: str) -> str:
    """Browser and system in two words, such as `Firefox · Windows`; empty when neither is known."""
    browser = next((name for sign, name in NAMES if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " · ".join(filter(None, (browser, system)))


def new_key() -> str:
    """What a browser is told to keep, to be known again."""
    return secrets.token_urlsafe(32)


def met(person: Person, key: str, now: datetime) -> None:
    """Note in which browser the person logs in; one they never used is told to them. Inside a write.

    The very first browser of a person is no news, nor is any in a demo, whose accounts everybody shares.
    """
    ours, digest = KnownBrowser.person_id == person.id, hashlib.sha256(key.encode()).hexdigest()
    again = sa.update(KnownBrowser).where(ours, KnownBrowser.key == digest).values(seen_at=now)
    if db.session.execute(again.returning(KnownBrowser.key)).all():
        return
    others = db.session.scalar(sa.select(sa.func.count()).where(ours))
    db.session.add(KnownBrowser(person_id=person.id, key=digest, seen_at=now))
    if others and not current_app.config["SETTINGS"].is_demo:
        account = OwnAccount.of(person)
        inbox.tell([person.id], "account:new_browser", account, now=now, address="/account", urgent=True)


def forget_old(now: datetime) -> None:
    """Delete the browsers that nobody has used for long. Inside a write."""
    db.session.execute(sa.delete(KnownBrowser).where(KnownBrowser.seen_at < now - REMEMBERED))
