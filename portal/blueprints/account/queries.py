"""Accounts as the login sees them, and where a person is logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from portal.demo import ACCOUNTS
from portal.drawing import name_of
from portal.i18n import label
from portal.kernel import reference
from portal.kernel.db import db
from portal.kernel.people import Card
from portal.kernel.sessions import Session

MOST_SESSIONS = 50
# The first that fits: most browsers name others beside themselves.
BROWSERS = (
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


@dataclass(frozen=True)
class DemoAccount:
    """A row of the table on the demo's login page."""

    username: str
    name: str
    role: str


def sessions_of(person_id: int, now: datetime) -> Sequence[Session]:
    """Where a person is logged in, the last seen first; what time has ended is left out."""
    settings = current_app.config["SETTINGS"]
    statement = sa.select(Session).where(
        Session.person_id == person_id,
        Session.seen_at >= now - timedelta(minutes=settings.idle_minutes),
        Session.started_at >= now - timedelta(hours=settings.session_hours),
    )
    return db.session.scalars(statement.order_by(Session.seen_at.desc()).limit(MOST_SESSIONS)).all()


def browser_of(agent: str) -> str:
    """Browser and system in two words, such as `Firefox · Windows`; empty when neither is known."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return " · ".join(filter(None, (browser, system)))


def demo_accounts() -> list[DemoAccount]:
    """The accounts that a demo shows to everybody, in the order in which they are told."""
    by_username = reference.staff().by_username
    cards = (by_username(name) for names, _ in ACCOUNTS for name in names.split(", "))
    return [_drawn(card) for card in cards if card and card.active]


def _drawn(card: Card) -> DemoAccount:
    return DemoAccount(card.username, name_of(card.id), label(card.role))
