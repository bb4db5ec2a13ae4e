"""/duty/contacts/: whom to call, by system, in one tap (DR-15)."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import timeline
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.contacts import actions, queries, sheet
from portal.blueprints.duty.contacts.forms import ContactForm, NewContactForm, dialled
from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.systems import System
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, label
from portal.import_pages import ImportPages
from portal.kernel import clock, sent_forms, sheets
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.parts import Part
from portal.verbs import tell_why

INDEX, EDIT = "duty/contacts/index.html", "duty/contacts/edit.html"

PARTS.append(Part(_l("Whom to call"), "duty.contacts", May.SEE_DUTY, 38))


@bp.get("/contacts/")
@needs(May.SEE_DUTY)
def contacts() -> str:
    """The ledger by system; a touch on a number calls it."""
    asked = queries.Asked.of(request.args)
    groups = groupby(asked.rows(), key=lambda contact: contact.system)
    return render_template(
        INDEX,
        asked=asked,
        groups=[(system, list(rows)) for system, rows in groups],
        systems=list(System),
        dialled=dialled,
        name_of=name_of,
        may_edit=me().may(May.RECEIVE),
        may_export=me().may(May.EXPORT_CASES),
    )


@bp.get("/contacts/export")
@needs(May.EXPORT_CASES)
def export_contacts() -> Response:
    """What the ledger shows, every row of it, as a workbook."""
    book = sheet.book(queries.Asked.of(request.args).rows(sheets.MOST_ROWS))
    return sheets.send(f"{_('Whom to call')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.route("/contacts/new", methods=["GET", "POST"])
@needs(May.RECEIVE)
def new_contact() -> Response | str:
    """Somebody more to call (DR-15)."""
    if request.method == "GET":
        return _drawn(NewContactForm.blank(system=request.args.get("system") or None))
    form, this = NewContactForm.of_request(), sent("contact", "create")
    if not form.validate():
        return make_response(_drawn(form), 422)
    try:
        with suppress(TakenBefore), db.write():
            sent_forms.insist_fresh(me(), this)
            made = actions.add(by=me().id, now=clock.now(), **form.record())
            sent_forms.taken(made, me(), this, clock.now())
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(_drawn(form), 409)
    return gone_to(url_for(".contacts"), said=_("Added: %(name)s.", name=form.company.data))


@bp.route("/contacts/<int:contact_id>/edit", methods=["GET", "POST"])
@needs(May.RECEIVE)
def edit_contact(contact_id: int) -> Response | str:
    """Another number, or retired; a stale edit answers 409 and shows both versions (DR-15)."""
    found = queries.find(me(), contact_id)
    if request.method == "GET":
        return _drawn(ContactForm.blank(**{n: getattr(found, n) for n in ContactForm.blank().data}), found)
    form = ContactForm.of_request()
    if not form.validate():
        return make_response(_drawn(form, found), 422)
    with db.write():
        found = queries.find(me(), contact_id)
        db.session.refresh(found, with_for_update=True)
        stale = form.version.stale(found.version)
        if not stale:
            actions.edit(found, by=me().id, now=clock.now(), **form.record())
    if stale:
        rows = [
            (field.label.text, _told(field.data), _told(getattr(found, field.name)))
            for field in form
            if field.name != "version" and field.data != getattr(found, field.name)
        ]
        form.version.process_data(found.version)
        return make_response(_drawn(form, found, rows), 409)
    return gone_to(url_for(".contacts"), said=_("Changed: %(name)s.", name=found.company))


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return label(value) if isinstance(value, System) else str(value)


def _drawn(form: ContactForm, found: Contact | None = None, rows: Any = None) -> str:
    title = found.company if found else _("Somebody more to call")
    return render_template(
        EDIT, form=form, title=title, rows=rows, timeline=timeline.of(found, whole=True) if found else []
    )


ImportPages(
    kind=sheet.CONTACTS,
    title=_l("Import contacts"),
    about=_l(
        "A list of maintainers and suppliers in Excel is recorded as if each row had been typed. (DR-15)"
    ),
    sheet=_l("Whom to call"),
    file=_l("Template for contacts"),
    address=lambda company: url_for("duty.contacts", words=company),
    tabs="duty/_parts.html",
    endpoint="duty.import_contacts",
    list_endpoint="duty.contacts",
    exported="duty.export_contacts",
).add_to(bp, "/contacts/import")
