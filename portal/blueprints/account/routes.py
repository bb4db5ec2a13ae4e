"""/login, /logout, /account, /language, /theme."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import errors, observed
from portal.blueprints.account import actions, entering, queries
from portal.blueprints.account.entering import local
from portal.blueprints.account.forms import BARRED, LoginForm, PasswordForm
from portal.demo import PASSWORD
from portal.guards import KEY, VIA, by_service, me, needs, owes_factor, public
from portal.hx import gone_to
from portal.i18n import LANGUAGES, _, choose
from portal.kernel import accounts, browsers, clock, first_run, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.people import Person
from portal.kernel.rights import May
from portal.signin import passwords, step

bp = Blueprint("account", __name__)
THEMES = ("light", "dark", "")


@bp.get("/login")
@public
def login() -> Response | str:
    """The login page; somebody who is logged in goes on."""
    if current_user.is_authenticated:
        return redirect(local(request.args.get("next")), 302)
    return _login_page(next=request.args.get("next", ""))


@bp.post("/login", endpoint="log_in")
@public
def log_in() -> Response | tuple[str, int]:
    """Check outside the write, count a failure in a write of its own, go on to a session or to the code."""
    now, address, form = clock.now(), request.remote_addr or "", LoginForm.of_request()
    wanted, username = request.form.get("next", ""), form.username.data or ""
    if sessions.throttled(username, address, now):
        return refused(_("Too many attempts. Please wait five minutes."), username, wanted, 429)
    unknown = _("The user name or the password is not correct.")
    if not form.validate():
        return refused(unknown, username, wanted)
    try:
        found, proof = passwords.prove(username, form.password.data)
    except accounts.Unreachable:
        return refused(errors.AWAY, username, wanted, 503)
    observed.about(found.id if found else None)
    entry, guest = None, entering.visitor()
    try:
        with db.write():
            if proof:
                entry = actions.log_in(proof, guest, now)
            if entry is None:
                actions.note_failure(found.id if found else None, username, address, now)
            elif entry.session and current_user.is_authenticated:
                sessions.end(me().session_id)
    except step.Barred as barred:
        return refused(BARRED[barred.code], username, wanted)
    if entry is None:
        return refused(unknown, username, wanted)
    return entering.let_in(entry, guest, wanted)


def refused(said: Any, username: str, wanted: str, code: int = 422) -> tuple[str, int]:
    """The login page again, with the reason; the fields are amiss only where something else typed there would help."""
    wrong = bool(username) and code == 422
    return _login_page(said=said, wrong=wrong, username=username[:80], next=wanted), code


def _login_page(**shown: Any) -> str:
    settings = current_app.config["SETTINGS"]
    shown |= {
        "nobody_yet": first_run.is_awaited(),
        "in_directory": bool(settings.ldap_url),
        "service": settings.oidc_issuer and settings.oidc_label,
        "left": settings.oidc_issuer and session.pop("left", ""),
    }
    if settings.is_demo:
        shown |= {"demo_accounts": queries.demo_accounts(), "demo_password": PASSWORD}
    shown["page_address"] = url_for(".login", next=shown["next"]) if shown["next"] else url_for(".login")
    return render_template("account/login.html", **shown)


@bp.post("/logout")
@needs(May.USE_PORTAL)
def logout() -> Response:
    """End this session, here and in the database."""
    with db.write():
        sessions.end(me().session_id)
    spoken, via = choose(), session.get(VIA)
    session.clear()
    if via:
        session["left"] = via
    session["locale"] = spoken  # the login page goes on in the language of the page before it
    return gone_to(url_for(".login"), said=_("You have been logged out."))


@bp.get("/account")
@needs(May.USE_PORTAL)
def index() -> str:
    """Who I am to the portal, what I may choose, where I am logged in."""
    return render_template("account/index.html", **_account())


def _account() -> dict[str, Any]:
    found = passwords.account(me().username)
    return {
        "password_here": found is not None and found.here,
        "browser_of": browsers.words_of,
        "own_sessions": sessions.of_person(me().id, clock.now()),
        "second": second_factor.state_of(me().id),
        "second_owed": owes_factor(me()),
        "by_service": by_service(),
        "languages": {"zh": "中文", "en": "English"},
    }


@bp.route("/account/password", methods=["GET", "POST"])
@needs(May.USE_PORTAL)
def password() -> Response | str | tuple[str, int]:
    """A new password; the other sessions end. A first password leads here from everywhere."""
    found = passwords.account(me().username)
    if found is None or not found.here:
        said = _("Your password is not kept here. Change it where your company keeps it.")
        return errors.answer(409, said, back=url_for(".index"))
    if request.method == "GET":
        return render_template("account/password.html", form=PasswordForm.blank())
    who, now, address = me(), clock.now(), request.remote_addr or ""
    if sessions.throttled(who.username, address, now):
        return errors.answer(429)
    form = PasswordForm.of_request(username=who.username, name=who.name)
    if not form.validate():
        return render_template("account/password.html", form=form), 422
    db.session.rollback()
    if not sessions.verify_password(found.password, form.current.data):
        with db.write():
            actions.note_failure(who.id, who.username, address, now)
        form.current.errors = [_("This is not your current password.")]
        return render_template("account/password.html", form=form), 422
    hashed = sessions.hash_password(form.password.data)
    with db.write():
        person = db.session.get_one(Person, who.id)
        if person.password != found.password:
            abort(409)
        accounts.set_password(person, hashed, must_change=False, by=who.id, now=now, keep=who.session_id)
        key = sessions.renew(who.session_id)
    session[KEY] = key
    said = _("Your password has been changed. You have been logged out everywhere else.")
    return gone_to(url_for("home.index") if who.must_change else url_for(".index"), said=said)


@bp.post("/account/sessions/<int:session_id>/end")
@needs(May.USE_PORTAL)
def end_session(session_id: int) -> Response:
    """Log out somewhere else."""
    if session_id == me().session_id:
        return logout()
    who, now = me(), clock.now()
    if session_id not in {other.id for other in sessions.of_person(who.id, now)}:
        abort(404)
    with db.write():
        actions.end_session(who.id, session_id, by=who.id, now=now)
    return gone_to(url_for(".index"), said=_("You have been logged out there."))


@bp.post("/account/sessions/end-others")
@needs(May.USE_PORTAL)
def end_other_sessions() -> Response:
    """Log out everywhere else."""
    with db.write():
        actions.end_other_sessions(me().id, but=me().session_id, now=clock.now())
    return gone_to(url_for(".index"), said=_("You have been logged out everywhere else."))


@bp.post("/language")
@public
def language() -> Response:
    """Chinese or English, kept with the person, or with this browser before the login."""
    asked = request.form.get("locale", "")
    locale = LANGUAGES.get(asked, asked)
    if locale not in LANGUAGES.values():
        abort(400)
    session["locale"] = locale
    if current_user.is_authenticated:
        with db.write():
            actions.prefer(me().id, locale=locale)
    return redirect(local(request.form.get("next")), 303)


@bp.post("/theme")
@needs(May.USE_PORTAL)
def theme() -> Response:
    """Light, dark, or as the system says."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    with db.write():
        actions.prefer(me().id, theme=chosen)
    return redirect(local(request.form.get("next")), 303)
