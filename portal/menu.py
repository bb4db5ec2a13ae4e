"""The menu as data: label, endpoint, right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

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
        return url_for(self.endpoint)

    @property
    def active(self) -> bool:
        """True on the pages of this entry's area."""
        return (request.blueprint or "").split(".")[0] == self.endpoint.split(".")[0]

    count: int = 0


ENTRIES = (
    Entry(_l("My day"), "home.index", "home", May.USE_PORTAL),
    Entry(_l("Complaints"), "complaints.index", "complaint", May.SEE_CASES),
    Entry(_l("Handbook"), "handbook.index", "handbook", May.USE_PORTAL),
    Entry(_l("General office"), "office.index", "office", May.MANAGE_OFFICE),
)


def init_app(app: Flask) -> None:
    """Give every page its menu."""

    @app.context_processor
    def menu() -> dict[str, Any]:
        if not (current_user and current_user.is_authenticated):
            return {"menu": (), "unread": 0} | _addresses()
        shown = [e for e in ENTRIES if current_user.may(e.right)]
        return {"menu": shown, "unread": current_user.unread} | _addresses()


def _addresses() -> dict[str, str]:
    """Where the frame of every page leads."""
    return {
        "company": current_app.config["SETTINGS"].company,
        "home_url": url_for("home.index"),
        "search_url": url_for("home.search"),
        "inbox_url": url_for("home.notifications"),
        "account_url": url_for("account.index"),
        "logout_url": url_for("account.logout"),
    }
