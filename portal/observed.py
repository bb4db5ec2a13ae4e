"""Each request bears a number, is timed and counted; slow and failed ones leave a line in the log.

A line names the route, never the address: addresses hold numbers of cases, and some hold keys. Persons are told by
their id, nothing that was sent or asked for is told at all.

What concerns security leaves a line in any case: each step of signing in and of changing how one signs in, whatever is
refused for a missing right, a forged form or too many tries, and what somebody who is logged in did not find. There the
machine that asked is told as well, for whoever looks into it or shuts it out.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers

from portal import logs
from portal.config import Settings
from portal.counts import Counts

log = logging.getLogger(__name__)
events = logging.getLogger("portal.events")
events.setLevel(logging.INFO)
REFUSED = {400: "bad request", 401: "no token", 403: "refused", 413: "too large", 429: "too many tries"}
# Of the account's own changes, these have nothing to do with who may come in.
HARMLESS = frozenset({"account.language", "account.theme", "account.messages"})
COME_BACK = "account.from_service"  # the end of a login at the login service
SANE = re.compile(r"[A-Za-z0-9_.-]{8,64}")
HEADER = "X-Request-ID"


def init_app(app: Flask) -> None:
    """Watch every request of the application; to be called first, so that it sees all that the others take."""
    settings: Settings = app.config["SETTINGS"]
    logs.speak(settings.log)
    app.before_request(begin)
    app.after_request(finish)
    app.extensions["counts"] = None


def begin() -> None:
    """Note when the request came and by which number it is known."""
    here = g._get_current_object()  # each look through the proxy takes a while
    here.began, here.ticket = perf_counter(), None


def ticket() -> str:
    """The number of this request: a trusted proxy's when it looks sane, else a fresh one."""
    found: str | None = g.get("ticket")
    if found is None:
        found = g.ticket = _given() or secrets.token_hex(8)
    return found


def _given() -> str:
    if not _settings().trusted_proxies:
        return ""
    sent = request.headers.get(HEADER, "")
    return sent if SANE.fullmatch(sent) else ""


def finish(response: Response) -> Response:
    """Number the answer, count it, and log it when it was slow or failed."""
    began = g.get("began")
    seconds = perf_counter() - began if began is not None else 0.0
    response.headers[HEADER] = ticket()
    counts().add(request.endpoint, response.status_code, seconds)
    if response.status_code >= 500 or seconds * 1000 >= _settings().slow_ms:
        _tell(response.status_code, seconds)
    if said := _event(response.status_code, response.headers):
        events.info(said, extra={"told": _told(response.status_code) | {"from": request.remote_addr}})
    return response


def about(person_id: int | None) -> None:
    """Whose account a request concerns that nobody is logged in for, such as a login."""
    g.about = person_id


def _event(status: int, headers: Headers) -> str:
    """What the log calls a request that concerns security; empty for all others."""
    by_post = request.method == "POST" and request.endpoint not in HARMLESS
    if request.blueprint == "account" and (by_post or request.endpoint == COME_BACK):
        return "account"
    if status == 404 and request.endpoint and _person() is not None:
        return "not found"
    if "HX-Redirect" in headers:
        return ""  # somebody whose login is over, on the way to the login page
    return REFUSED.get(status, "")


def _tell(status: int, seconds: float) -> None:
    told = _told(status) | {"ms": round(seconds * 1000)}
    failed = status >= 500
    log.log(
        logging.ERROR if failed else logging.WARNING,
        "failed request" if failed else "slow request",
        extra={"told": told},
    )


def _told(status: int) -> dict[str, Any]:
    rule = request.url_rule
    return {
        "request": ticket(),
        "method": request.method,
        "route": rule.rule if rule else None,
        "status": status,
        "person": _person(),
    }


def _person() -> int | None:
    found: int | None = getattr(g.get("_login_user"), "id", None)
    return found if found is not None else g.get("about")


def counts() -> Counts:
    """The counters of this application; their folder is made with the first request."""
    app = _app()
    found: Counts | None = app.extensions["counts"]
    if found is None:
        found = Counts(_settings().instance / "counts", {rule.endpoint for rule in app.url_map.iter_rules()})
        app.extensions["counts"] = found
    return found


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # the application behind it


def _settings() -> Settings:
    settings: Settings = _app().config["SETTINGS"]
    return settings
