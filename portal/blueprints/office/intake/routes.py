"""/office/intake/: which programs may record cases, for whom, and since when no longer (CP-01)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office.area import bp
from portal.blueprints.office.intake.forms import TokenForm
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import accounts, clock, intake_tokens, reference
from portal.kernel.db import db
from portal.kernel.intake_tokens import IntakeToken
from portal.kernel.rights import May


@bp.get("/intake/")
@needs(May.MANAGE_OFFICE)
def intake() -> str:
    """Every token: for whom it records, when it was last used."""
    return render_template("office/intake/index.html", **_page(TokenForm.blank()))


@bp.post("/intake/add")
@needs(May.MANAGE_OFFICE)
def add_token() -> Response:
    """Issue a token; its key is shown once."""
    form = TokenForm.of_request()
    if not form.validate():
        return make_response(render_template("office/intake/index.html", **_page(form)), 422)
    person_id = accounts.find(form.person.data).id
    with db.write():
        token, key = intake_tokens.issue(form.name.data, person_id, by=me().id, now=clock.now())
    return make_response(render_template("office/intake/key.html", token=token, key=key))


@bp.post("/intake/<int:token_id>/revoke")
@needs(May.MANAGE_OFFICE)
def revoke_token(token_id: int) -> Response:
    """End a token for good; whatever uses it is refused from now on."""
    with db.write():
        token = db.session.get(IntakeToken, token_id) if token_id < 2**31 else None
        if token is None:
            abort(404)
        intake_tokens.revoke(token, by=me().id, now=clock.now())
    return gone_to(url_for(".intake"), said=_("The token %(name)s is revoked.", name=token.name))


def _page(form: TokenForm) -> dict[str, Any]:
    cards = reference.staff().cards
    rows = [(token, intake_tokens.may_answer(cards[token.person_id])) for token in intake_tokens.every()]
    return {"form": form, "rows": rows}
