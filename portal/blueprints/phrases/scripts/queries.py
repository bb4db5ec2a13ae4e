"""The scripts in force, those for the phone first."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.scripts.codes import Channel
from portal.blueprints.phrases.scripts.documents import NAME
from portal.kernel import documents
from portal.kernel.documents import Current


def scripts() -> list[Current]:
    """Every script in force; asked again it costs no statement."""
    order = list(Channel)
    return sorted(documents.in_force(NAME), key=lambda found: order.index(Channel(found.body["channel"])))


def script(code: str) -> Current:
    """The script of that code; NotFound otherwise."""
    found = documents.find(NAME, code)
    if found is None:
        raise NotFound
    return found
