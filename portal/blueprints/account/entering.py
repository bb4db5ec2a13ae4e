"""How a login ends, whichever way it came: where the browser is led, and which cookies it keeps."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from portal import cookies
from portal.blueprints.account.actions import Entry, Visitor
from portal.guards import KEY, VIA
from portal.i18n import ngettext
from portal.kernel import browsers
from portal.kernel.identities import Provider

KNOWN = "known"  # the cookie by which a browser is known again
STEP = "login_step"  # in the signed cookie: the key with which a code can be typed


def visitor() -> Visitor:
    """The browser of this request; one that is not known yet gets a key, which `let_in` has it keep."""
    return Visitor(request.user_agent.string, cookies.kept(KNOWN)[:64] or browsers.new_key())


def let_in(entry: Entry, guest: Visitor, wanted: str) -> Response:
    """Into the portal with a session of its own, or to the page that asks for the code."""
    if entry.step:
        session[STEP] = entry.step
        return redirect(url_for("account.code", next=wanted or None), 303)
    language = session.get("locale")
    session.clear()
    session[KEY] = entry.session
    if entry.via is Provider.OIDC:
        session[VIA] = entry.via  # who logs out here can log out there, too; and see `guards`
    if language:
        session["locale"] = language
    if (left := entry.codes_left) is not None:
        told = ngettext(
            "That recovery code is used up; %(num)s is left. New ones are under My account.",
            "That recovery code is used up; %(num)s are left. New ones are under My account.",
            left,
        )
        flash(told, "warn")
    response = redirect(local(wanted), 303)
    cookies.keep(response, KNOWN, guest.browser, lasts=browsers.REMEMBERED)
    return response


def local(asked: str | None) -> str:
    """Where `next` leads when it is a page of this portal, else my day: no host, no trick, no other method."""
    home = url_for("home.index")
    if not asked or len(asked) > 2000 or not asked.isprintable() or "\\" in asked:
        return home
    if not asked.startswith("/") or asked.startswith("//"):
        return home
    parts = urlsplit(asked)
    if parts.scheme or parts.netloc:
        return home
    try:
        endpoint, _values = current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]  # there is a request
    except RequestRedirect:
        return request.script_root + asked  # a page but for the slash at its end
    except HTTPException:
        return home
    if endpoint in {"static", "account.login", "account.code"}:
        return home
    return request.script_root + asked
