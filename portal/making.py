"""A form that makes something new, taken once however often it is sent. What is there already is moved by `verbs`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.forms import VerbForm
from portal.guards import me
from portal.hx import gone_to
from portal.kernel import clock, sent_forms
from portal.kernel.db import db
from portal.kernel.sent_forms import SaidOtherwise, Sent, TakenBefore
from portal.kernel.workflow import Reason, Refused
from portal.verbs import tell_why


def made_once(
    form: VerbForm,
    this: Sent | None,
    *,
    make: Callable[..., Any],
    draw: Callable[[Any, int], Response],
    back: Callable[[Any], str],
    said: str,
    overtaken: Reason | None = None,
) -> Response:
    """What the form makes, or the form as it was typed with what is wrong (422) or in the way (409).

    `make(by=, now=, sent=, **given)` is called inside one write; `draw(form, code)` shows the form again; `back(made)`
    is where the page goes on, of None for a form that was taken before. `overtaken` is said where the database takes
    one of two who came at the same moment; without it the error goes on.
    """
    if sent_forms.done_before(me(), this):
        return gone_to(back(None), said=said)
    if not form.validate():
        return draw(form, 422)
    # What is new has no version, whatever form it shares with what is there.
    given = {name: value for name, value in form.given().items() if name != "version"}
    try:
        with db.write():
            made = make(by=me(), now=clock.now(), sent=this, **given)
    except TakenBefore:
        return gone_to(back(None), said=said)
    except (Refused, SaidOtherwise) as against:
        tell_why(form, against)
        return draw(form, 409)
    except IntegrityError:
        if overtaken is None:
            raise
        tell_why(form, Refused([overtaken]))
        return draw(form, 409)
    return gone_to(back(made), said=said)
