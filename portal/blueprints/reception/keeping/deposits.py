"""/reception/deposits/: what the desk keeps for visitors, each under a tag (RC-23, RC-27)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.reception import reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import actions, forms, page, queries
from portal.blueprints.reception.keeping.common import again, back_of, back_to, sent
from portal.blueprints.reception.keeping.labels import DEPOSIT_SAID
from portal.blueprints.reception.keeping.workflow import DEPOSIT
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import clock, sheets
from portal.kernel.customers import masked
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.papers import Paper, printed
from portal.verbs import Verbs

INDEX, SHOW, VISIT = (f"reception/keeping/{name}.html" for name in ("deposits", "deposit", "visit"))


@bp.get("/deposits/")
@needs(May.RECEIVE)
def deposits() -> str:
    """What is held now, what is overdue or lost, and the form for the next one."""
    return render_template(INDEX, **_listed())


def _listed(tried: forms.StoreForm | None = None) -> dict[str, Any]:
    asked = queries.DepositList.asked_for(me(), request.args if request.method == "GET" else MultiDict())
    rows, newer, older = asked.paged(asked.rows(clock.now()))
    url = url_for(".deposits")
    return {
        "asked": asked,
        "rows": page.timed(rows),
        "newer": newer and f"{url}?{newer}",
        "older": older and f"{url}?{older}",
        "form": tried or page.store_form(request.args.get("visit", "")[:24]),
        "here": queries.here(),
        **page.WORDS,
    }


@bp.get("/deposits/export")
@needs(May.RECEIVE)
def export_deposits() -> Response:
    """What the list shows, every row of it, as a workbook; phones stay masked."""
    rows = queries.DepositList.asked_for(me(), request.args).rows(clock.now(), sheets.MOST_ROWS)
    captions = (
        _("Number"), _("Tag"), _("What it is"), _("Pieces"), _("Whose it is"), _("Phone"), _("Visit number"),
        _("Taken in on"), _("Taken in by"), _("Expected back by"), _("State"), _("Given back"), _("Given back by"),
        _("Lost"), _("Reason"),
    )  # fmt: skip
    cells = (
        [
            row.number, row.tag.number, label(row.thing), row.pieces, row.name,
            masked(row.visit.phone) if row.visit else "", row.visit.number if row.visit else "",
            row.taken_at, name_of(row.taken_by_id), row.due_at, label(row.state), row.returned_at,
            name_of(row.returned_by_id) if row.returned_at else "", row.lost_at,
            row.lost_reason or row.untagged_reason,
        ]
        for row in rows
    )  # fmt: skip
    book = sheets.workbook(_("Deposits"), [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(_("Deposits"), book)


@bp.post("/deposits/store")
@needs(May.RECEIVE)
def store_deposit() -> Response:
    """Take something in under a tag (RC-27)."""
    form = forms.StoreForm.of_request()

    def drawn() -> tuple[str, dict[str, Any]]:
        if form.back.data == "visit" and form.visit.data and not form.visit.errors:
            return VISIT, page.of_visit(reach.find(me(), form.visit.data), store=form)
        return INDEX, _listed(form)

    if not sent(form):
        return again(drawn, 422)
    try:
        with db.write():
            made = actions.store(by=me(), now=clock.now(), **form.given())
    except Refused as refused:
        return again(drawn, 409, refused)
    back = back_to(form.back.data, form.visit.data, ".deposits", url_for(".deposits"))
    return gone_to(back, said=_("Held under tag %(tag)s.", tag=made.tag.number))


@bp.get("/deposits/<deposit:deposit_number>")
@needs(May.RECEIVE)
def deposit(deposit_number: str) -> str:
    """One deposit, and what can be done with it."""
    return render_template(SHOW, **page.one(queries.deposit(deposit_number), me()))


@printed(bp, "/deposits/<deposit:deposit_number>/slip", May.RECEIVE)
def deposit_slip(deposit_number: str) -> Paper:
    """What the visitor takes along beside the tag: what is held, until when, whom to call (GO-01, RC-27)."""
    found = queries.deposit(deposit_number)
    title = _("PDF of the slip of deposit %(number)s", number=deposit_number)
    drawn = {"held": found, "form_number": page.SLIP_NUMBER, "desk_phone": page.desk_phone(), **page.WORDS}
    return Paper("reception/keeping/slip.html", deposit_number, title, f"{deposit_number}.pdf", drawn)


VERBS = Verbs(
    flow=DEPOSIT,
    find=lambda _viewer, number: queries.deposit(number),
    form=lambda found, verb: forms.DEPOSITS[verb].of_request(held=found),
    act=actions.deposit_act,
    draw=page.one,
    said=lambda found, verb: str(DEPOSIT_SAID[verb]) % {"number": found.number, "tag": found.tag.number},
    back=lambda found, _verb: back_of(found, ".deposits", url_for(".deposit", deposit_number=found.number)),
    page=SHOW,
)
VERBS.add_to(bp, "/deposits/<deposit:deposit_number>", "{}_deposit", May.RECEIVE)
