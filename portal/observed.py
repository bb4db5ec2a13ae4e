"""Each request bears a number, is timed and counted; slow and failed ones leave a line in the log.

A line names the route, never the address: addresses hold numbers of cases, and some hold keys. Persons are told by
their id, nothing that was sent or asked for is told at all.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g, request

from portal import logs
from portal.config import Settings
from portal.counts import Counts

log = logging.getLogger(__name__)
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
    return response


def _tell(status: int, seconds: float) -> None:
    rule = request.url_rule
    told: dict[str, Any] = {
        "request": ticket(),
        "method": request.method,
        "route": rule.rule if rule else None,
        "status": status,
        "ms": round(seconds * 1000),
        "person": getattr(g.get("_login_user"), "id", None),
    }
    failed = status >= 500
    log.log(
        logging.ERROR if failed else logging.WARNING,
        "failed request" if failed else "slow request",
        extra={"told": told},
    )


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
