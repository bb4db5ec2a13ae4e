"""RC-20: to whom a customer's whole phone number is shown, and how a look at it by anybody else is written down.

Whoever calls the customer has the number on the page of the matter; a line of history for each view of that page would
only say who works on it. All others who may see the matter, and everybody once it is closed, see a part of the number and
ask for the rest. Workbooks and prints show what the page would.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from portal.blueprints.complaints.codes import OPEN
from portal.blueprints.complaints.models import Case
from portal.guards import me
from portal.hx import wants_fragment
from portal.kernel import clock, history
from portal.kernel.customers import masked
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

PART = "complaints/_phone.html"


def calls_customer(viewer: Viewer, whose: Collection[int | None], department: str | None) -> bool:
    """RC-20: whether it is this person's part to call the customer: whose matter it is, their lead, the desk.

    The general office and the general manager may do what these do; that alone is no reason to see a number.
    """
    return viewer.id in whose or viewer.role is Role.DESK or department in viewer.leads


def of_case(case: Case, viewer: Viewer) -> dict[str, str]:
    """What a case's page shows of the number."""
    whose = (case.first_responder_id, case.handler_id, case.reporter)
    return whole(case, case.state in OPEN and calls_customer(viewer, whose, case.department))


def in_part(shown: dict[str, str]) -> str:
    """Of `whole`: the number as a form shows it to whoever does not see it whole; empty for all others."""
    return "" if shown["whole_number"] else shown["phone"]


def handed_over(case: Case, viewer: Viewer) -> str:
    """The whole number for an order that was asked for without seeing it, written down as a look. Inside a write."""
    history.record(case, "case:reveal", by=viewer.id, now=clock.now(), clause="RC-20")
    return case.customer_phone


def whole(thing: Any, calls: bool) -> dict[str, str]:
    """For a template: the number as facts and prints show it, and the whole one for whoever calls."""
    number = thing.customer_phone
    return {"phone": number if calls else masked(number), "whole_number": number if calls else ""}


def reveal(
    find: Callable[..., Any], key: Any, draw: Callable[[Any, Viewer], dict[str, Any]], page: str
) -> Response:
    """The whole number, shown once and written down: the answer to the form of `PART`."""
    viewer = me()
    with db.write():
        thing = find(viewer, key, lock=True)
        event = f"{thing.history_kind}:reveal"
        history.record(thing, event, by=viewer.id, now=clock.now(), clause="RC-20")
    drawn = draw(thing, viewer) | {"whole_number": thing.customer_phone, "thing": thing}
    return make_response(render_template(PART if wants_fragment() else page, **drawn))
