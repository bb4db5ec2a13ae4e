"""Documents of the phrases as they are read: in the page's language, their blanks filled with what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.i18n import _l, is_chinese

BLANK = re.compile(r"\{([a-z_]+)\}", re.ASCII)
# What stands in a line while it is not known.
BLANKS: dict[str, Any] = {
    "company": _l("(company)"),
    "me": _l("(own name)"),
    "customer": _l("(customer's name)"),
    "matter": _l("(the matter)"),
    "colleague": _l("(colleague's name)"),
    "until": _l("(day and time)"),
    "number": _l("(number)"),
}


def said(body: Mapping[str, Any], name: str = "text") -> str:
    """A text in the page's language; in the other one where it was written in that alone."""
    own, other = (name, f"{name}_en") if is_chinese() else (f"{name}_en", name)
    return str(body.get(own) or body.get(other) or "")


def lines(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The same of a list of texts."""
    own, other = (name, f"{name}_en") if is_chinese() else (f"{name}_en", name)
    return tuple(body.get(own) or body.get(other) or ())


def filled(text: str, known: Mapping[str, str]) -> str:
    """A line with its blanks filled; what is not known says what belongs there."""

    def fill(blank: re.Match[str]) -> str:
        return known.get(blank[1]) or str(BLANKS.get(blank[1], blank[0]))

    return BLANK.sub(fill, text)
