"""Accounts as the login sees them."""

from __future__ import annotations

from dataclasses import dataclass

from portal.demo import ACCOUNTS
from portal.drawing import name_of
from portal.i18n import label
from portal.kernel import reference
from portal.kernel.people import Card


@dataclass(frozen=True)
class DemoAccount:
    """A row of the table on the demo's login page."""

    username: str
    name: str
    role: str


def demo_accounts() -> list[DemoAccount]:
    """The accounts that a demo shows to everybody, in the order in which they are told."""
    by_username = reference.staff().by_username
    cards = (by_username(name) for names, _ in ACCOUNTS for name in names.split(", "))
    return [_drawn(card) for card in cards if card and card.active]


def _drawn(card: Card) -> DemoAccount:
    return DemoAccount(card.username, name_of(card.id), label(card.role))
