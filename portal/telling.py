"""History put into words: what each area says of its events and details, for a thing's own page and for the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from portal.drawing import department_name, name_of
from portal.i18n import _, _l, is_chinese, listed
from portal.kernel.customers import masked

Readers = Mapping[str, tuple[Any, Callable[[Any], Any]]]

# Filled as areas are registered. Event -> words; kind of subject -> detail -> caption and how its code is read.
EVENTS: dict[str, Any] = {}
READERS: dict[str, Readers] = {}

# Captions of free texts; a plain note needs none.
WORDS: dict[str, Any] = {
    "reason": _l("Reason"),
    "name": _l("Name"),
    "findings": _l("What happened"),
    "content": _l("Content"),
    "demand": _l("Wanted"),
    "customer_name": _l("Customer"),
    "customer_phone": _l("Phone"),
    "customer_address": _l("Address"),
    "solution 1": _l("Solution"),
    "solution 2": _l("Alternative"),
    "solution 3": _l("Alternative"),
    "solution 4": _l("Alternative"),
    "names": _l("Files"),
    "party": _l("Outside the company"),
    "contact": _l("Contact there"),
    "what": _l("Suggestion"),
    "measure": _l("Measure"),
    "visitor_name": _l("Visitor"),
    "company": _l("Company"),
    "phone": _l("Phone"),
    "purpose": _l("Matter"),
    "late_reason": _l("Why it is late"),
    "material": _l("Material left behind"),
    "remark": _l("Remark"),
    "topic": _l("Topic"),
    "stood": _l("Stands in the register"),
    "should_be": _l("Should be"),
    "asked_for": _l("Asks for"),
    "parts": _l("Parts that were changed"),
    "materials": _l("Material that was used"),
    "firm": _l("Outside firm"),
}
CORRECTS = frozenset({"stood", "should_be"})  # what a line says of the `field` that it names
AUDIENCES: dict[str, Any] = {
    "handler": _l("handler"),
    "first_responder": _l("first responder"),
    "reporter": _l("who answers the customer"),
    "assistants": _l("helping department"),
    "supervisor": _l("supervisor"),
    "lead": _l("head of department"),
    "deputy": _l("deputy head of department"),
    "desk": _l("front desk"),
    "office": _l("general office"),
    "director": _l("general-office director"),
    "manager": _l("general manager"),
}


def step(written: str) -> str:
    """A step of a ladder, `75 % handler`, with its audience in words."""
    when, _blank, audience = written.rpartition(" ")
    return f"{when} {AUDIENCES.get(audience, audience)}"


def people(ids: list[int] | int) -> str:
    """Names of one or several persons."""
    return listed(name_of(i) for i in (ids if isinstance(ids, list) else [ids]))


EVERYWHERE: Readers = {
    "department": (_l("Department"), department_name),
    "step": (_l("Step"), step),
    "vacant": (_l("Empty seat"), lambda audience: str(AUDIENCES.get(audience, audience))),
}


@cache
def _readers(kind: str, chinese: bool) -> Readers:
    """Every reader for a kind of thing with its caption in one language, put together once.

    The areas add theirs as they are loaded; `chinese` is the language of the page that asks.
    """
    every = {**EVERYWHERE, **READERS.get(kind, {})}
    return {name: (_caption(str(words), chinese), read) for name, (words, read) in every.items()}


@cache
def _captions(chinese: bool) -> Mapping[str, str]:
    """The captions of free texts in one language, that of the page that asks."""
    return {name: _caption(str(words), chinese) for name, words in WORDS.items()}


@cache
def _earlier(kind: str, chinese: bool) -> Readers:
    """What stood in a field before a change, by the field: its caption, and how its code is read."""
    fields: Readers = {name: (words, str) for name, words in WORDS.items()}
    fields = {**fields, **EVERYWHERE, **READERS.get(kind, {})}
    return {
        name: (_caption(_("%(field)s before", field=words), chinese), read)
        for name, (words, read) in fields.items()
    }


def _caption(words: str, chinese: bool) -> str:
    return f"{words}{'：' if chinese else ':'}" if words else ""


def _is_phone(name: str, details: Mapping[str, Any]) -> bool:
    """True for a text that is a phone number: by its name, or of a correction by what it corrects."""
    return name.endswith("phone") or (name in CORRECTS and str(details.get("field", "")).endswith("phone"))


def pairs(
    kind: str, details: Mapping[str, Any], words: Mapping[str, str], *, whole: bool = False
) -> list[tuple[str, Any]]:
    """Caption and value of everything a line tells; details that no reader knows are for machines and left out.

    RC-20: phone numbers are masked, for a look at a whole one is itself a line; `whole` is for pages that show the
    whole number anyway.
    """
    chinese = is_chinese()
    readers, captions = _readers(kind, chinese), _captions(chinese)
    told = [(readers[name][0], readers[name][1](value)) for name, value in details.items() if name in readers]
    for name, text in words.items():
        shown = masked(text) if not whole and _is_phone(name, details) else text
        if (field := name.removeprefix("was ")) == name:
            told.append((captions.get(name, ""), shown))
        elif shown:  # a field that was empty tells nothing
            caption, read = _earlier(kind, chinese).get(field, (_caption(_("Before"), chinese), str))
            told.append((caption, read(shown)))
    return told
