"""/reception/privacy/: terms that are over; a visit's phone number shown once (RC-20)."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.reception import page, parts, reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.retention import actions, queries, rules
from portal.blueprints.reception.retention.forms import ConfirmForm
from portal.blueprints.reception.retention.queries import RipeList
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _l, ngettext
from portal.kernel import clock, customers, policies
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part

parts.PARTS.append(Part(_l("Privacy"), "reception.privacy", May.MANAGE_OFFICE, 95))


@bp.get("/privacy/")
@needs(May.MANAGE_OFFICE)
def privacy() -> str:
    """What is past its term, what is left out and why; the way to one person's data."""
    return render_template("reception/privacy/index.html", **_overview(ConfirmForm.blank()))


def _overview(form: ConfirmForm) -> dict[str, Any]:
    now = clock.now()
    asked, months = RipeList.asked_for(me(), request.args), queries.months(now)
    others = queries.other_things(now)
    rows, newer, older = asked.page(now)
    visits = sum(count for _month, count in months)
    total = visits + sum(count for _keeper, count in others)
    return {
        "form": form,
        "months": months,
        "visits": visits,
        "others": others,
        "total": total,
        "at_once": min(total, actions.AT_ONCE),
        "rows": rows,
        "newer": newer,
        "older": older,
        "left_out": [
            (row, errors.say(reason))
            for row in queries.left_out(now)
            if (reason := rules.against_forgetting(row)) is not None
        ],
        "until": queries.until(now),
        "days": policies.number("retention.visits_days", now),
        "masked": customers.masked,
    }


@bp.post("/privacy/forget")
@needs(May.MANAGE_OFFICE)
def forget_past_term() -> Response:
    """Names and texts past their term go, after their number was typed."""
    now = clock.now()
    total = sum(count for _what, count in (*queries.months(now), *queries.other_things(now)))
    form = ConfirmForm.of_request(count=min(total, actions.AT_ONCE))
    if not form.validate():
        return make_response(render_template("reception/privacy/index.html", **_overview(form)), 422)
    count = actions.forget_past_term(by=me(), now=now)
    return gone_to(url_for(".privacy"), said=_nameless(count))


def _nameless(count: int) -> str:
    return ngettext("%(num)s entry has no name any more.", "%(num)s entries have no names any more.", count)


@bp.get("/privacy/person")
@needs(May.MANAGE_OFFICE)
def one_person() -> Response:
    """One person's data are looked for in every area at once, and removed when a second person confirms."""
    return redirect(url_for("office.person_requests"))


@bp.post("/visits/<visit:number>/reveal")
@needs(May.SEE_VISITS)
def reveal(number: str) -> Response:
    """The whole phone number, shown once and written down."""
    viewer = me()
    with db.write():
        visit = reach.find(viewer, number, lock=True)
        actions.reveal(visit, by=viewer, now=clock.now())
    drawn = page.card(visit, viewer) | {"whole_number": visit.phone}
    template = "reception/privacy/_phone.html" if wants_fragment() else "reception/show.html"
    return make_response(render_template(template, **drawn))
