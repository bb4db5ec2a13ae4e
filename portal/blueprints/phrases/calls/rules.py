"""What holds of a call; pure (PG-01, PG-02)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

# What is noted, in the order of a call.
FIELDS = ("caller", "company", "phone", "matter", "place", "reason", "demand", "transfer", "read_back")


def is_empty(noted: Any) -> bool:
    """True when there is nothing worth keeping."""
    return not any(getattr(noted, name) for name in FIELDS)


def last_kept(now: datetime, hours: int) -> datetime:
    """RC-20: what was noted before this moment and became nothing is thrown away."""
    return now - timedelta(hours=hours)


def points(call: Any) -> list[tuple[str, dict[str, str]]]:
    """PG-02: what is read back, point by point: the code of a sentence and what it names. Nothing is said of a blank."""
    found: list[tuple[str, dict[str, str]]] = []
    if call.caller and call.company:
        found.append(("who_of", {"caller": call.caller, "company": call.company}))
    elif call.caller or call.company:
        found.append(("who", {"caller": call.caller or call.company}))
    rest = ("phone", "matter", "place", "reason", "demand")
    return found + [(name, {name: without_stop(getattr(call, name))}) for name in rest if getattr(call, name)]


def without_stop(text: str) -> str:
    """A note as it stands within a sentence: in one line, without the stop at its end."""
    return " ".join(text.split()).rstrip("。.；;")
