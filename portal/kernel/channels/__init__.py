"""The ways out of the house: mail and the robots of three chat services, each behind the same small interface.

A channel knows how its server wants to be spoken to and what its answers mean. What is said, to whom and when is
decided before: in `outbox`, and in words by `portal.notices`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Fault(enum.StrEnum):
    """Why a message did not go, or may not have gone; `portal.labels` has the words."""

    UNREACHABLE = "unreachable"
    SILENT = "silent"  # no answer in time: it may have arrived
    CERTIFICATE = "certificate"
    LOGIN = "login"
    RECIPIENT = "recipient"  # this address is refused for good
    REFUSED = "refused"  # refused for good for another reason
    LATER = "later"  # refused for now
    STATUS = "status"  # an HTTP status that is no success
    REDIRECT = "redirect"
    RATE = "rate"
    UNREADABLE = "unreadable"  # the answer means nothing
    ADDRESS = "address"  # an address that may not be asked
    SEALED = "sealed"  # the secret key changed: the robot's address cannot be read
    GONE = "gone"  # the robot was switched off or removed
    BROKEN = "broken"  # the portal's own fault
    DEPARTED = "departed"  # the person no longer works here


@dataclass(frozen=True)
class Item:
    """One thing to tell: a sentence, where it is read, and by which names the chat service knows who is meant."""

    text: str
    link: str = ""
    handles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """What is sent at once: one thing to tell, or several.

    `id` stays the same however often the message is tried. `more` says how many things had no room.
    """

    id: str
    subject: str
    items: tuple[Item, ...]
    again: str = ""  # said first when it may have been sent before
    more: Callable[[int], str] = str

    def text(self, most: int) -> tuple[str, list[str]]:
        """The message as plain text of at most `most` bytes, and who is meant by what had room in it."""
        head = [self.subject, *filter(None, [self.again])]
        parts = ["\n".join(filter(None, [item.text, item.link])) for item in self.items]
        shown = len(parts)
        while shown > 1 and _bytes(self._put(head, parts, shown)) > most:
            shown -= 1
        whole = self._put(head, parts, shown).encode()[:most].decode(errors="ignore")
        return whole, list(dict.fromkeys(who for item in self.items[:shown] for who in item.handles))

    def _put(self, head: list[str], parts: list[str], shown: int) -> str:
        left = len(parts) - shown
        return "\n".join([*head, *parts[:shown], *([self.more(left)] if left else [])])


def _bytes(text: str) -> int:
    return len(text.encode())


@dataclass(frozen=True)
class Sent:
    """The server took the message."""


@dataclass(frozen=True)
class Problem:
    """It did not take it, or nobody knows. `retry`: trying again can help; `after`: not before so long."""

    fault: Fault
    detail: str = ""
    retry: bool = True
    after: timedelta | None = None

    def __str__(self) -> str:
        """As it is kept with a delivery: code and detail, one line."""
        return f"{self.fault.value}: {' '.join(self.detail.split())}"[:400]


class Channel(Protocol):
    """One way out; `to` is an address that the channel understands."""

    def send(self, to: str, message: Message, now: datetime) -> Sent | Problem:
        """Hand the message over. Never raises for anything that the other side does."""
