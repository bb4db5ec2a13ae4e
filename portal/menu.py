"""The menu as data: label, endpoint, right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from portal.drawing import name_of
from portal.i18n import _l
from portal.kernel.rights import May


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    label: Any
    endpoint: str
    icon: str
    right: May

    @property
    def url(self) -> str:
        return _address(request.script_root, self.endpoint)

    @property
    def active(self) -> bool:
        """True on the pages of this entry's area; a page with an entry of its own is that entry's alone."""
        if request.endpoint in OWN_PAGES:
            return request.endpoint == self.endpoint
        area, _dot, page = self.endpoint.partition(".")
        return (request.blueprint or "").split(".")[0] == area and page == "index"

    count: int = 0  # unread


ENTRIES = (
    Entry(_l("My day"), "home.index", "home", May.USE_PORTAL),
    Entry(_l("Reception"), "reception.index", "reception", May.SEE_VISITS),
    Entry(_l("Complaints"), "complaints.index", "complaint", May.SEE_CASES),
    Entry(_l("Notice board"), "home.board", "info", May.USE_PORTAL),
    Entry(_l("Handbook"), "handbook.index", "handbook", May.USE_PORTAL),
    Entry(_l("General office"), "office.index", "office", May.MANAGE_OFFICE),
)
OWN_PAGES = frozenset(entry.endpoint for entry in ENTRIES)


def init_app(app: Flask) -> None:
    """Give every page its menu."""

    @app.context_processor
    def menu() -> dict[str, Any]:
        if not (current_user and current_user.is_authenticated):
            return {"menu": (), "unread": 0} | _addresses()
        counts = {"home.board": current_user.on_board}  # read with the session, so it costs no statement
        shown = [replace(e, count=counts.get(e.endpoint, 0)) for e in ENTRIES if current_user.may(e.right)]
        return {
            "menu": shown,
            "unread": current_user.unread,
            "my_name": name_of(current_user.id),
        } | _addresses()


def _addresses() -> dict[str, str]:
    """Where the frame of every page leads."""
    root = request.script_root
    return {
        "company": current_app.config["SETTINGS"].company,
        "home_url": _address(root, "home.index"),
        "search_url": _address(root, "home.search"),
        "inbox_url": _address(root, "home.notifications"),
        "account_url": _address(root, "account.index"),
        "logout_url": _address(root, "account.logout"),
        "theme_url": _address(root, "account.theme"),
        "language_url": _address(root, "account.language"),
    }


@cache
def _address(root: str, endpoint: str) -> str:
    """Made once, for every page has them all. `root` is where the portal is mounted, which `url_for` puts first."""
    return url_for(endpoint)
