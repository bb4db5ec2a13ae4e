"""Whether a text names a person, and what is left of a list of names without them; pure (RC-20)."""

from __future__ import annotations

import json
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


# -- in words about anything ------------------------------------------------------------------------------------------

AROUND = 12  # characters on either side of a mention that tell what it is about


def leaves(written: str) -> list[str]:
    """The texts in a piece of JSON, without the names of its fields; what is none is one text itself."""
    try:
        found, todo = [], [json.loads(written)]
    except ValueError:
        return [written]
    while todo:
        match todo.pop(0):
            case dict() as fields:
                todo += fields.values()
            case list() as some:
                todo += some
            case value:
                found.append("" if value is None else str(value))
    return found


def spelled(name: str) -> list[str]:
    """A name as it stands in a text, and as JSON may write it."""
    return list(dict.fromkeys([name, json.dumps(name)[1:-1]])) if name else []


def _numbers(text: str, phone: str) -> list[str]:
    """The pieces of a text that are this phone number, however it was typed."""
    number = digits(phone)
    if len(number) < SHORTEST:
        return []
    return [found[0] for found in NUMBER.finditer(text) if number in digits(found[0])]


def struck(text: str, name: str, phone: str = "") -> str:
    """RC-20: words about something else without the person: a dash stands for each name and number."""
    for piece in (*_numbers(text, phone), *spelled(name)):
        text = text.replace(piece, FORGOTTEN)
    return text


def is_in(text: str, name: str, phone: str = "") -> tuple[bool, bool]:
    """Whether a text has the name, and whether it has the number, as `struck` would take them out."""
    return any(piece in text for piece in spelled(name)), bool(_numbers(text, phone))


def around(text: str, name: str, phone: str = "") -> str:
    """The first mention with a few words on either side; nothing where there is none."""
    for piece in (*_numbers(text, phone), *spelled(name)):
        if (at := text.find(piece)) >= 0:
            begin, end = max(0, at - AROUND), at + len(piece) + AROUND
            return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}".replace(
                "\n", " "
            )
    return ""
