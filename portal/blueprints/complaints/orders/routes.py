"""/complaints/orders/: the list, the request, an order's page, its printed sheets, and one address for each verb."""

from __future__ import annotations

from flask import abort, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import errors
from portal.addresses import in_addresses
from portal.blueprints.complaints import phones
from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.orders import actions, forms, page, queries
from portal.blueprints.complaints.orders.labels import SAID
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.blueprints.complaints.routes import bp
from portal.guards import me, needs
from portal.hx import gone_to, invalid, wants_fragment
from portal.i18n import _
from portal.kernel import clock, numbers, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.papers import Paper, printed
from portal.verbs import Verbs

CARD, PAGE = "complaints/orders/_card.html", "complaints/orders/show.html"
NEW, EDIT = "complaints/orders/new.html", "complaints/orders/edit.html"


in_addresses(bp, "order", numbers.shape("WX"))


@bp.get("/orders/")
@needs(May.SEE_CASES)
def orders() -> str:
    """The service orders; the filters are in the address."""
    asked = queries.OrderList.asked_for(me(), request.args)
    return render_template("complaints/orders/index.html", **page.listed(asked))


@bp.get("/orders/export")
@needs(May.EXPORT_CASES)
def export_orders() -> Response:
    """What the list shows, as a workbook."""
    asked = queries.OrderList.asked_for(me(), request.args)
    rows = asked.rows(clock.now(), queries.MOST_EXPORTED)
    title = _("Service orders")
    return sheets.send(title, sheets.workbook(title, page.columns(), page.exported(rows)))


@bp.route("/orders/new", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def new_order() -> Response | str:
    """Ask for a repair or an installation for the customer of a case (CP-30)."""
    if request.method == "GET":
        case = cases.find(me(), number) if (number := request.args.get("case", "")) else None
        return render_template(NEW, form=page.blank(case, me()), case=case)
    form = forms.NewOrderForm.of_request(masked=_masked(request.form.get("case", "")))
    if not form.validate():
        return invalid(NEW, page=NEW, form=form, case=None)
    try:
        with db.write():
            case = cases.find(me(), form.case.data, lock=True)
            told = form.record()
            if form.left_masked:
                told["customer_phone"] = phones.handed_over(case, me())
            number = actions.ask(
                case, by=me(), now=clock.now(), idempotency_key=form.idempotency_key.data, **told
            ).number
    except NotFound:
        form.case.errors = [_("There is no such case, or none that you may see.")]
        return invalid(NEW, page=NEW, form=form, case=None)
    except Refused as refused:
        if wants_fragment():
            raise
        return _not_taken(form, [errors.say(reason) for reason in refused.reasons])
    except actions.Doubled as sent:
        number = sent.number
        if not sent.same:
            form.idempotency_key.process_data(None)
            said = _("This form was sent before with other words. Send it again to ask for a second order.")
            return _not_taken(form, [said])
    back = url_for(".order", order_number=number)
    return gone_to(back, said=_("Order %(number)s is asked for.", number=number))


def _masked(case_number: str) -> str:
    """The number of the case that a form names, as far as it is shown to the viewer (RC-20)."""
    try:
        return phones.in_part(phones.of_case(cases.find(me(), case_number), me()))
    except NotFound:
        return ""


def _not_taken(form: forms.NewOrderForm, said: list[str]) -> Response:
    """The request as it was typed, and why it was not taken (409)."""
    db.session.rollback()
    return make_response(render_template(NEW, form=form, case=None, refused=said), 409)


@bp.get("/orders/<order:order_number>")
@needs(May.SEE_CASES)
def order(order_number: str) -> str:
    """An order: what it is about, what was done, what comes next; `?do=verb` opens that verb's form."""
    found = queries.find(me(), order_number)
    template = CARD if wants_fragment() and request.args.get("part") == "card" else PAGE
    return render_template(template, **page.card(found, me(), do=request.args.get("do", "")))


@bp.post("/orders/<order:order_number>/reveal")
@needs(May.SEE_CASES)
def reveal_order(order_number: str) -> Response:
    """The customer's whole phone number; the look is written down (RC-20)."""
    return phones.reveal(queries.find, order_number, page.card, PAGE)


@printed(bp, "/orders/<order:order_number>/sheet", May.SEE_CASES)
def order_sheet(order_number: str) -> Paper:
    """The order as an A4 form to be signed on site (CP-30)."""
    found = queries.find(me(), order_number)
    title = _("PDF of order sheet %(number)s", number=order_number)
    drawn, file = page.sheet(found, me()), f"{order_number}.pdf"
    return Paper("complaints/orders/sheet.html", order_number, title, file, drawn, version=found.version)


@printed(bp, "/orders/<order:order_number>/receipt", May.SEE_CASES)
def order_receipt(order_number: str) -> Paper:
    """The receipt for what was taken in (CP-30)."""
    found = queries.find(me(), order_number)
    if not found.things:
        abort(404)
    title = _("PDF of the receipt of %(number)s", number=order_number)
    drawn, file = page.sheet(found, me()), f"{order_number}-receipt.pdf"
    return Paper("complaints/orders/receipt.html", order_number, title, file, drawn, version=found.version)


VERBS = Verbs(
    flow=ORDER,
    find=queries.find,
    form=lambda order, verb: page.form_for(order, verb, sent=True),
    act=actions.act,
    draw=page.card,
    said=SAID,
    back=lambda order, _verb: url_for(".order", order_number=order.number),
    page=PAGE,
    part=CARD,
    still_visible=queries.still_visible,
    list_page=lambda: url_for(".orders"),
)
VERBS.add_to(bp, "/orders/<order:order_number>", "order_{}", May.SEE_CASES, but=("edit",))


@bp.route("/orders/<order:order_number>/edit", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def order_edit(order_number: str) -> Response | str:
    """Mend the sheet. A stale edit answers 409 and shows both versions."""
    viewer = me()
    found = queries.find(viewer, order_number)
    transitions.check(ORDER, found, "edit", viewer)
    if request.method == "GET":
        return render_template(EDIT, order=found, form=page.edit_form(found, viewer))
    form = forms.EditForm.of_request(masked=phones.in_part(page.phone_of(found, viewer)))
    if not form.validate():
        return invalid(EDIT, page=EDIT, order=found, form=form)
    with db.write():
        found = queries.find(viewer, order_number, lock=True)
        stale = form.version.stale(found.version)
        if not stale:
            given = {name: form.data[name] for name in actions.EDITABLE}
            if form.left_masked:
                given["customer_phone"] = found.customer_phone
            transitions.perform(ORDER, found, "edit", actions.edit, by=viewer, now=clock.now(), **given)
    if stale:
        compared = page.compared(found, form)
        form.version.process_data(found.version)
        return make_response(render_template(EDIT, order=found, form=form, compared=compared), 409)
    return gone_to(url_for(".order", order_number=order_number), said=str(SAID["edit"]))
