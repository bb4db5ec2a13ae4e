"""Cookies beside the login's: each for this host alone, for requests alone, and behind TLS only by TLS."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response


def named(name: str) -> str:
    """The cookie's name: behind TLS with the prefix by which no other host and no page without TLS can set it."""
    return f"__Host-{name}" if _secure() else name


def kept(name: str) -> str:
    """What the browser keeps under that name; empty when nothing."""
    return request.cookies.get(named(name), "")


def keep(
    answer: Response,
    name: str,
    value: str,
    *,
    lasts: timedelta | int,
    path: str = "/",
    samesite: str = "Lax",
) -> None:
    """Have the browser keep a value. `path` counts without TLS only: the prefix asks for the whole host."""
    answer.set_cookie(
        named(name),
        value,
        max_age=lasts,
        path="/" if _secure() else path,
        secure=_secure(),
        httponly=True,
        samesite=samesite,
    )


def drop(answer: Response, name: str, *, path: str = "/") -> None:
    """Have the browser forget it."""
    answer.delete_cookie(
        named(name), path="/" if _secure() else path, secure=_secure(), httponly=True, samesite="Lax"
    )


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
