"""/complaints/follow-ups/: the calls to make, and the same list as a workbook."""

from __future__ import annotations

from flask import Response, render_template, request

from portal.blueprints.complaints.calls import page
from portal.blueprints.complaints.calls.queries import PAGE, CallList
from portal.blueprints.complaints.calls.rules import CallKind
from portal.blueprints.complaints.routes import bp
from portal.guards import me, needs
from portal.i18n import _, label
from portal.kernel import clock, sheets
from portal.kernel.rights import May


@bp.get("/follow-ups/")
@needs(May.SEE_CASES)
def calls() -> str:
    """Every call that a customer is owed, the one that is due first on top (CP-12, CP-15, CP-18)."""
    asked, now = CallList.asked_for(me(), request.args), clock.now()
    rows, later = page.drawn(asked, now, PAGE)
    kinds = [(str(kind), label(kind)) for kind in CallKind]
    return render_template(
        "complaints/calls/index.html", asked=asked, calls=rows, later=later, kinds=kinds, result=page.result
    )


@bp.get("/follow-ups/export")
@needs(May.EXPORT_CASES)
def export_calls() -> Response:
    """What the page shows, every row of it, as a workbook."""
    asked, now = CallList.asked_for(me(), request.args), clock.now()
    rows, _later = page.drawn(asked, now, sheets.MOST_ROWS)
    book = sheets.workbook(_("Calls to make"), page.columns(), map(page.cells, rows))
    return sheets.send(_("Calls to make"), book)
