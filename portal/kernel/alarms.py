"""What is in force in the house and every page must show: an area says what, and it is kept until the next change.

Whoever declares or ends something says `reference.changed()`, so that every process shows it with its next request and
no page asks the database for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kernel import reference


@dataclass(frozen=True)
class Alarm:
    """Something in force: what it is (words for later), where, since when, its number and address."""

    number: str
    address: str
    what: Any
    place: str
    level: Any
    since: datetime
    drill: bool


PROVIDERS: list[Callable[[], list[Alarm]]] = []


def in_force() -> list[Alarm]:
    """What is in force now: real ones before drills, the newest first."""
    return reference.kept("alarms", _read)


def _read() -> list[Alarm]:
    found = [alarm for provider in PROVIDERS for alarm in provider()]
    return sorted(found, key=lambda alarm: (alarm.drill, -alarm.since.timestamp()))
