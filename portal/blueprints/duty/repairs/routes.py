"""/duty/repairs/: repair orders, a new one by form or by one touch, one address for each verb, A4, workbook (DR-13)."""

from __future__ import annotations

from flask import abort, make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.equipment.queries import ledger
from portal.blueprints.duty.log import queries as log
from portal.blueprints.duty.log.rules import may_be_ordered
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.repairs import actions, page, queries
from portal.blueprints.duty.repairs.forms import FORMS, RegisterForm
from portal.blueprints.duty.repairs.labels import SAID
from portal.blueprints.duty.repairs.workflow import REPAIR
from portal.forms import VerbForm
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, files, lists, numbers, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise
from portal.kernel.workflow import Reason, Refused
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs, tell_why

PARTS.append(Part(_l("Repair orders"), "duty.repairs", May.SEE_DUTY, 34))
in_addresses(bp, "repair", numbers.shape("WX"))
INDEX, NEW, SHOW = (f"duty/repairs/{name}.html" for name in ("index", "new", "show"))


def _asked() -> queries.RepairList:
    return queries.RepairList.asked_for(me(), request.args)


@bp.get("/repairs/")
@needs(May.SEE_DUTY)
def repairs() -> str:
    """Repair orders, those that are open unless others are asked for; the filters are in the address."""
    return render_template(INDEX, **page.listed(_asked(), queries.may_register(me())))


@bp.get("/repairs/export")
@needs(May.EXPORT_CASES)
def export_repairs() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows = map(page.sheet_row, _asked().rows(sheets.MOST_ROWS))
    book = sheets.workbook(_("Repair orders"), page.columns(), rows)
    return sheets.send(f"{_('Repair orders')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.route("/repairs/new", methods=["GET", "POST"])
@needs(May.SEE_DUTY)
def new_repair() -> Response | str:
    """A breakdown: by its form, or by one touch of an entry of the shift log."""
    if not queries.may_register(me()):
        abort(403)
    if request.method == "GET":
        row = ledger().get(request.args.get("equipment", "").upper()[:24])
        form = RegisterForm.blank(equipment=row.code if row else "", place=row.place if row else "")
        return render_template(NEW, **page.entered(form))
    if entry_number := lists.words(request.form.get("entry"), 24):
        return _of_entry(entry_number)
    form = RegisterForm.of_request()
    if not form.validate():
        return make_response(render_template(NEW, **page.entered(form)), 422)
    row = form.equipment.row
    post = posts.ground().posts.get(row.post_id) if row and row.post_id else None
    try:
        with db.write():
            made = actions.register(by=me(), now=clock.now(), post=post, **form.given())
    except actions.SentBefore as sent:
        made = sent.made
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(render_template(NEW, **page.entered(form)), 409)
    return _registered(made.number)


def _of_entry(number: str) -> Response:
    """DR-12: the entry stays the fault in the log; a second touch leads to the order that the first one made."""
    entry = log.find(me(), number)
    if (known := queries.of_entry(entry.id)) is not None:
        return _made_before(known)
    if not may_be_ordered(entry):
        raise Refused([Reason("DR-12", "no_open_fault", {"number": entry.number})])
    post = posts.ground().posts[entry.post_id]
    thing = ledger().get(entry.equipment_code)
    try:
        with db.write():
            made = actions.register(
                by=me(), now=clock.now(), what=entry.text, entry=entry, equipment=thing,
                department=thing.department if thing else post.department, place=thing.place if thing else "",
                major=entry.major, idempotency_key=VerbForm.of_request().idempotency_key.data,
            )  # fmt: skip
    except actions.SentBefore as sent:
        made = sent.made
    except IntegrityError:  # a colleague touched it at the same moment
        db.session.rollback()
        return _made_before(queries.of_entry(entry.id) or "")
    return _registered(made.number)


def _made_before(number: str) -> Response:
    said = _("%(number)s was made of this entry before.", number=number)
    return gone_to(url_for(".repair", repair_number=number), said=said)


def _registered(number: str) -> Response:
    return gone_to(
        url_for(".repair", repair_number=number), said=_("%(number)s is registered.", number=number)
    )


@bp.get("/repairs/<repair:repair_number>")
@needs(May.SEE_DUTY)
def repair(repair_number: str) -> str:
    """One order: what is broken, who repairs it, what comes next; `?do=verb` opens that verb's form."""
    do = request.args.get("do", "").removeprefix("repair-")
    return render_template(SHOW, **page.shown(queries.find(me(), repair_number), me(), do=do))


@bp.get("/repairs/<repair:repair_number>/pictures/<int:file_id>")
@needs(May.SEE_DUTY)
def repair_picture(repair_number: str, file_id: int) -> Response:
    """One picture of the breakdown, to those who may see the order."""
    return files.send_one_of("repair", queries.find(me(), repair_number).id, file_id)


@printed(bp, "/repairs/<repair:repair_number>/print", May.SEE_DUTY)
def repair_print(repair_number: str) -> Paper:
    """The order on A4, with room for the signatures (DR-13)."""
    found = queries.find(me(), repair_number)
    return Paper(
        "duty/repairs/print.html",
        found.number,
        _("PDF of the repair order %(number)s", number=found.number),
        f"{found.number}.pdf",
        page.drawn(found) | {"form_number": page.FORM_NUMBER},
        version=found.version,
    )


VERBS = Verbs(
    flow=REPAIR,
    find=queries.find,
    form=FORMS,
    act=transitions.actor(REPAIR, queries.find, actions.ACTIONS),
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for(".repair", repair_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/repairs/<repair:repair_number>", "repair_{}", May.SEE_DUTY)
