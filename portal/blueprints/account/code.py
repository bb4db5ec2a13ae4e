"""/login/code: the second step of a login, for whoever has a second factor."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import observed
from portal.blueprints.account import actions, entering
from portal.blueprints.account.forms import CodeForm
from portal.blueprints.account.routes import bp
from portal.guards import me, public
from portal.i18n import _
from portal.kernel import clock, login_steps, reference, sessions, signing
from portal.kernel.db import db


@bp.get("/login/code")
@public
def code() -> Response | str:
    """Asks for the code; whoever typed no password here lately begins with that."""
    wanted = request.args.get("next", "")
    if login_steps.person_of(session.get(entering.STEP, ""), clock.now()) is None:
        return redirect(url_for(".login", next=wanted or None), 302)
    return _page(next=wanted)


@bp.post("/login/code", endpoint="type_code")
@public
def type_code() -> Response | tuple[str, int]:
    """A code of the device or a recovery code; a wrong one counts as a failed login."""
    now, step, wanted = clock.now(), session.get(entering.STEP, ""), request.form.get("next", "")
    address, guest, form = request.remote_addr or "", entering.visitor(), CodeForm.of_request()
    person_id = login_steps.person_of(step, now)
    if person_id is None:
        said = _("More than five minutes have passed. Please log in again.")
        return _page(said=said, next=wanted, over=True), 422
    observed.about(person_id)
    if sessions.throttled(reference.staff().cards[person_id].username, address, now):
        return _page(said=_("Too many attempts. Please wait five minutes."), next=wanted), 429
    entry = None
    with db.write():
        if form.validate():
            entry = actions.finish(step, form.code.data, guest, now)
        if entry is None:
            signing.note_wrong_code(person_id, address, now)
        elif current_user.is_authenticated:
            sessions.end(me().session_id)
    if entry is None:
        said = _("This code is not correct, or it was used already. Please type the one that is shown now.")
        return _page(said=said, next=wanted), 422
    return entering.let_in(entry, guest, wanted)


def _page(**shown: Any) -> str:
    shown["page_address"] = url_for(".code", next=shown["next"] or None)
    return render_template("account/code.html", **shown)
