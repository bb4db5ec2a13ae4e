"""Where the portal keeps a clause: each place in words, with the page where that is done, for who may open it."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app, url_for

from portal import enforcement, notices, telling
from portal.i18n import _
from portal.kernel.people import Viewer
from portal.kernel.rights import May


class Place(NamedTuple):
    """One place, and where it leads; no address for who has no right to that page."""

    words: str
    address: str


def places_of(clause_id: str, viewer: Viewer) -> list[Place]:
    """The places that enforce a clause, each once; figures have a part of the page to themselves."""
    names = [n for n in enforcement.places().get(clause_id, []) if not n.startswith("policy:")]
    told = {words: _address(name, viewer) for name in reversed(names) if (words := _words(name))}
    return [Place(words, told[words]) for words in reversed(told)]


def _words(name: str) -> str:
    kind, _colon, code = name.partition(":")
    if kind == "clock":
        return _("Limit: %(name)s", name=notices.CLOCKS.get(code, code))
    return _("Step: %(name)s", name=telling.EVENTS.get(name, name))


def _address(name: str, viewer: Viewer) -> str:
    kind, _colon, code = name.partition(":")
    if kind == "clock":
        endpoint = enforcement.CLOCK_PAGES.get(code, enforcement.PAGES["case"])
    else:
        endpoint = enforcement.PAGES.get(kind, "")
    return url_for(endpoint) if endpoint and _may_open(endpoint, viewer) else ""


def _may_open(endpoint: str, viewer: Viewer) -> bool:
    needed: May | None = getattr(current_app.view_functions[endpoint], "needs", None)
    return needed is not None and viewer.may(needed)
