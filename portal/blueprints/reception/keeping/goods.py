"""/reception/goods/: passes for goods that come in or go out (RC-26)."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import actions, forms, page, queries
from portal.blueprints.reception.keeping.codes import PassState
from portal.blueprints.reception.keeping.common import again, sent
from portal.blueprints.reception.keeping.labels import GOODS_SAID, GOODS_VERBS
from portal.blueprints.reception.keeping.models import GoodsPass
from portal.blueprints.reception.keeping.workflow import GOODS_PASS
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import clock, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.papers import Paper, printed

INDEX, SHOW, SHEET = (f"reception/keeping/{name}.html" for name in ("goods", "pass", "sheet"))
TONES = {
    PassState.ASKED: "warn",
    PassState.APPROVED: "info",
    PassState.DECLINED: "bad",
    PassState.PASSED: "ok",
}


@bp.get("/goods/")
@needs(May.SEE_VISITS)
def goods() -> str:
    """The passes that the viewer may see, and the form for a new one."""
    return render_template(INDEX, **_listed())


def _listed(tried: forms.GoodsForm | None = None) -> dict[str, Any]:
    asked = queries.GoodsList.asked_for(me(), request.args if request.method == "GET" else MultiDict())
    rows, newer, older = asked.paged(asked.rows())
    url = url_for(".goods")
    return {
        "asked": asked,
        "rows": rows,
        "tones": TONES,
        "newer": newer and f"{url}?{newer}",
        "older": older and f"{url}?{older}",
        "form": tried
        or forms.GoodsForm.blank(visit=request.args.get("visit", "")[:24], department=me().department),
        **page.WORDS,
    }


@bp.get("/goods/export")
@needs(May.RECEIVE)
def export_goods() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows = queries.GoodsList.asked_for(me(), request.args).rows(sheets.MOST_ROWS)
    captions = (
        _("Number"), _("In or out"), _("Goods"), _("Amount"), _("Who carries them"), _("Company"), _("Department"),
        _("Visit number"), _("State"), _("Asked for on"), _("Asked by"), _("Decided"), _("Decided by"),
        _("Checked at the desk"), _("Checked by"),
    )  # fmt: skip
    cells = (
        [
            row.number, label(row.direction), row.what, row.amount, row.carrier, row.company,
            department_name(row.department), row.visit.number if row.visit else "", label(row.state),
            row.asked_at, name_of(row.asked_by_id), row.decided_at,
            name_of(row.decided_by_id) if row.decided_at else "", row.checked_at,
            name_of(row.checked_by_id) if row.checked_at else "",
        ]
        for row in rows
    )  # fmt: skip
    book = sheets.workbook(_("Goods passes"), [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(_("Goods passes"), book)


@bp.post("/goods/ask")
@needs(May.SEE_VISITS)
def ask_goods() -> Response:
    """Ask for a pass (RC-26)."""
    form = forms.GoodsForm.of_request()
    if not sent(form):
        return again(lambda: (INDEX, _listed(form)), 422)
    with db.write():
        made = actions.ask(by=me(), now=clock.now(), **form.given())
    back = url_for(".goods_pass", pass_number=made.number)
    return gone_to(back, said=_("Goods pass %(number)s is written.", number=made.number))


@bp.get("/goods/<goodspass:pass_number>")
@needs(May.SEE_VISITS)
def goods_pass(pass_number: str) -> str:
    """One pass, and what comes next."""
    return render_template(SHOW, **_drawn(queries.goods_pass(me(), pass_number)))


@printed(bp, "/goods/<goodspass:pass_number>/sheet", May.SEE_VISITS)
def goods_sheet(pass_number: str) -> Paper:
    """The pass as an A4 form to be signed (GO-01, RC-26)."""
    found = queries.goods_pass(me(), pass_number)
    title = _("PDF of goods pass %(number)s", number=pass_number)
    drawn = {"goods": found, "form_number": page.FORM_NUMBER, **page.WORDS}
    return Paper(SHEET, pass_number, title, f"{pass_number}.pdf", drawn, version=found.version)


def _drawn(found: GoodsPass, verb: str = "", tried: forms.VerbForm | None = None) -> dict[str, Any]:
    verbs = {
        step.verb: tried
        if tried and step.verb == verb
        else forms.GOODS[step.verb].blank(version=found.version)
        for step in GOODS_PASS.open_to(found, me())
    }
    return {"goods": found, "forms": verbs, "tried": verb, "tones": TONES, "verbs": GOODS_VERBS, **page.WORDS}


@bp.post("/goods/<goodspass:pass_number>/approve")
@needs(May.SEE_VISITS)
def approve_goods(pass_number: str) -> Response:
    """The head of the department lets the goods go out (RC-26)."""
    return _act(pass_number, "approve")


@bp.post("/goods/<goodspass:pass_number>/decline")
@needs(May.SEE_VISITS)
def decline_goods(pass_number: str) -> Response:
    """The head of the department says no, with a reason (RC-26)."""
    return _act(pass_number, "decline")


@bp.post("/goods/<goodspass:pass_number>/check")
@needs(May.RECEIVE)
def check_goods(pass_number: str) -> Response:
    """The desk has looked at the goods (RC-26)."""
    return _act(pass_number, "check")


def _act(number: str, verb: str) -> Response:
    """One verb: reach (404), right (403), state (409), form (422), gates (409)."""
    viewer = me()
    found = queries.goods_pass(viewer, number)
    transitions.check(GOODS_PASS, found, verb, viewer)
    form = forms.GOODS[verb].of_request()
    if not form.validate():
        return make_response(render_template(SHOW, **_drawn(found, verb, form)), 422)
    try:
        with db.write():
            form.version.insist(queries.goods_pass(viewer, number).version)
            actions.goods_act(number, verb, by=viewer, now=clock.now(), **form.given())
    except Refused as refused:
        return again(lambda: (SHOW, _drawn(queries.goods_pass(viewer, number), verb, form)), 409, refused)
    return gone_to(url_for(".goods_pass", pass_number=number), said=str(GOODS_SAID[verb]))
