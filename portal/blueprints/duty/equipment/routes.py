"""/duty/equipment/: the ledger, one piece of it with its past and its card on A4, Excel out and in (DR-13)."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.equipment import actions, page, queries, sheet
from portal.blueprints.duty.equipment.forms import CODE, EquipmentForm, NewEquipmentForm
from portal.blueprints.duty.parts import PARTS
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, called
from portal.import_pages import ImportPages
from portal.kernel import clock, sent_forms, sheets
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import tell_why

PARTS.append(Part(_l("Equipment"), "duty.equipment", May.SEE_DUTY, 36))
in_addresses(bp, "equipment", CODE.pattern)
INDEX, SHOW, EDIT = (f"duty/equipment/{name}.html" for name in ("index", "show", "edit"))


def _asked() -> queries.EquipmentList:
    return queries.EquipmentList.asked_for(me(), request.args)


@bp.get("/equipment/")
@needs(May.SEE_DUTY)
def equipment() -> str:
    """The ledger; its filters are in the address."""
    return render_template(INDEX, **page.listed(_asked()))


@bp.get("/equipment/export")
@needs(May.EXPORT_CASES)
def export_equipment() -> Response:
    """What the list shows, every row of it, as a workbook."""
    book = sheet.book(_asked().things())
    return sheets.send(f"{_('Equipment')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.route("/equipment/new", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def new_equipment() -> Response | str:
    """Another piece of equipment."""
    title = _("New equipment")
    if request.method == "GET":
        return render_template(EDIT, **page.edited(NewEquipmentForm.blank(), title))
    form, this = NewEquipmentForm.of_request(), sent("equipment", "create")
    if sent_forms.done_before(me(), this):
        return _added(request.form["name"])
    if not form.validate():
        return make_response(render_template(EDIT, **page.edited(form, title)), 422)
    try:
        with db.write():
            sent_forms.insist_fresh(me(), this)
            key = form.idempotency_key.data
            made = actions.add(by=me().id, now=clock.now(), idempotency_key=key, **form.record())
            sent_forms.taken(made, me(), this, clock.now())
    except TakenBefore:
        return _added(form.name.data)
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(render_template(EDIT, **page.edited(form, title)), 409)
    except IntegrityError:  # of two who add the same code at once, one does
        db.session.rollback()
        form.code.errors = [_("This code is taken.")]
        return make_response(render_template(EDIT, **page.edited(form, title)), 422)
    return gone_to(
        url_for(".one_equipment", equipment_code=made.code), said=_("Added: %(name)s.", name=form.name.data)
    )


def _added(name: str) -> Response:
    return gone_to(url_for(".equipment"), said=_("Added: %(name)s.", name=name))


@bp.get("/equipment/<equipment:equipment_code>")
@needs(May.SEE_DUTY)
def one_equipment(equipment_code: str) -> str:
    """One piece of equipment: who answers for it, what is done when it fails, its inspections and repairs (DR-13)."""
    return render_template(SHOW, **page.shown(queries.find(equipment_code), me()))


@bp.route("/equipment/<equipment:equipment_code>/edit", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def edit_equipment(equipment_code: str) -> Response | str:
    """Other words or another person. A stale edit answers 409 and shows both versions."""
    thing = queries.find(equipment_code)
    title = f"{called(thing)} {thing.code}"
    if request.method == "GET":
        return render_template(EDIT, **page.edited(page.form_of(thing), title))
    form = EquipmentForm.of_request()
    if not form.validate():
        return make_response(render_template(EDIT, **page.edited(form, title)), 422)
    with db.write():
        thing = queries.find(equipment_code, lock=True)
        stale = form.version.stale(thing.version)
        if not stale:
            actions.edit(thing, by=me().id, now=clock.now(), **form.record())
    if stale:
        stored = page.form_of(thing)
        rows = [
            (field.label.text, field.data, stored[field.name].data)
            for field in form.asks()
            if field.data != stored[field.name].data
        ]
        form.version.process_data(thing.version)
        return make_response(render_template(EDIT, **page.edited(form, title, rows)), 409)
    return gone_to(
        url_for(".one_equipment", equipment_code=equipment_code),
        said=_("Changed: %(name)s.", name=form.name.data),
    )


@printed(bp, "/equipment/<equipment:equipment_code>/print", May.SEE_DUTY)
def equipment_print(equipment_code: str) -> Paper:
    """The ledger's card of one piece of equipment on A4 (DR-13)."""
    thing = queries.find(equipment_code)
    return Paper(
        "duty/equipment/print.html",
        thing.code,
        _("PDF of the card of %(number)s", number=thing.code),
        f"{thing.code}.pdf",
        page.drawn(thing, me()) | {"form_number": page.FORM_NUMBER},
        version=thing.version,
    )


ImportPages(
    kind=sheet.EQUIPMENT,
    title=_l("Import equipment"),
    about=_l(
        "The ledger from elsewhere, written into an Excel workbook, is recorded as if each row had been typed. (DR-13)"
    ),
    sheet=_l("Equipment"),
    file=_l("Template for equipment"),
    address=lambda code: url_for("duty.one_equipment", equipment_code=code),
    tabs="duty/_parts.html",
    endpoint="duty.import_equipment",
    list_endpoint="duty.equipment",
    exported="duty.export_equipment",
).add_to(bp, "/equipment/import")
