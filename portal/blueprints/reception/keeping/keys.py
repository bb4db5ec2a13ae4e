"""/reception/keys/: who has which key of the house, and until when (RC-26)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.reception import reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import actions, forms, page, queries
from portal.blueprints.reception.keeping.common import again, back_of, back_to, sent
from portal.blueprints.reception.keeping.labels import KEY_SAID
from portal.blueprints.reception.keeping.workflow import KEY_LOAN
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import clock, sheets
from portal.kernel.customers import masked
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.verbs import Verbs

INDEX, SHOW, VISIT = (f"reception/keeping/{name}.html" for name in ("keys", "loan", "visit"))


@bp.get("/keys/")
@needs(May.RECEIVE)
def keys() -> str:
    """Which keys are out, overdue or lost, and the form to lend the next one."""
    return render_template(INDEX, **_listed())


def _listed(tried: forms.LendForm | None = None) -> dict[str, Any]:
    asked = queries.LoanList.asked_for(me(), request.args if request.method == "GET" else MultiDict())
    rows, newer, older = asked.paged(asked.rows(clock.now()))
    url = url_for(".keys")
    return {
        "asked": asked,
        "rows": page.timed(rows),
        "newer": newer and f"{url}?{newer}",
        "older": older and f"{url}?{older}",
        "form": tried or page.lend_form(request.args.get("visit", "")[:24]),
        "free": queries.free_keys(),
        "here": queries.here(),
        "people": page.colleagues(),
        "opens": page.opens,
        **page.WORDS,
    }


@bp.get("/keys/export")
@needs(May.RECEIVE)
def export_key_loans() -> Response:
    """What the list shows, every row of it, as a workbook; phones stay masked."""
    rows = queries.LoanList.asked_for(me(), request.args).rows(clock.now(), sheets.MOST_ROWS)
    captions = (
        _("Number"), _("Key"), _("What it opens"), _("Who has it"), _("Phone"), _("Visit number"), _("Document"),
        _("What the key is for"), _("Lent"), _("Lent by"), _("Expected back by"), _("State"), _("Key returned"),
        _("Taken back by"), _("Lost"), _("Reason"),
    )  # fmt: skip
    cells = (
        [
            row.number, row.key.number, page.opens(row.key), row.name,
            masked(row.visit.phone) if row.visit else "", row.visit.number if row.visit else "",
            label(row.document), row.purpose, row.lent_at, name_of(row.lent_by_id), row.due_at,
            label(row.state), row.returned_at, name_of(row.returned_by_id) if row.returned_at else "",
            row.lost_at, row.lost_reason,
        ]
        for row in rows
    )  # fmt: skip
    book = sheets.workbook(_("Keys"), [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(_("Keys"), book)


@bp.post("/keys/lend")
@needs(May.RECEIVE)
def lend_key() -> Response:
    """Lend a key against a document that was looked at and handed back (RC-26)."""
    form = forms.LendForm.of_request()

    def drawn() -> tuple[str, dict[str, Any]]:
        if form.back.data == "visit" and form.visit.data and not form.visit.errors:
            return VISIT, page.of_visit(reach.find(me(), form.visit.data), lend=form)
        return INDEX, _listed(form)

    if not sent(form):
        return again(drawn, 422)
    try:
        with db.write():
            made = actions.lend(by=me(), now=clock.now(), **form.given())
    except Refused as refused:
        return again(drawn, 409, refused)
    back = back_to(form.back.data, form.visit.data, ".keys", url_for(".keys"))
    return gone_to(back, said=_("Key %(key)s is lent to %(name)s.", key=made.key.number, name=made.name))


@bp.get("/keys/<keyloan:loan_number>")
@needs(May.SEE_VISITS)
def key_loan(loan_number: str) -> str:
    """One loan; a colleague sees the own ones."""
    return render_template(SHOW, **page.one(queries.loan(me(), loan_number), me()))


VERBS = Verbs(
    flow=KEY_LOAN,
    find=queries.loan,
    form=lambda found, verb: forms.KEYS[verb].of_request(held=found),
    act=actions.loan_act,
    draw=page.one,
    said=KEY_SAID,
    back=lambda found, _verb: back_of(found, ".keys", url_for(".key_loan", loan_number=found.number)),
    page=SHOW,
)
VERBS.add_to(bp, "/keys/<keyloan:loan_number>", "{}_key", May.RECEIVE)
