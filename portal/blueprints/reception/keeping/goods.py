"""/reception/goods/: passes for goods that come in or go out (RC-26)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import actions, forms, page, queries
from portal.blueprints.reception.keeping.common import again, sent
from portal.blueprints.reception.keeping.labels import GOODS_SAID
from portal.blueprints.reception.keeping.workflow import GOODS_PASS
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import clock, sheets
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.papers import Paper, printed
from portal.verbs import Verbs

INDEX, SHOW, SHEET = (f"reception/keeping/{name}.html" for name in ("goods", "pass", "sheet"))


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
        "tones": page.TONES,
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
    return render_template(SHOW, **page.goods_pass(queries.goods_pass(me(), pass_number), me()))


@printed(bp, "/goods/<goodspass:pass_number>/sheet", May.SEE_VISITS)
def goods_sheet(pass_number: str) -> Paper:
    """The pass as an A4 form to be signed (GO-01, RC-26)."""
    found = queries.goods_pass(me(), pass_number)
    title = _("PDF of goods pass %(number)s", number=pass_number)
    drawn = {"goods": found, "form_number": page.FORM_NUMBER, **page.WORDS}
    return Paper(SHEET, pass_number, title, f"{pass_number}.pdf", drawn, version=found.version)


VERBS = Verbs(
    flow=GOODS_PASS,
    find=queries.goods_pass,
    form=forms.GOODS,
    act=actions.goods_act,
    draw=page.goods_pass,
    said=GOODS_SAID,
    back=lambda found, _verb: url_for(".goods_pass", pass_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/goods/<goodspass:pass_number>", "{}_goods", May.SEE_VISITS, but=("check",))
VERBS.add("check", bp, "/goods/<goodspass:pass_number>", "{}_goods", May.RECEIVE)
