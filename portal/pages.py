"""What templates share beyond one area: hashed static addresses, polls that cost nothing when nothing changed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, make_response, request, url_for
from flask_login import current_user
from markupsafe import Markup

from portal.forms import fresh_key
from portal.i18n import is_chinese
from portal.kernel import clock

STATIC = Path(__file__).parent / "static"


def init_app(app: Flask) -> None:
    """Give templates `static_url`, `icon`, `fresh_key`, `now` and `theme`."""
    app.jinja_env.globals.update(static_url=static_url, icon=icon, fresh_key=fresh_key)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def common() -> dict[str, Any]:
        return {"now": clock.now(), "theme": getattr(current_user, "theme", "")}


def static_url(name: str) -> str:
    """The address of a static file with its hash, so that browsers may keep it for a year."""
    return _static(request.script_root, name)


@cache
def _static(root: str, name: str) -> str:
    """Made once: a page asks thirty times. `root` is where the portal is mounted, which `url_for` puts first."""
    return url_for("static", filename=name, v=_hash(name))


def address(endpoint: str) -> str:
    """The address of a page that has no parts of its own to fill in."""
    return _address(request.script_root, endpoint)


@cache
def _address(root: str, endpoint: str) -> str:
    """Made once, as the static ones."""
    return url_for(endpoint)


def icon(name: str) -> Markup:
    """A symbol of icons.svg, drawn in the colour of the text around it and silent for a screen reader."""
    return _icon(request.script_root, name)


@cache
def _icon(root: str, name: str) -> Markup:
    drawn = Markup('<svg aria-hidden=true><use href="{}#{}"/></svg>')
    return drawn.format(_static(root, "icons.svg"), name)


@cache
def _hash(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:6]


def tag() -> str:
    """The tag of what this viewer sees at this address: changes with any recorded change, language or minute."""
    if "tag" not in g:
        g.tag = _tag()
    found: str = g.tag
    return found


def _tag() -> str:
    minute, who = int(clock.now().timestamp()) // 60, current_user._get_current_object()
    seen = f"{who.id} {who.pulse} {who.generation} {who.on_board} {is_chinese()} {minute} {request.full_path}"
    return hashlib.sha256(seen.encode()).hexdigest()[:12]


def unchanged() -> Response | None:
    """304 when the browser or a polled element already shows what this address would draw now; asked before queries."""
    if request.if_none_match.contains(tag()):
        response = make_response("", 304)
        response.set_etag(tag())
        return response
    return None
