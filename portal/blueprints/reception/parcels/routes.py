"""/reception/parcels/: what lies at the desk with its quick entry, a parcel, one address for each verb."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.reception import books, parts
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.parcels import actions, page, queries
from portal.blueprints.reception.parcels.forms import FORMS, EntryForm
from portal.blueprints.reception.parcels.labels import SAID
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.parcels.workflow import PARCEL
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, numbers, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part
from portal.verbs import Verbs

INDEX, SHOW = "reception/parcels/index.html", "reception/parcels/show.html"

parts.PARTS.append(Part(_l("Letters and parcels"), "reception.parcels", May.SEE_VISITS, 41))


in_addresses(bp, "parcel", numbers.shape("SF"))


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
        SHOW, **page.shown(queries.find(me(), parcel_number), me(), do=request.args.get("do", ""))
    )


def _back(found: Parcel, _verb: str) -> str:
    """The list's own button comes back to the list."""
    listed = request.form.get("list") == "1"
    return url_for(".parcels") if listed else url_for(".parcel", parcel_number=found.number)


VERBS = Verbs(
    flow=PARCEL,
    find=queries.find,
    form=FORMS,
    act=transitions.actor(PARCEL, queries.find, actions.ACTIONS),
    draw=page.shown,
    said=SAID,
    back=_back,
    page=SHOW,
)
VERBS.add_to(bp, "/parcels/<parcel:parcel_number>", "parcel_{}", May.SEE_VISITS)
