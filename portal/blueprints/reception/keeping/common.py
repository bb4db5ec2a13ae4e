"""What the addresses of deposits and keys share: the visit that is named, where to go back to, forms sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import errors
from portal.addresses import in_addresses
from portal.blueprints.reception import reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping.forms import OfVisit
from portal.blueprints.reception.keeping.models import Deposit, KeyLoan
from portal.guards import me
from portal.hx import wants_fragment
from portal.i18n import _
from portal.kernel import numbers
from portal.kernel.db import db
from portal.kernel.workflow import Refused

for _name, _prefix in (("deposit", "JC"), ("keyloan", "YS"), ("goodspass", "WP")):
    in_addresses(bp, _name, numbers.shape(_prefix))


def knows_its_visit(form: OfVisit) -> bool:
    """False, with the message beside the field, when the form names a visit that is not there."""
    if form.visit.data and not form.visit.errors:
        try:
            reach.find(me(), form.visit.data)
        except NotFound:
            form.visit.errors = [_("There is no such visit.")]
            return False
    return True


def sent(form: OfVisit) -> bool:
    """True when the form can be acted on."""
    return form.validate() and knows_its_visit(form)


def again(
    drawn: Callable[[], tuple[str, dict[str, Any]]], code: int, refused: Refused | None = None
) -> Response:
    """The page with the form as it was typed, and why it was not taken; for htmx a refusal is a toast."""
    if refused is not None and wants_fragment():
        raise refused
    db.session.rollback()
    template, context = drawn()
    said = [errors.say(reason) for reason in refused.reasons] if refused else []
    return make_response(render_template(template, refused=said, **context), code)


def back_to(back: str | None, visit: str | None, listed: str, own: str) -> str:
    """Where a form came from: its visit's page, the list, else the thing's own page."""
    if back == "visit" and visit:
        return url_for("reception.visit_keeping", visit_number=visit)
    return url_for(listed) if back == "list" else own


def back_of(held: Deposit | KeyLoan, listed: str, own: str) -> str:
    """The same for a verb on what is held or lent."""
    return back_to(request.form.get("back"), held.visit.number if held.visit else None, listed, own)
