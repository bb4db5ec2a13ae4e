"""/reception/parcels/: what lies at the desk with its quick entry, a parcel, one address for each verb."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.reception import books, parts
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.parcels import actions, page, queries
from portal.blueprints.reception.parcels.forms import FORMS, EntryForm, ParcelForm
from portal.blueprints.reception.parcels.labels import SAID
from portal.blueprints.reception.parcels.workflow import PARCEL, PUT_BACK, RETURN, SIGN
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l
from portal.kernel import clock, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused

INDEX, SHOW = "reception/parcels/index.html", "reception/parcels/show.html"

parts.PARTS.append(parts.Part(_l("Letters and parcels"), "reception.parcels", May.SEE_VISITS, 41))


class NumberConverter(BaseConverter):
    """A parcel's number in an address; anything else is not found."""

    regex = r"SF-[0-9]{8}-[0-9]{4,9}"
    part_isolating = True


@bp.record_once
def _parcel_converter(state: Any) -> None:
    state.app.url_map.converters["parcel"] = NumberConverter


def _asked() -> queries.ParcelList:
    return queries.ParcelList.asked_for(me(), request.args)


@bp.get("/parcels/")
@needs(May.SEE_VISITS)
def parcels() -> str:
    """What lies at the desk, the oldest first; its filters are in the address (RC-29)."""
    return render_template(INDEX, **page.listed(_asked(), more=request.args.get("more", "")[:24]))


@bp.post("/parcels/take-in")
@needs(May.RECEIVE)
def take_in_parcel() -> Response:
    """Something arrived; the form stays for the next, with kind, sender and place (RC-29)."""
    form = EntryForm.of_request()
    if not form.validate():
        return make_response(render_template(INDEX, **page.listed(_asked(), form)), 422)
    try:
        with db.write():
            made = actions.take_in(by=me(), now=clock.now(), **form.given())
    except books.SentBefore as sent:
        if not sent.same:
            db.session.rollback()
            form.idempotency_key.data = None
            form.form_errors.append(
                _("This form was sent before with other words. Send it again to record a second one.")
            )
            return make_response(render_template(INDEX, **page.listed(_asked(), form)), 409)
        made = sent.made
    said = _("%(number)s is taken in; %(whom)s was told.", number=made.number, whom=page.whom(made))
    return gone_to(url_for(".parcels", more=made.number), said=said)


@bp.get("/parcels/export")
@needs(May.EXPORT_CASES)
def export_parcels() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows = _asked().rows(sheets.MOST_ROWS)
    book = sheets.workbook(_("Letters and parcels"), page.columns(), map(page.sheet_row, rows))
    return sheets.send(f"{_('Letters and parcels')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.get("/parcels/<parcel:parcel_number>")
@needs(May.SEE_VISITS)
def parcel(parcel_number: str) -> str:
    """One parcel: whose it is, where it lies, what comes next; `?do=verb` opens that verb's form."""
    return render_template(
        SHOW, **page.shown(queries.find(me(), parcel_number), do=request.args.get("do", ""))
    )


def _act(number: str, verb: str) -> Response:
    """One verb: reach (404), right (403), state (409), form (422), gates (409)."""
    viewer = me()
    found = queries.find(viewer, number)
    transitions.check(PARCEL, found, verb, viewer)
    form = FORMS[verb].of_request()
    if not form.validate():
        return make_response(render_template(SHOW, **page.shown(found, do=verb, tried=form)), 422)
    try:
        with db.write():
            found = queries.find(viewer, number, lock=True)
            form.version.insist(found.version)
            transitions.perform(
                PARCEL, found, verb, actions.ACTIONS[verb], by=viewer, now=clock.now(), **form.given()
            )
    except Refused as refused:
        return _refused(refused, number, verb, form)
    # The list's own button comes back to the list.
    listed = request.form.get("list") == "1"
    back = url_for(".parcels") if listed else url_for(".parcel", parcel_number=number)
    return gone_to(back, said=str(SAID[verb] % {"number": number}))


def _refused(refused: Refused, number: str, verb: str, form: ParcelForm) -> Response:
    """A gate's answer (409): for htmx a toast that leaves the page alone, else the page with what was typed."""
    if wants_fragment():
        raise refused
    db.session.rollback()
    said = [errors.say(reason) for reason in refused.reasons]
    drawn = page.shown(queries.find(me(), number), do=verb, tried=form, refused=said)
    if verb not in drawn["forms"]:  # there is no form left to keep the text in
        raise refused
    return make_response(render_template(SHOW, **drawn), 409)


@bp.post("/parcels/<parcel:parcel_number>/sign")
@needs(May.SEE_VISITS)
def sign_for_parcel(parcel_number: str) -> Response:
    """It was handed over, or its recipient confirms to have it (RC-29)."""
    return _act(parcel_number, SIGN)


@bp.post("/parcels/<parcel:parcel_number>/return")
@needs(May.SEE_VISITS)
def return_parcel(parcel_number: str) -> Response:
    """It went back to its sender (RC-29)."""
    return _act(parcel_number, RETURN)


@bp.post("/parcels/<parcel:parcel_number>/put-back")
@needs(May.SEE_VISITS)
def put_back_parcel(parcel_number: str) -> Response:
    """It is here after all (RC-29)."""
    return _act(parcel_number, PUT_BACK)
