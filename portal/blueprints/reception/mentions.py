"""Whether a text names a person, and what is left of a list of names without them; pure (RC-20)."""

from __future__ import annotations

import re

FORGOTTEN = "—"
# What people put behind a name.
TITLES = "先生|女士|小姐|太太|老师|经理|主任|总"
SHORTEST = 7  # digits: fewer are a room or an amount
NUMBER = re.compile(rf"\d(?:[ -]?\d){{{SHORTEST - 1},}}")  # a phone number among other words
_BETWEEN = re.compile(r"([、,，;；/\r\n])")  # the names of a list


def digits(phone: str) -> str:
    """The digits of a phone number, however it was typed."""
    return "".join(sign for sign in phone if sign.isascii() and sign.isdigit())


def _numbered(text: str, phone: str) -> bool:
    number = digits(phone)
    return len(number) >= SHORTEST and number in digits(text)


def mentioned(text: str, name: str, phone: str = "") -> bool:
    """RC-20: a text of the person's own has the name or the phone number anywhere; better a word too many goes."""
    return _numbered(text, phone) or bool(name and name in text)


def named(text: str, name: str, phone: str = "") -> bool:
    """RC-20: a list of names has this one as a word of its own, or the phone number. 王建 in 王建国 is somebody else."""
    if _numbered(text, phone):
        return True
    return bool(name and re.search(rf"(?<!\w){re.escape(name)}(?:{TITLES})?(?!\w)", text))


def pieces(text: str, name: str, phone: str = "") -> list[str]:
    """What of a list of names names the person."""
    return [piece.strip() for piece in _BETWEEN.split(text) if named(piece, name, phone)]


def without(text: str, name: str, phone: str = "") -> str:
    """A list of names without the person: a dash stands for them, so that as many are counted as there were."""
    return "".join(FORGOTTEN if named(piece, name, phone) else piece for piece in _BETWEEN.split(text))
