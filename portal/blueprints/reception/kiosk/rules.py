"""The rules of the kiosk as pure functions: who of the expected this may be, and how little is shown of it (RC-18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

TURN_LASTS = timedelta(minutes=5)  # one visitor's time at the kiosk, at most


def turn_is_over(begun: datetime, now: datetime) -> bool:
    """RC-20: true when what somebody typed is no longer taken, for another may stand there."""
    return not begun <= now <= begun + TURN_LASTS


def fitting(expected: Iterable[Any], *, code: str = "", tail: str = "", name: str = "") -> Any | None:
    """RC-18: the one appointment that fits: by pass code, or by the end of the phone number with surname or name.

    None when nobody fits, and when several people do: then the desk asks.
    """
    plain = code.upper().replace(" ", "").replace("-", "")
    if plain:
        found = [one for one in expected if one.pass_code == plain]
    elif tail and name:
        found = [one for one in expected if one.phone_tail == tail and _called(one.visitor_name, name)]
    else:
        found = []
    if len({(one.visitor_name, one.phone_tail) for one in found}) != 1:
        return None
    return found[0]


def _called(full: str, typed: str) -> bool:
    whole, part = full.casefold().strip(), typed.casefold().strip()
    return bool(part) and (
        whole == part or part in whole.split() or (not whole.isascii() and whole.startswith(part))
    )


def masked_name(name: str) -> str:
    """How a visitor's own name is shown: the surname of a Chinese name, of others the first letters and the last word."""
    words = name.split()
    if not words:
        return ""
    if not name.isascii() and len(words) == 1:
        return name[0] + "*" * min(len(name) - 1, 3)
    return " ".join(
        [f"{word[0]}***" for word in words[:-1]] + [words[-1] if len(words) > 1 else f"{name[0]}***"]
    )
