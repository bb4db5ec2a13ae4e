"""/reception/privacy/: terms that are over, one person's data; a visit's phone number shown once (RC-20)."""

from __future__ import annotations

import json
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.reception import page, parts, reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.retention import actions, queries, rules
from portal.blueprints.reception.retention.forms import ConfirmForm
from portal.blueprints.reception.retention.queries import Found, RipeList
from portal.blueprints.reception.traces import Person
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l, ngettext
from portal.kernel import clock, customers, lists, mentions, policies
from portal.kernel.customers import Met
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
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
def one_person() -> str:
    """Whose data are asked for."""
    return render_template("reception/privacy/person.html", **_person(Person(), ConfirmForm.blank()))


def _asked() -> Person:
    """Who a form asks about."""
    return Person(lists.words(request.form.get("name"), 120), lists.words(request.form.get("phone"), 40))


@bp.post("/privacy/person")
@needs(May.MANAGE_OFFICE)
def find_person() -> str:
    """All that is kept of one person; a form of its own, so that neither name nor number stands in an address."""
    return render_template("reception/privacy/person.html", **_person(_asked(), ConfirmForm.blank()))


def _person(asked: Person, form: ConfirmForm, refused: str = "") -> dict[str, Any]:
    found = queries.find(asked)
    leaving = found.leaving
    return {
        "asked": asked,
        "found": found,
        "leaving": leaving,
        "elsewhere": _elsewhere(found),
        "form": form,
        "refused": refused or " ".join(errors.say(reason) for reason in found.against),
        "masked": customers.masked,
    }


def _elsewhere(found: Found) -> list[Met]:
    """What other areas keep of the person's phone numbers by a term of their own (CP-20), if the viewer may see it."""
    phones = {trace.phone for trace in found.traces if trace.phone} | {
        found.person.phone,
        mentions.digits(found.person.phone),
    }
    viewer = me()
    return [met for area in customers.OF_PHONES for met in area(viewer, phones - {""})]


@bp.post("/privacy/person/export")
@needs(May.MANAGE_OFFICE)
def export_person() -> Response:
    """One person's data as a file to hand over; that it was is written down."""
    asked = _asked()
    try:
        told = actions.take_out(asked, by=me(), now=clock.now()) if asked.asks else {}
    except Refused as refused:
        return _refused(asked, ConfirmForm.blank(), refused)
    if met := _elsewhere(queries.find(asked)):
        told["kept_elsewhere"] = {
            "numbers": [each.number for each in met],
            "note": _(
                "Complaints are kept by a rule of their own (CP-20) and are not removed with the visits."
            ),
        }
    answer = make_response(json.dumps(told, ensure_ascii=False, indent=1))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=personal-data.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/privacy/person/remove")
@needs(May.MANAGE_OFFICE)
def remove_person() -> Response:
    """One person is forgotten on request, after the number of entries was typed."""
    asked = _asked()
    drawn = _person(asked, ConfirmForm.blank())
    form = ConfirmForm.of_request(count=len(drawn["leaving"]))
    if not form.validate():
        return make_response(
            render_template("reception/privacy/person.html", **(drawn | {"form": form})), 422
        )
    try:
        gone, stay = actions.remove(asked, by=me(), now=clock.now()) if asked.asks else (0, 0)
    except Refused as refused:
        return _refused(asked, form, refused)
    said = _nameless(gone)
    if stay:
        said = f"{said} {ngettext('%(num)s stays for now.', '%(num)s stay for now.', stay)}"
    return gone_to(url_for(".one_person"), said=said)


def _refused(asked: Person, form: ConfirmForm, refused: Refused) -> Response:
    said = " ".join(errors.say(reason) for reason in refused.reasons)
    return make_response(render_template("reception/privacy/person.html", **_person(asked, form, said)), 409)


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
