"""Who may call a route: @needs(right), @by_kiosk or @public; the login; CSRF after it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule
from werkzeug.wrappers import Response as BaseResponse

from portal import cookies, errors, hx
from portal.config import LOOPBACK, keyed
from portal.i18n import _
from portal.kernel import clock, kiosks, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.second_factor import CLAUSE

View = TypeVar("View", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}
KEY = "key"
VIA = "via"  # in the signed cookie: the login service, when that let the person in
# What somebody can do who must set up a second factor first.
WITHOUT_FACTOR = frozenset({
    "account.second_factor_page", "account.second_factor_on", "account.password", "account.logout",
    "account.language", "account.theme",
})  # fmt: skip
EXPORTS = ("/export", ".xlsx")  # how the addresses end by which a whole list leaves
# Only somebody who stands between the browser and the portal adds these.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


class Logins(LoginManager):
    """Flask-Login without cookies of its own: who is logged in, the row of the session alone says."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(_viewer())


log = logging.getLogger(__name__)
login_manager = Logins()
csrf = CSRFProtect()


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie; its key is made or read with the first request, so importing touches no folder."""

    made: tuple[str, URLSafeTimedSerializer | None] = ("", None)
    digest_method = staticmethod(hashlib.sha256)  # Flask's own choice is SHA-1

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once for a key, where Flask makes it twice for each request."""
        if (key := keyed(app)) != self.made[0]:
            self.made = (key, super().get_signing_serializer(app))
        return self.made[1]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does; a cookie that was only read is not asked how it would be written."""
        if session and not session.modified and not session.permanent:
            if session.accessed:
                response.vary.add("Cookie")
        else:
            super().save_session(app, session, response)


def needs(right: May, *, polled: bool = False) -> Callable[[View], View]:
    """The right that a route asks for; `polled` routes do not keep a session awake."""

    def mark(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]  # read by the guard and the house test
        view.polled = polled  # type: ignore[attr-defined]  # read by the guard and the house test
        return view

    return mark


def public(view: View) -> View:
    """A route for everybody, logged in or not."""
    view.needs = None  # type: ignore[attr-defined]  # read by the guard and the house test
    return view


def by_token(view: View) -> View:
    """A route for programs: its view asks for a bearer token, no cookie counts, so no page can misuse a login."""
    view.needs = None  # type: ignore[attr-defined]  # read by the guard and the house test
    view.by_token = True  # type: ignore[attr-defined]  # read by the guard and the house test
    return view


def by_kiosk(view: View) -> View:
    """A page of the tablet in the lobby: opened by the tablet's own key, by no person's login (RC-18)."""
    view.needs = None  # type: ignore[attr-defined]  # read by the guard and the house test
    view.by_kiosk = True  # type: ignore[attr-defined]  # read by the guard and the house test
    return view


def tablet() -> kiosks.Tablet:
    """The kiosk of this request; only in routes marked by_kiosk."""
    found: kiosks.Tablet = g.tablet
    return found


def on_this_machine() -> bool:
    """True when the request comes from this machine itself, by a name of this machine, and through nobody.

    Behind a proxy on the same machine every visitor seems local: what bears a proxy's header, or asks for a host of
    another name, is therefore never local.
    """
    try:
        asked = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    passed_on = any(name in request.headers for name in FORWARDED)
    return request.remote_addr in LOOPBACK and asked in LOOPBACK and not passed_on


def me() -> Viewer:
    """The viewer of this request; only in routes that need a right."""
    user: Viewer = current_user._get_current_object()
    return user


def init_app(app: Flask) -> None:
    """Guard every route of the application."""
    app.session_interface = Cookies()
    login_manager.init_app(app)
    csrf.init_app(app)
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(guard)
    app.after_request(remember_seen)


def _viewer() -> Viewer | None:
    if not (key := session.get(KEY)):
        return None
    found = sessions.viewer(key, clock.now())
    if found is None:
        session.pop(KEY, None)
        return None
    who, g.seen_at = found
    g.generation = who.generation
    sessions.seat(who)
    return who


def guard() -> BaseResponse | None:
    """Login, forced password change, cross-site check, right; in that order."""
    if request.endpoint is None:
        return None  # no such address: the 404 says so
    view = request.routing_exception or _view()
    if not callable(view):
        return None
    if not hasattr(view, "needs"):
        raise RuntimeError(f"{request.endpoint} does not say who may use it: add @needs(May.…) or @public")
    right: May | None = view.needs
    # Once: each look through the proxy takes a while, and a public page asks nobody who they are.
    user = None if right is None else me()
    if user is not None and (elsewhere := _first(user)) is not None:
        return elsewhere
    if hasattr(view, "by_kiosk") and (refused := _no_kiosk()) is not None:
        return refused
    if request.method not in SAFE and not hasattr(view, "by_token"):
        _same_site()
        csrf.protect()
    if user is not None and right is not None and not user.may(right):
        abort(403)
    if user is not None and _takes_out(request.url_rule) and not _may_export(user):
        return errors.answer(429)
    return None


def _takes_out(rule: Rule | None) -> bool:
    return rule is not None and rule.rule.endswith(EXPORTS)


def _may_export(user: Viewer) -> bool:
    """Whole lists leave the portal only so often, whoever asks; see `sessions.EXPORTS`."""
    try:
        with db.write():
            return sessions.may_export(user.id, clock.now())
    except (OperationalError, OSError):
        log.exception("an export could not be counted")  # on a full disk pages and lists can still be read
        return True


def _first(user: Viewer) -> BaseResponse | None:
    """What comes before any page: the login, a password of one's own, a second factor where the role must have one."""
    if not user.is_authenticated:
        return hx.to_login()
    if user.must_change and request.endpoint not in {"account.password", "account.logout"}:
        return redirect(url_for("account.password"), 303)
    if request.endpoint not in WITHOUT_FACTOR and owes_factor(user):
        return _factor_first()
    return None


def by_service() -> bool:
    """True when the login service let this browser in."""
    return bool(session.get(VIA))


def owes_factor(user: Viewer) -> bool:
    """True when the viewer must set up a second factor before anything else.

    The login service answers for whoever it lets in, with its own second factor: none of ours is asked for.
    """
    return not by_service() and second_factor.owed_by(user, clock.now())


def _factor_first() -> BaseResponse:
    """Whose role must have a second factor is led to where it is set up; nothing else is done until then."""
    if request.method not in SAFE:
        return errors.answer(403, _("Please set up your second factor first; nothing was saved."), (CLAUSE,))
    page = url_for("account.second_factor_page")
    if not hx.htmx:
        return redirect(page, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = page
    return response


def _no_kiosk() -> BaseResponse | None:
    """None for the tablet; otherwise the login, and for somebody who is logged in the refusal."""
    key = cookies.kept(kiosks.COOKIE)
    g.tablet = kiosks.of_key(key) if key else None
    if g.tablet is not None:
        return None
    if current_user.is_authenticated:
        abort(403)
    return hx.to_login()


def _view() -> Callable[..., Any]:
    return current_app.view_functions[str(request.endpoint)]


def _same_site() -> None:
    """Refuse a change asked for by another site's page; both headers may be absent and are then not checked."""
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        abort(403)


def remember_seen(response: Response) -> Response:
    """Note that the person is still there; polls do not count."""
    seen_at: datetime | None = g.get("seen_at")
    if seen_at is None or abs(clock.now() - seen_at) < sessions.SEEN_AT_MOST_EVERY:
        return response
    if getattr(_view() if request.endpoint else None, "polled", False):
        return response
    if current_user.is_authenticated and response.status_code < 500:
        try:
            sessions.saw(me().session_id, seen_at, clock.now())
        except (OperationalError, OSError):
            # The answer stands: what it acknowledges is committed, and on a full disk pages can still be read.
            log.exception("it could not be noted that a person is still there")
    return response
