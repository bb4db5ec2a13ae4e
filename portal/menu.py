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
from portal.pages import address


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    label: Any
    endpoint: str
    icon: str
    right: May

    @property
    def url(self) -> str:
        return address(self.endpoint)

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
    Entry(_l("Duty"), "duty.index", "duty", May.SEE_DUTY),
    Entry(_l("Phrases"), "phrases.index", "phrase", May.USE_PORTAL),
    Entry(_l("Notice board"), "home.board", "info", May.USE_PORTAL),
    Entry(_l("Handbook"), "handbook.index", "handbook", May.USE_PORTAL),
    Entry(_l("General office"), "office.index", "office", May.MANAGE_OFFICE),
)
OWN_PAGES = frozenset(entry.endpoint for entry in ENTRIES)


def init_app(app: Flask) -> None:
    """Give every page its menu."""

    @app.context_processor
    def menu() -> dict[str, Any]:
        who = current_user._get_current_object()  # once: each look through the proxy takes a while
        if not (who and who.is_authenticated):
            return {"menu": (), "unread": 0} | _addresses()
        counts = {"home.board": who.on_board}  # read with the session, so it costs no statement
        shown = [replace(e, count=counts.get(e.endpoint, 0)) for e in ENTRIES if who.may(e.right)]
        return {
            "menu": shown,
            "unread": who.unread,
            "my_name": name_of(who.id),
        } | _addresses()


def _addresses() -> dict[str, str]:
    """Where the frame of every page leads."""
    return {"company": current_app.config["SETTINGS"].company} | _frame(request.script_root)


@cache
def _frame(root: str) -> dict[str, str]:
    """Made once, for every page has them all. `root` is where the portal is mounted, which `url_for` puts first."""
    return {
        "home_url": url_for("home.index"),
        "handbook_url": url_for("handbook.index"),
        "search_url": url_for("home.search"),
        "call_url": url_for("phrases.call"),
        "inbox_url": url_for("home.notifications"),
        "account_url": url_for("account.index"),
        "logout_url": url_for("account.logout"),
        "theme_url": url_for("account.theme"),
        "language_url": url_for("account.language"),
    }
