"""A conversation as it was noted: what is known of who calls, and what it can become. Areas plug in both (PG-02).

What a call becomes is made by the area's own action from what was noted, so that nobody types it a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kernel.people import Viewer


@dataclass(frozen=True)
class Call:
    """What was noted, in the order of a call; `text` is the matter with place and cause, as one text in words."""

    caller: str = ""
    company: str = ""
    phone: str = ""
    matter: str = ""
    place: str = ""
    reason: str = ""
    demand: str = ""
    transfer: str = ""  # to whom it is put through
    read_back: bool = False
    on_site: bool = False  # the person stood at the desk instead
    text: str = ""


@dataclass(frozen=True)
class Known:
    """Something that is known of a phone number: its words, its address, and whose it is where that is known."""

    caption: str
    address: str
    name: str = ""
    company: str = ""


@dataclass(frozen=True)
class Made:
    """What a call became: its number, where it is seen, and what is said of it."""

    number: str
    address: str
    said: str


class MadeBefore(Exception):
    """This very call became that already; nothing is made a second time. Rolls the write back."""

    def __init__(self, made: Made) -> None:
        self.made = made
        super().__init__(made.number)


# The form of an end: what it asks besides the call. Called with True it is read from the request.
Ask = Callable[[Viewer, bool], Any]


@dataclass(frozen=True)
class End:
    """What a call can become.

    `form` gives what is asked besides the call, or None where this person may not make it; `make` makes the record inside
    a write: call, form, by whom, when, under which key. It raises MadeBefore, or SaidOtherwise for a key used before.
    """

    code: str
    words: Any
    symbol: str
    order: int
    form: Ask
    make: Callable[[Call, Any, Viewer, datetime, str], Made]


ENDS: list[End] = []
# What an area knows of a phone number and the viewer may know, the likeliest first.
KNOWN: list[Callable[[Viewer, str], Iterable[Known]]] = []


def ends(viewer: Viewer) -> list[tuple[End, Any]]:
    """What this person may make of a call, each with its form before anybody typed."""
    asked = ((end, end.form(viewer, False)) for end in sorted(ENDS, key=lambda end: end.order))
    return [(end, form) for end, form in asked if form is not None]


def end_of(code: str) -> End | None:
    """The end of that code."""
    return next((end for end in ENDS if end.code == code), None)


def known(viewer: Viewer, phone: str) -> list[Known]:
    """Everything that is known of a phone number and the viewer may know."""
    return [each for look in KNOWN for each in look(viewer, phone)] if phone else []
