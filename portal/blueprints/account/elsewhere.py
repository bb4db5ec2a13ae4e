"""/login/oidc: to the company's login service, back from it, and out of it.

A login under way lives in a signed cookie of ten minutes: what must come back, and where to go on. Each of these is
reached by a link or a redirect, never by a form: the policy of our pages lets no form lead out of the house.
"""

from __future__ import annotations

import hmac
import logging
import secrets

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user
from itsdangerous import BadData
from werkzeug.wrappers import Response

from portal import cookies, observed
from portal.blueprints.account import actions, entering
from portal.blueprints.account.entering import local
from portal.blueprints.account.forms import BARRED, FAILED
from portal.blueprints.account.routes import bp, refused
from portal.config import Settings
from portal.guards import me, public
from portal.kernel import clock, identities, sealing, sessions
from portal.kernel.db import db
from portal.kernel.identities import Provider
from portal.kernel.people import Person
from portal.signin import step
from portal.signin.mapping import Entry
from portal.signin.oidc import Failed, Service
from portal.signin.settings import SigninSettings

log = logging.getLogger(__name__)
COOKIE = "portal_login"
PURPOSE = "login elsewhere"
GOOD_FOR = 600  # seconds between going and coming back
LONGEST = 1500  # of `next`: a cookie holds four kilobytes


@bp.get("/login/oidc")
@public
def to_service() -> Response | tuple[str, int]:
    """Off to the login service; `link` is the key that joins the login to an account."""
    wanted, link = request.args.get("next", "")[:LONGEST], request.args.get("link", "")[:64]
    service = _service()
    if not link and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return redirect(url_for(".login", next=wanted or None), 302)  # another site's wish, not the person's
    if link and identities.invited(link, clock.now()) is None:
        return refused(BARRED["link_ended"], "", wanted)
    under_way = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "next": wanted if local(wanted) == request.script_root + wanted else "",
        "link": link,
    }
    try:
        there = service.address(**{name: under_way[name] for name in ("state", "nonce", "verifier")})
    except Failed as failed:
        return _failed(failed, wanted)
    answer = redirect(there, 302)
    kept = str(sealing.signer(PURPOSE).dumps(under_way))
    cookies.keep(answer, COOKIE, kept, lasts=GOOD_FOR, path=url_for(".to_service"))
    return answer


@bp.get("/login/oidc/back")
@public
def from_service() -> Response | tuple[str, int]:
    """Back from the login service: who is it, may they come in, and on to where they wanted."""
    service, now = _service(), clock.now()
    under_way = _under_way()
    state = request.args.get("state", "")
    if under_way is None or not hmac.compare_digest(under_way["state"].encode(), state.encode()):
        return _failed(Failed("begun_elsewhere", "the state is not that of this browser"), "")
    wanted = under_way["next"]
    try:
        entry = service.came_back(
            request.args, nonce=under_way["nonce"], verifier=under_way["verifier"], now=now
        )
    except Failed as failed:
        return _failed(failed, wanted)
    guest = entering.visitor()
    try:
        with db.write():
            person = _who(entry, under_way["link"], service.settings)
            observed.about(person.id)
            came = actions.enter(person, guest, now, via=Provider.OIDC)
            if current_user.is_authenticated:
                sessions.end(me().session_id)
    except step.Barred as barred:
        return refused(BARRED[barred.code], "", wanted)
    answer = entering.let_in(came, guest, wanted)
    cookies.drop(answer, COOKIE, path=url_for(".to_service"))
    return answer


@bp.get("/login/oidc/out")
@public
def out_of_service() -> Response:
    """End the login at the service, too, where it offers that; then back to our login page."""
    service = _service()
    try:
        there = service.farewell(_outside(".login"))
    except Failed as failed:
        log.error("the login service: %s", failed)
        there = ""
    return redirect(there or url_for(".login"), 302)


def _who(entry: Entry, link: str, settings: SigninSettings) -> Person:
    """The person whom the service knows, or who was given the link that joins them to it. Inside a write. Barred."""
    now = clock.now()
    if link:
        person = identities.redeem(link, now)
        if person is None:
            raise step.Barred("link_ended")
        step.linked(person, entry, Provider.OIDC, settings, by=person.id, now=now)
    return step.arrived(entry, Provider.OIDC, settings, now)


def _service() -> Service:
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.oidc_issuer:
        abort(404)
    return Service(settings, _outside(".from_service"))


def _outside(endpoint: str) -> str:
    """An address of ours as the world knows it: by the setting alone, whatever host was asked for."""
    base: str = current_app.config["SETTINGS"].base_url
    return base.rstrip("/") + url_for(endpoint).removeprefix(request.script_root)


def _under_way() -> dict[str, str] | None:
    """What this browser's cookie says of the login that it began; None when there is none, or a false or old one."""
    try:
        found: dict[str, str] = sealing.signer(PURPOSE).loads(cookies.kept(COOKIE), max_age=GOOD_FOR)
    except BadData:
        return None
    return found


def _failed(failed: Failed, wanted: str) -> tuple[str, int]:
    log.error("the login service: %s", failed)
    return refused(FAILED[failed.code], "", wanted, 503 if failed.code == "away" else 422)
