"""/first-run: the first person of the general office, made by whoever reads the server's log; then gone."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, render_template, request
from werkzeug.wrappers import Response

from portal.blueprints.account import actions, entering
from portal.blueprints.account.forms import FirstPersonForm
from portal.blueprints.account.routes import bp
from portal.guards import public
from portal.i18n import _
from portal.kernel import clock, first_run, sessions
from portal.kernel.db import db

COUNTED = "first run"  # wrong codes are counted by address alone; no user name has a blank


@bp.get("/first-run")
@public
def first_run_page() -> str:
    """Asks for the code and the person."""
    _only_while_awaited()
    return _page(FirstPersonForm.blank())


@bp.post("/first-run", endpoint="make_first_person")
@public
def make_first_person() -> Response | tuple[str, int]:
    """The person is made and logged in; of several who try, one wins and the others find no page."""
    _only_while_awaited()
    now, address, form = clock.now(), request.remote_addr or "", FirstPersonForm.of_request()
    if sessions.throttled("", address, now):
        return _page(form, _("Too many attempts. Please wait five minutes.")), 429
    if not form.validate():
        return _page(form), 422
    db.session.rollback()  # hashing takes its time, and nobody should wait for this reader
    if not first_run.fits(current_app._get_current_object(), form.code.data):  # type: ignore[attr-defined]  # the application behind the proxy
        with db.write():
            sessions.count_failure(COUNTED, address, now)
        form.code.errors = [
            _("This is not the code. The web server's log has it, in the line about /first-run.")
        ]
        return _page(form), 422
    hashed, guest = sessions.hash_password(form.password.data), entering.visitor()
    try:
        with db.write():
            person = first_run.begin(form.username.data, name=form.name.data, hashed=hashed, now=now)
            entry = actions.enter(person, guest, now)
    except first_run.TooLate:
        abort(404)
    except ValueError:
        form.username.errors = [_("This user name is taken.")]
        return _page(form), 422
    return entering.let_in(entry, guest, "")


def _only_while_awaited() -> None:
    if not first_run.is_awaited():
        abort(404)


def _page(form: Any, said: str = "") -> str:
    return render_template("account/first_run.html", form=form, said=said)
