"""/reception/supplies/purchases/: requests that supplies be bought (RC-15)."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.supplies import actions, forms, page, queries, rules
from portal.blueprints.reception.supplies.common import RESENT, looking
from portal.blueprints.reception.supplies.labels import PURCHASE_SAID
from portal.blueprints.reception.supplies.models import Purchase
from portal.blueprints.reception.supplies.workflow import PURCHASE
from portal.guards import me, needs
from portal.hx import gone_to, invalid
from portal.i18n import _
from portal.kernel import clock, numbers
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden
from portal.papers import Paper, printed
from portal.verbs import Verbs

ASK = "reception/supplies/ask.html"
BUY, PAGE = "reception/supplies/_purchase.html", "reception/supplies/purchase.html"


in_addresses(bp, "purchase", numbers.shape("CG"))


@bp.get("/supplies/purchases/")
@needs(May.SEE_VISITS)
def purchases() -> str:
    """The purchase requests, newest first."""
    asked = queries.PurchaseList.asked_for(looking(), request.args)
    return render_template("reception/supplies/purchases.html", **page.purchases(asked))


@bp.route("/supplies/purchases/new", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def new_purchase() -> Response | str:
    """Ask for supplies to be bought; `?low=1` proposes what is below its minimum (RC-15)."""
    viewer = me()
    if not rules.keeps_stock(viewer):
        raise Forbidden("ask", rules.CLAUSE)
    if request.method == "GET":
        form = page.ask_form(low=request.args.get("low") == "1", only=request.args.get("supply", ""))
        return render_template(ASK, **_asking(form))
    form = page.ask_form(sent=True)
    if not form.validate():
        return invalid(ASK, page=ASK, **_asking(form))
    key = form.idempotency_key.data
    try:
        number = actions.ask(
            form.lines(), by=viewer, now=clock.now(), reason=form.reason.data, key=key
        ).number
    except actions.Doubled as sent:
        db.session.rollback()
        number = sent.number
        if not sent.same:
            form.idempotency_key.process_data(None)
            return make_response(render_template(ASK, **_asking(form), refused=[str(RESENT)]), 409)
    said = _("Purchase request %(number)s waits for approval.", number=number)
    return gone_to(url_for(".purchase", purchase_number=number), said=said)


def _asking(form: forms.AskForm) -> dict[str, Any]:
    return {
        "form": form,
        "some_low": any(supply.low for supply in form.supplies),
        "lines": page.asked_for(form),
        "called": forms.called,
        "unit_of": forms.unit_of,
    }


@bp.get("/supplies/purchases/<purchase:purchase_number>")
@needs(May.SEE_VISITS)
def purchase(purchase_number: str) -> str:
    """One purchase request: its lines, what comes next, what happened."""
    viewer = me()
    found = queries.find_purchase(viewer, purchase_number)
    return render_template(PAGE, **page.purchase_card(found, viewer, do=request.args.get("do", "")))


@printed(bp, "/supplies/purchases/<purchase:purchase_number>/sheet", May.SEE_VISITS)
def purchase_sheet(purchase_number: str) -> Paper:
    """The request as an A4 form (GO-01)."""
    found = queries.find_purchase(me(), purchase_number)
    title = _("PDF of purchase request %(number)s", number=purchase_number)
    drawn, file = page.sheet(found), f"{purchase_number}.pdf"
    return Paper("reception/supplies/sheet.html", purchase_number, title, file, drawn, version=found.version)


def _sent(found: Purchase, verb: str) -> forms.ActForm:
    return page.act_form(verb, queries.lines_of(found) if verb == "receive" else [], sent=True)


PURCHASES = Verbs(
    flow=PURCHASE,
    find=queries.find_purchase,
    form=_sent,
    act=actions.act,
    draw=page.purchase_card,
    said=PURCHASE_SAID,
    back=lambda found, _verb: url_for(".purchase", purchase_number=found.number),
    page=PAGE,
    part=BUY,
)


PURCHASES.add_to(bp, "/supplies/purchases/<purchase:purchase_number>", "purchase_{}", May.SEE_VISITS)
