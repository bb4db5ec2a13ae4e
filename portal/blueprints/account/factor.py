"""/account/second-factor: set up, renew the recovery codes, do without."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.account import actions
from portal.blueprints.account.forms import EnrolForm, FactorForm
from portal.blueprints.account.routes import bp
from portal.guards import KEY, by_service, me, needs, owes_factor
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import accounts, clock, sealing, second_factor, sessions, signing
from portal.kernel.db import db
from portal.kernel.people import Person
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.signin import passwords

SETUP = "second factor being set up"


@bp.get("/account/second-factor")
@needs(May.USE_PORTAL)
def second_factor_page() -> str:
    """A picture and a key for the device, or what the person has."""
    return _page()


@bp.post("/account/second-factor/on")
@needs(May.USE_PORTAL)
def second_factor_on() -> Response:
    """Keep the device whose code was typed; the recovery codes are shown this once."""
    if me().second_factor:
        abort(409)
    form = EnrolForm.of_request()
    secret = _secret_of(form.sealed.data or "")
    if secret is None:
        form = EnrolForm.blank()
        form.form_errors.append(
            _("More than 15 minutes have passed. Here is a new picture; please scan this one.")
        )
        return make_response(_page(form=form), 422)
    if (refused := _not_oneself(form, secret)) is not None:
        return refused
    now, step = clock.now(), second_factor.step_of(secret, form.code.data, clock.now())
    if step is None:
        _count_wrong_code(form)
        return make_response(_page(form=form, secret=secret), 422)
    with db.write():
        person = db.session.get_one(Person, me().id)
        codes = second_factor.turn_on(person, secret, step, by=person.id, now=now)
        key = _alone(person.id)
    session[KEY] = key
    return _shown_once(codes)


@bp.post("/account/second-factor/codes")
@needs(May.USE_PORTAL)
def second_factor_codes() -> Response:
    """New recovery codes for password and code; the old ones are worth nothing then."""
    return _by_code("codes")


@bp.post("/account/second-factor/off")
@needs(May.USE_PORTAL)
def second_factor_off() -> Response:
    """Do without, for password and code; not where the general office requires it."""
    if reasons := second_factor.against_turning_off(me(), clock.now()):
        raise Refused(reasons)
    return _by_code("off")


def _by_code(what: str) -> Response:
    if not me().second_factor:
        abort(409)
    form, now = FactorForm.of_request(), clock.now()
    if (refused := _not_oneself(form)) is not None:
        return refused
    codes: list[str] = []
    key = session[KEY]
    with db.write():
        person = db.session.get_one(Person, me().id)
        fits = second_factor.use(person, form.code.data, now) is not None
        if fits and what == "codes":
            codes = second_factor.renew_codes(person, by=person.id, now=now)
        elif fits:
            second_factor.turn_off(person, by=person.id, now=now)
        if fits:
            key = _alone(person.id)
    session[KEY] = key
    if not fits:
        _count_wrong_code(form)
        return make_response(_page(form=form), 422)
    if codes:
        return _shown_once(codes)
    return gone_to(
        url_for(".index"), said=_("The second factor is off. Your password alone lets you in now.")
    )


def _alone(person_id: int) -> str:
    """What lets the person in has changed: every other login ends, this one gets a new key. Inside a write."""
    sessions.end_all_of(person_id, but=me().session_id)
    return sessions.renew(me().session_id)


def _not_oneself(form: EnrolForm | FactorForm, secret: str = "") -> Response | None:
    """None when the person's own password was typed; an open screen alone must not change how its owner logs in.

    Asked where the password is known: here or at the directory, which may be Unreachable. Whoever logs in by the login
    service has none that we could ask for.
    """
    who, now, address = me(), clock.now(), request.remote_addr or ""
    if sessions.throttled(who.username, address, now):
        return errors.answer(429)
    found = _with_password()
    if found is None:
        del form.password
    db.session.rollback()  # hashing takes its time, and nobody should wait for this reader
    if not form.validate():
        return make_response(_page(form=form, secret=secret), 422)
    if found is None or accounts.fits(who.id, found.password, form.password.data):
        return None
    with db.write():
        actions.note_failure(who.id, who.username, address, now)
    form.password.errors = [_("This is not your current password.")]
    return make_response(_page(form=form, secret=secret), 422)


def _with_password() -> passwords.Account | None:
    """The account of whoever asks, when there is a password of theirs that can be asked for."""
    found = passwords.account(me().username)
    asked = found is not None and (found.in_directory or (found.here and bool(found.password)))
    return found if asked else None


def _count_wrong_code(form: EnrolForm | FactorForm) -> None:
    with db.write():
        signing.note_wrong_code(me().id, request.remote_addr or "", clock.now())
    form.code.errors = [
        _("This code is not correct, or it was used already. Please type the one that is shown now.")
    ]


def _secret_of(sealed: str) -> str | None:
    """The secret that was shown to this very person a few minutes ago; None otherwise."""
    try:
        whose, _sign, secret = sealing.unseal(SETUP, sealed, within=second_factor.PATIENCE).partition(" ")
    except sealing.Unreadable:
        return None
    return secret if whose == str(me().id) else None


def _page(form: EnrolForm | FactorForm | None = None, secret: str = "") -> str:
    who, state = me(), second_factor.state_of(me().id)
    shown: dict[str, Any] = {
        "state": state,
        "needed": second_factor.needed_by(who, clock.now()),
        "owed": owes_factor(who),
        "by_service": by_service(),
    }
    if state is None:
        secret = secret or second_factor.new_secret()
        form = form or EnrolForm.blank()
        form["sealed"].data = sealing.seal(SETUP, f"{who.id} {secret}")
        company = current_app.config["SETTINGS"].company
        shown |= {"secret": secret, "picture": _picture(second_factor.uri(secret, who.username, company))}
    form = form or FactorForm.blank()
    if _with_password() is None and "password" in form:
        del form.password
    return render_template("account/second_factor.html", form=form, **shown)


def _picture(text: str) -> str:
    """The address of a picture that is its own content: it stands in no cache and on no disk."""
    import segno

    return segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff")


def _shown_once(codes: list[str]) -> Response:
    return make_response(render_template("account/recovery_codes.html", codes=codes))
